#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# recorded.sh SOURCE BUILD: the public ABI against what record.sh recorded.
# Functions may be added; nothing that is there may go or change. And the
# library exports what its headers declare, no more and no less.
set -u
here=$(dirname "${BASH_SOURCE[0]}")
. "$here/describe.sh"
source=$1 build=$2 failed=0
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
command -v abidiff >/dev/null || {
  printf 'no abidiff: abigail-tools is in scripts/packages.txt\n'
  exit 1
}

# against NAME: abidiff's exit code has bit 4 for a change, 8 for one that
# breaks programs, 1 and 2 for its own faults.
against() {
  local code=0
  abidiff --no-added-syms "$source/tests/abi/$1.abi" "$work/$1.abi" \
    >"$work/diff" 2>&1 || code=$?
  [ "$code" -eq 0 ] && return
  failed=$((failed + 1))
  cat "$work/diff"
  printf 'FAILED: %s.abi differs (abidiff: %d); when it is meant, tests/abi/record.sh\n' \
    "$1" "$code"
}

describe "$source" "${LIBRARY[@]}" "$work/libchiso.abi" chiso_plugin_v1 || exit 1
describe "$source" "${PLUGIN[@]}" "$work/plugin.abi" || exit 1
against libchiso
against plugin

functions() {
  sed -n "s/.*<elf-symbol name='\([^']*\)'.*/\1/p" "$1" | sort
}
library=$build/lib/${LIBRARY[1]}
nm -D --defined-only "$library" | awk '$3 ~ /^chiso/ { print $3 }' | sort >"$work/exported"
functions "$work/libchiso.abi" | diff - "$work/exported" || {
  failed=$((failed + 1))
  printf 'FAILED: < is declared only, > is exported only\n'
}
soname=$(objdump -p "$library" | awk '$1 == "SONAME" { print $2 }')
[ "$soname" = "${LIBRARY[1]}" ] || {
  failed=$((failed + 1))
  printf 'FAILED: the library is %s, recorded is %s\n' "$soname" "${LIBRARY[1]}"
}
printf 'recorded: %d functions, %d in the record, %d failed\n' \
  "$(wc -l <"$work/exported")" "$(functions "$source/tests/abi/libchiso.abi" | wc -l)" "$failed"
[ "$failed" -eq 0 ]
