#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# headers.sh SOURCE_DIR: chiso/plugin.h, alone and with its layout pinned,
# under every compiler and standard that a plugin's author may use; and each
# public header of the core by itself, as C and as C++.
set -u
cd "$1" || exit 1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
flags=(-Wall -Wextra -Wpedantic -Werror -fsyntax-only -I sdk/include)
count=0 failed=0

# compile COMPILER... FILE
compile() {
  count=$((count + 1))
  "$@" >"$work/log" 2>&1 || {
    failed=$((failed + 1))
    printf 'FAILED: %s\n' "$*"
    head -20 "$work/log"
  }
}

for compiler in gcc clang g++ clang++; do
  command -v "$compiler" >/dev/null || {
    printf 'no %s: it is in scripts/packages.txt\n' "$compiler"
    exit 1
  }
done
for compiler in gcc clang; do
  for standard in c99 c11 c17 c2x gnu99 gnu17; do
    compile "$compiler" -x c "-std=$standard" "${flags[@]}" \
      sdk/include/chiso/plugin.h
    compile "$compiler" -x c "-std=$standard" "${flags[@]}" tests/abi/layout.c
  done
  for header in core/include/chiso/*.h; do
    printf '#include "chiso/%s"\ntypedef int used;\n' "${header##*/}" \
      >"$work/one.c"
    compile "$compiler" -std=c11 "${flags[@]}" -I core/include "$work/one.c"
  done
done
for compiler in g++ clang++; do
  for standard in c++11 c++14 c++17 c++20; do
    compile "$compiler" -x c++ "-std=$standard" "${flags[@]}" \
      sdk/include/chiso/plugin.h
    compile "$compiler" -x c++ "-std=$standard" "${flags[@]}" tests/abi/layout.c
  done
done
printf 'headers: %d compilations, %d failed\n' "$count" "$failed"
[ "$failed" -eq 0 ]
