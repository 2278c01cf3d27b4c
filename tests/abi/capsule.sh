#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# capsule.sh SOURCE BUILD [CHISO]: plugins that earlier releases built, byte for byte
# as they were, load with this core and score as they did; and their index.json
# still has the digest it had. Exit code 77 (skipped) when no capsule was built
# for this machine.
set -u
. "$(dirname "${BASH_SOURCE[0]}")/capsule_lib.sh"
source=$1 chiso=${3:-$2/bin/chiso} failed=0 loaded=0 foreign=0
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

fail() {
  failed=$((failed + 1))
  printf 'FAILED: %s\n' "$*"
}

# libraries CAPSULE FOLDER: each is loaded and gives the scores it gave.
libraries() {
  local methodology table
  while read -r methodology table; do
    capsule_scores "$chiso" "$1/$2" "$1" "$methodology" "$table" \
      >"$work/scores" 2>"$work/log" || fail "$1/$2 $methodology: $(cat "$work/log")"
    if cmp "$work/scores" "$1/$methodology.scores.csv"; then
      loaded=$((loaded + 1))
    else
      fail "$1/$2 $methodology: other scores, or none: $(head -3 "$work/log")"
    fi
  done < <(capsule_runs)
}

# texts CAPSULE: its index.json means today what it meant.
texts() {
  local file
  mkdir -p "$work/built" && cp "$1"/*.json "$1"/rule.c "$work/built" || return
  for file in "$work"/built/*.json; do
    "$chiso" fmt --write "$file" && cmp "$file" "$1/${file##*/}" ||
      fail "$file: another canonical form"
  done
  (cd "$work/built" && "$chiso" build --id all --license x --out . --rule rule.c ./*.json) ||
    fail "$1: cannot be built"
  capsule_digests "$1/gcc" >"$work/then"
  capsule_digests "$work/built" >"$work/now"
  cmp "$work/then" "$work/now" || fail "$1: other digests"
  rm -r "$work/built"
}

shopt -s nullglob
for capsule in "$source"/tests/abi/capsule/*/; do
  capsule=${capsule%/} name=${capsule##*/}
  texts "$capsule"
  case $name- in
  *-"$(uname -m)"-*) libraries "$capsule" gcc && libraries "$capsule" clang ;;
  *) foreign=$((foreign + 1)) ;;
  esac
done
[ $((loaded + foreign)) -gt 0 ] || fail "no capsule in $source"
printf 'capsules: %d loaded and scored, %d for other machines, %d failed\n' \
  "$loaded" "$foreign" "$failed"
[ "$failed" -eq 0 ] || exit 1
[ "$loaded" -gt 0 ] || exit 77
