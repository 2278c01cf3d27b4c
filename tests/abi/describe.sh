# SPDX-License-Identifier: Apache-2.0
# Sourced by recorded.sh and record.sh.

# describe SOURCE HEADER SONAME OUT [FUNCTION_TO_LEAVE_OUT]: the ABI of the
# functions in HEADER, in libabigail's form, without a path, place or compiler.
describe() {
  local source=$1 header=$2 soname=$3 out=$4 folder
  folder=$(mktemp -d) || return 1
  (
    set -e
    python3 "$source/tests/abi/stub.py" "$header" "$source/core/include" \
      "$source/sdk/include" | grep -v "\b${5:-nothing}(" >"$folder/stub.c"
    cd "$folder"
    gcc -std=c11 -O0 -gdwarf-4 -fPIC -shared -Wl,-soname,"$soname" \
      -ffile-prefix-map="$source/"= -ffile-prefix-map="$folder/"= \
      -I "$source/core/include" -I "$source/sdk/include" stub.c -o stub.so
    abidw --no-corpus-path --no-comp-dir-path --no-show-locs --no-elf-needed \
      --no-architecture --no-parameter-names --type-id-style hash stub.so |
      sed 's/ path=.stub.c. / /' >"$out"
  )
  local code=$?
  rm -r "$folder"
  return $code
}
LIBRARY=(chiso/chiso.h libchiso.so.0)
PLUGIN=(chiso/plugin.h plugin.so)
