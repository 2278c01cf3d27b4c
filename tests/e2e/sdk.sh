#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# sdk.sh SOURCE_DIR BUILD_DIR
#
# Installs into a folder with blanks in its path, moves that, and works against
# it alone: a program on the library with pkg-config and with CMake, the example
# with code, and for each methodology the folder that `chiso new` makes, built
# and tested with make, some also with CMake.
set -u
source=$(cd "$1" && pwd)
build=$(cd "$2" && pwd)
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
unset CHISO_LANG CHISO_PLUGIN_PATH CHISO_SHARE_DIR CHISO_INCLUDE_DIR CMAKE_PREFIX_PATH
export HOME=$work/home LC_ALL=C.UTF-8
mkdir "$HOME"
count=0 failed=0

# check TEXT COMMAND...: the command succeeds; else what it printed is shown.
check() {
  local text=$1
  shift
  count=$((count + 1))
  "$@" >"$work/log" 2>&1 && return 0
  failed=$((failed + 1))
  printf 'FAILED: %s: %s\n' "$text" "$*"
  tail -n 20 "$work/log"
  return 1
}
refused() { ! "$@"; }

cmake --install "$build" --prefix "$work/first place" >/dev/null || exit 1
sdk="$work/an SDK"
mv "$work/first place" "$sdk"
lib=$(dirname "$(dirname "$(find "$sdk" -name chiso.pc)")")
export PATH="$sdk/bin:$PATH" PKG_CONFIG_PATH="$lib/pkgconfig"

for file in bin/chiso include/chiso/plugin.h include/chiso/author.h \
  share/man/man1/chiso-new.1 share/man/vi/man1/chiso-new.1 \
  share/bash-completion/completions/chiso \
  share/chiso/sdk/schema/index.schema.json \
  share/chiso/sdk/examples/call/rule.c share/chiso/sdk/template/README.md \
  share/chiso/units/vn.provinces-2025.csv share/doc/chiso/guide/new-year.md; do
  check "installed" test -f "$sdk/$file"
done
for file in libchiso.so chiso/plugins/par-2024.so pkgconfig/chiso.pc \
  cmake/chiso/chisoConfig.cmake cmake/chiso/ChisoPlugin.cmake; do
  check "installed" test -f "$lib/$file"
done
check "no path of the build stays" refused \
  grep -rlF -e "$build" -e "$source" -e "first place" "$lib/pkgconfig" "$lib/cmake"
eval "said=$(pkg-config --variable=chiso chiso)"
check "chiso.pc names the command" test "$said" -ef "$sdk/bin/chiso"
eval "said=$(pkg-config --variable=plugindir chiso)"
check "chiso.pc names the plugins" test -f "$said/par-2024.so"
eval "said=$(pkg-config --variable=sharedir chiso)"
check "chiso.pc names the share folder" test -d "$said/units"

# ---- a program on the library ------------------------------------------------

mkdir "$work/program" && cd "$work/program" || exit 1
cat >program.c <<'C'
#include <chiso/chiso.h>
int main(void) {
  chiso_places places;
  chiso_store *store = NULL;
  chiso_error err = { 0 };
  if (chiso_places_find(&places, &err) != CHISO_OK ||
      chiso_store_open(&places.options, CHISO_LANG_EN, NULL, &store, &err) !=
          CHISO_OK)
    return 1;
  chiso_store_free(store);
  chiso_places_free(&places);
  return 0;
}
C
cat >CMakeLists.txt <<'C'
cmake_minimum_required(VERSION 3.22)
project(program LANGUAGES C)
find_package(chiso 0.1 REQUIRED)
foreach(path chiso_INCLUDE_DIR chiso_PLUGIN_DIR chiso_SHARE_DIR)
  if(NOT IS_DIRECTORY "${${path}}")
    message(FATAL_ERROR "${path}: ${${path}}")
  endif()
endforeach()
add_executable(program program.c)
target_link_libraries(program PRIVATE chiso::chiso)
C
flags=
if grep -q __asan_init "$lib/libchiso.so"; then flags=-fsanitize=address,undefined; fi
read -r compiler < <(sed -n 's/^CMAKE_C_COMPILER:[A-Z]*=//p' "$build/CMakeCache.txt")
check "pkg-config" eval "$compiler $flags program.c $(pkg-config --cflags --libs chiso) -o program"
check "the program runs" env LD_LIBRARY_PATH="$lib" ./program
check "find_package" cmake -S . -B out -DCMAKE_C_COMPILER="$compiler" -DCMAKE_C_FLAGS="$flags"
check "chiso::chiso" cmake --build out
check "the program runs" ./out/program
sed -i 's/chiso 0.1/chiso 99/' CMakeLists.txt
check "a version that is not there" refused cmake -S . -B other

# ---- plugins -----------------------------------------------------------------

cp -r "$sdk/share/chiso/sdk/examples/call" "$work/example with code"
cd "$work/example with code" || exit 1
check "the example" cmake -S . -B out
check "the example" cmake --build out
check "the example is loaded" env CHISO_PLUGIN_PATH=out chiso show example.call

mkdir "$work/new ones" && cd "$work/new ones" || exit 1
mapfile -t all < <(chiso list --format csv | tail -n +2 | cut -d, -f1)
[ "${#all[@]}" -ge 17 ] || { echo "only ${#all[@]} methodologies"; exit 1; }
# The last has every op, and units that are not installed.
for base in "${all[@]}" "$source/tests/docs/example.json"; do
  name=$(printf 'new-%s-2030' "${base#"$source/"}" | tr ./ --)
  check "new $base" chiso new "$name" --from "$base" || continue
  cd "$name" || exit 1
  check "$name: files" test "$(find . -type f | LC_ALL=C sort | tr '\n' ' ')" = "$(
    echo ./.github/workflows/check.yml ./.gitignore ./CMakeLists.txt ./Makefile \
      ./README.md ./ci.sh ./golden/2030.observations.csv \
      ./golden/2030.results.csv ./golden/units.csv ./index.json) "
  check "$name: no name is left out" refused grep -rnE '@[A-Z_]+@' .
  check "$name: canonical" chiso fmt --check index.json
  check "$name: make" make
  check "$name: golden test" make test
  cp "$work/log" "$work/tested"
  check "$name: figures" grep -Eq 'reproduced ([0-9]+) of \1, exact \1,' "$work/tested"
  cp golden/2030.results.csv "$work/kept"
  check "$name: the figures anew" make golden
  check "$name: the same figures" cmp golden/2030.results.csv "$work/kept"
  cd ..
done

check "the schema holds for all" python3 - "$sdk/share/chiso/sdk/schema/index.schema.json" \
  */index.json <<'PY'
import json
import sys

import jsonschema

with open(sys.argv[1], encoding="utf-8") as file:
    validator = jsonschema.Draft202012Validator(json.load(file))
for path in sys.argv[2:]:
    with open(path, encoding="utf-8") as file:
        validator.validate(json.load(file))
PY

cd new-vn-par-province-2024-2030 || exit 1
check "ci.sh" ./ci.sh
check "ci.sh with a prefix" env PATH="${PATH#*:}" CHISO_PREFIX="$sdk" ./ci.sh
sed -i '2s/,[0-9.]*$/,99.990000/' golden/2030.results.csv
check "a wrong figure fails with make" refused make test
check "a wrong figure fails with CMake" refused ./ci.sh
cp "$work/kept" golden/2030.results.csv
sed -i '/,1\.1,/d' golden/2030.observations.csv
check "a figure that is not computed fails" refused make test
cd ..
# The texts in Vietnamese, and a folder elsewhere.
check "in Vietnamese" chiso new vi-2030 --from vn.qd766.province --lang vi --out "$work"
check "in Vietnamese" chiso fmt --check "$work/vi-2030/index.json"
check "in Vietnamese" grep -q 'chép từ vn.qd766.province/2026' "$work/vi-2030/index.json"

printf 'sdk: %d checks, %d methodologies, %d failed\n' "$count" "${#all[@]}" "$failed"
[ "$failed" -eq 0 ]
