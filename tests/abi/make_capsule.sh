#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# make_capsule.sh BUILD_DIR [NAME]
#
# Run once per release, and the result committed: builds the plugins of
# tests/abi/source with gcc and clang, with the command of BUILD_DIR, and puts
# them with their index.json, tables and scores into
# tests/abi/capsule/<abi>-<machine>[-NAME], where capsule.sh loads them with
# every later core. A capsule is never changed: the folder must not exist.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/capsule_lib.sh"
[ $# -ge 1 ] || { sed -n '3,11s/^# \{0,1\}//p' "$0"; exit 2; }
chiso=$(realpath "$1")/bin/chiso
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cp "$here"/source/* "$work"
cd "$work"
for compiler in gcc clang; do
  mkdir "$compiler"
  common=(--license Apache-2.0 --out "$compiler"
    --version "$("$chiso" --version | grep -oE '[0-9]+\.[0-9]+\.[0-9]+')"
    --contact "built by $compiler")
  CC=$compiler "$chiso" build --id smallest "${common[@]}" smallest.json
  CC=$compiler "$chiso" build --id everything "${common[@]}" --rule rule.c \
    everything.json taken.json
  while read -r methodology table; do
    capsule_scores "$chiso" "$compiler" . "$methodology" "$table" \
      >"$compiler/$methodology.scores"
  done < <(capsule_runs)
done
while read -r methodology _; do
  cmp "gcc/$methodology.scores" "clang/$methodology.scores"
  rm "clang/$methodology.scores"
  mv "gcc/$methodology.scores" "$methodology.scores.csv"
done < <(capsule_runs)
abi=$(sed -n 's/^abi = //p' gcc/smallest.plugin.ini)
target=$here/capsule/$abi-$(uname -m)${2:+-$2}
[ ! -e "$target" ] || {
  printf '%s exists; a capsule is never changed, give another NAME\n' "$target"
  exit 1
}
mkdir -p "${target%/*}"
cp -r "$work" "$target"
chmod 755 "$target"
du -sh "$target"
