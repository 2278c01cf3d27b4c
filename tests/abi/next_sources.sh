#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# next_sources.sh SOURCE OUT: the files that next.patch changes, changed.
set -euo pipefail
cd "$1"
mapfile -t files < <(sed -n 's|^+++ b/||p' tests/abi/next.patch)
for file in "${files[@]}"; do
  mkdir -p "$2/${file%/*}"
  cp "$file" "$2/$file"
done
patch --quiet --no-backup-if-mismatch -p1 -d "$2" <tests/abi/next.patch || {
  printf 'tests/abi/next.patch, the worked example of docs/abi.md, no longer applies\n'
  exit 1
}
