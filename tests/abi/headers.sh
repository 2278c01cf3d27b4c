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
# A header by itself, as a source that includes nothing else.
alone() {
  printf '#include "chiso/%s"\ntypedef int used;\n' "$2" >"$work/one.$1"
}

for compiler in gcc clang; do
  for standard in c99 c11 c17 c2x gnu99 gnu17; do
    compile "$compiler" -x c "-std=$standard" "${flags[@]}" \
      sdk/include/chiso/plugin.h
    compile "$compiler" -x c "-std=$standard" "${flags[@]}" tests/abi/layout.c
  done
  for header in core/include/chiso/*.h; do
    alone c "${header##*/}"
    for standard in c11 c17 c2x; do
      compile "$compiler" "-std=$standard" "${flags[@]}" -I core/include \
        "$work/one.c"
    done
  done
done
for compiler in g++ clang++; do
  for standard in c++11 c++14 c++17 c++20; do
    compile "$compiler" -x c++ "-std=$standard" "${flags[@]}" \
      sdk/include/chiso/plugin.h
    compile "$compiler" -x c++ "-std=$standard" "${flags[@]}" tests/abi/layout.c
  done
  for header in core/include/chiso/*.h; do
    alone cc "${header##*/}"
    for standard in c++11 c++20; do
      compile "$compiler" "-std=$standard" "${flags[@]}" -I core/include \
        "$work/one.cc"
    done
  done
done
# The same bytes on every machine with 64-bit pointers, whatever its order of
# bytes; nothing that a compiler could fill differently.
for machine in x86_64 aarch64 riscv64 powerpc64le s390x; do
  compile clang --target="$machine-linux-gnu" -ffreestanding -std=c99 \
    "${flags[@]}" -Wpadded tests/abi/layout.c
done
compile gcc -std=c99 "${flags[@]}" -Wpadded tests/abi/layout.c
printf 'headers: %d compilations, %d failed\n' "$count" "$failed"
[ "$failed" -eq 0 ]
