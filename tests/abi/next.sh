#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# next.sh SOURCE BUILD: this core and one of the next minor (next.patch), each
# with the other's plugins.
set -u
. "$(dirname "${BASH_SOURCE[0]}")/capsule_lib.sh"
source=$1 build=$2 failed=0 count=0
chiso=$build/bin/chiso next=$build/next/chiso-next
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
export CHISO_LANG=en

# expect WHAT EXPECTED FOUND
expect() {
  count=$((count + 1))
  [[ $3 == *"$2"* ]] && return
  failed=$((failed + 1))
  printf 'FAILED: %s\n  expected %s\n  found    %s\n' "$@"
}
# refusal FOLDER: what this core says of the plugins there.
refusal() {
  CHISO_PLUGIN_PATH=$1 "$chiso" plugin list --why 2>&1
}

# Growing breaks nothing that is pinned, and does not go unnoticed.
layout=("$source/tests/abi/layout.c" "$source/core/src/model/members.c")
header=$build/next/sdk/include/chiso/plugin.h
expect 'a member without its line in layout.c' 'OFFSET chiso_node contact is not pinned' \
  "$(python3 "$source/tests/abi/layout.py" "$header" "${layout[@]}")"
expect 'a member without its line in members.c' 'chiso_node.contact is missing' \
  "$(python3 "$source/tests/abi/layout.py" "$header" "${layout[@]}")"
expect 'the worked example' 'layout: ' "$(python3 "$source/tests/abi/layout.py" "$header" \
  "$build/next/tests/abi/layout.c" "$build/next/core/src/model/members.c")"
expect 'its layout' 'good' "$(gcc -std=c99 -fsyntax-only -I "$build/next/sdk/include" \
  "$build/next/tests/abi/layout.c" 2>&1 && echo good)"

# Plugins of this minor in the next core: the same definitions.
for capsule in "$source"/tests/abi/capsule/*-"$(uname -m)"*/; do
  expect "$capsule" "$(capsule_digests "$capsule/gcc")" \
    "$("$next" load "$capsule/gcc" 2>&1 | sort)"
done

# A plugin of the next minor is refused here, by its manifest and by its tables.
cp "$source"/tests/abi/source/* .
mkdir own older
"$next" build '' own smallest.json || exit 1
expect 'a newer minor' \
  'next needs plugin ABI 1.1; this chiso ('"$("$chiso" --version | sed 's/chiso //')"') offers 1.0; install a chiso that offers 1.1, or ask its author to run "chiso build --abi 1.0"' \
  "$(refusal own)"
sed -i 's/^abi = .*/abi = 1.0/' own/next.plugin.ini
expect 'a newer minor behind a manifest of this one' 'needs plugin ABI 1.1' \
  "$(CHISO_PLUGIN_PATH=own "$chiso" score test.smallest --units units.csv --data smallest.csv 2>&1)"

# Built by the next core for hosts of this minor: longer structs, walked by
# their strides, give the same scores.
"$next" build 1.0 older smallest.json || exit 1
expect 'a longer struct for this minor' "$(cat "$source"/tests/abi/capsule/1.0-*/test.smallest.scores.csv)" \
  "$(capsule_scores "$chiso" older . test.smallest smallest.csv 2>&1)"
expect 'the same definition' "$(capsule_digests older)" "$("$next" load older 2>&1)"
python3 - everything.json longer.json <<'PYTHON'
import json, sys
index = json.load(open(sys.argv[1], encoding="utf-8"))
index["nodes"] = [n for n in index["nodes"] if n["op"] != "call"]
index["nodes"][0]["max"] = "49"
index["partitions"][0]["parts"][0]["max"] = "36"
index["counts"]["criterion"] -= 1
json.dump(index, open(sys.argv[2], "w", encoding="utf-8"))
PYTHON
"$next" build 1.0 older longer.json || exit 1
expect 'every list in longer strides' "$(capsule_digests older)" \
  "$(CHISO_PLUGIN_PATH=older "$chiso" show test.everything >/dev/null 2>log && capsule_digests older || cat log)"

# What 1.0 cannot hold is refused with its node, and 1.1 holds it.
sed 's/^      "assessor": "self"/      "assessor": "audit"/' smallest.json >audit.json
sed 's/^      "assessor": "self"/      "assessor": "self", "contact": "Sở A"/' smallest.json >contact.json
expect 'a constant of 1.1 for 1.0' 'audit.json:25: 1 has assessor audit, which came with plugin ABI 1.1; for hosts of 1.0 leave it out' \
  "$("$next" build 1.0 older audit.json 2>&1)"
expect 'a member of 1.1 for 1.0' '1 has contact, which came with plugin ABI 1.1; for hosts of 1.0 leave it out' \
  "$("$next" build 1.0 older contact.json 2>&1)"
expect 'an ABI to come' '--abi 1.2; this chiso' "$("$next" build 1.2 older smallest.json 2>&1)"
expect 'the list of them' 'builds for 1.0, 1.1' "$("$next" build 1.2 older smallest.json 2>&1)"
"$next" build 1.1 own contact.json
expect 'a member of 1.1' "$(capsule_digests own)" "$("$next" load own 2>&1)"
"$next" build 1.0 older smallest.json
[ "$(capsule_digests own)" != "$(capsule_digests older)" ] ||
  expect 'its digest' 'another' 'the same'

printf 'next minor: %d expectations, %d failed\n' "$count" "$failed"
[ "$failed" -eq 0 ]
