# SPDX-License-Identifier: Apache-2.0
# What the cases of this folder begin with. Each function makes a good sample in
# the current folder; the case then breaks one thing. shellcheck shell=bash

# A methodology with everything that the checks ask for; options: sed's.
tree() {
  mkdir -p golden
  cp "$ZOO/base.json" index.json
  [ $# -eq 0 ] || sed -i "$@" index.json
  cp "$ZOO/questionnaire.csv" .
  cp "$ZOO/units.csv" golden/units.csv
  cp "$ZOO/observations.csv" golden/2026.observations.csv
  cp "$ZOO/results.csv" golden/2026.results.csv
}

# Replaces one text of index.json, which must be there.
edit() {
  grep -qF -- "$1" index.json || return 1
  python3 - "$1" "$2" <<'P'
import sys
text = open('index.json', encoding='utf-8').read()
open('index.json', 'w', encoding='utf-8').write(text.replace(sys.argv[1], sys.argv[2], 1))
P
}

# The same, built: sample.so and sample.plugin.ini beside index.json.
built() {
  tree
  chiso build --id sample --version 1.0.0 --license Apache-2.0 --out . index.json
}

# A line of the manifest.
line() {
  grep -q "$1" sample.plugin.ini && sed -i "s|$1|$2|" sample.plugin.ini
}

# A methodology with a rule in code; options of the compiler, -DANSWER=....
code() {
  cp "$ZOO/call.json" index.json
  { for word in "$@"; do printf '#define %s\n' "$word"; done
    cat "$ZOO/rule.c"; } >rule.c
}

# A plugin from C tables of its own, built with these options of the compiler,
# with a manifest that fits: no index.json beside it.
plugin() {
  chiso build --id sample --version 1.0.0 --license Apache-2.0 --out . "$ZOO/plugin.json"
  library "$ZOO/plugin.c" "$@"
}

# A library in the place of the built one.
library() {
  local source=$1
  shift
  cc -std=gnu11 -O1 -fPIC -shared -fvisibility=hidden -nostartfiles -nostdlib -w -fno-ident \
    -Wl,-z,relro,-z,now,-z,noexecstack -Wl,--build-id=none -I "$BUILD/include" \
    -o sample.so "$source" "$@"
  digest
}

# The manifest's word for the library as it is now.
digest() {
  local sum
  sum=$(sha256sum sample.so | cut -d' ' -f1)
  sed -i "s/^library_sha256 = .*/library_sha256 = $sum/" sample.plugin.ini
}

# Other flags for the library's writable segment: 7 is read, write, execute.
segment_flags() {
  python3 - "$1" <<'P'
import struct, sys
data = bytearray(open('sample.so', 'rb').read())
start, = struct.unpack_from('<Q', data, 32)
for i in range(struct.unpack_from('<H', data, 56)[0]):
    kind, flags = struct.unpack_from('<II', data, start + 56 * i)
    if kind == 1 and flags & 2:
        struct.pack_into('<I', data, start + 56 * i + 4, int(sys.argv[1]))
open('sample.so', 'wb').write(data)
P
  digest
}

# Bytes of the library: at an offset, in hex.
patch() {
  printf "$2" | dd of=sample.so bs=1 seek="$1" conv=notrunc status=none
  digest
}
