#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# libreoffice.sh SOURCE BUILD
#
# What LibreOffice rewrites comes back: every methodology shipped is exported,
# opened and saved by LibreOffice, and imported to the same bytes. A maximum that
# is edited there arrives, and nothing else changes. Skipped where LibreOffice
# is not installed.
set -u
source=$(cd "$1" && pwd) build=$(cd "$2" && pwd)
export PATH="$build/bin:$PATH" LC_ALL=C.UTF-8
command -v soffice >/dev/null || {
  echo 'skipped: no LibreOffice'
  exit 77
}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
failed=0 count=0
mkdir "$work/out"

# rewrite FILTER FILE...: into $work/out
rewrite() {
  local to=$1
  shift
  soffice -env:UserInstallation="file://$work/profile" --headless \
    --convert-to "$to" --outdir "$work/out" "$@" >"$work/log" 2>&1 </dev/null
}

while read -r index; do
  name=$(dirname "${index#"$source"/indices/}" | tr / -)
  chiso index export "$index" --lang vi --out "$work/$name.xlsx" || failed=$((failed + 1))
  printf '%s\t%s\n' "$name" "$index" >>"$work/list"
done < <(find "$source/indices" -name index.json | sort)
rewrite xlsx "$work"/*.xlsx || {
  cat "$work/log"
  echo 'LibreOffice did not open the workbooks'
  exit 1
}
while IFS=$'\t' read -r name index; do
  count=$((count + 1))
  if ! chiso index import "$work/out/$name.xlsx" --write "$work/$name.json" >/dev/null ||
    ! cmp "$index" "$work/$name.json"; then
    echo "FAILED: $name"
    failed=$((failed + 1))
  fi
done <"$work/list"

# An edit, made in the XML of the sheet as LibreOffice wrote it: two proportional
# criteria of one parent exchange a tenth of a point.
name=par-province-2020
python3 - "$source/indices/par/province/2020/index.json" "$work/out/$name.xlsx" \
  "$work/edited.xlsx" "$work/wanted.json" <<'EDIT' || failed=$((failed + 1))
import json, re, sys, zipfile
from decimal import Decimal
source, before, after, wanted = sys.argv[1:]
index = json.load(open(source, encoding="utf-8"))
ratios = {}
for n in index["nodes"]:
    if n["op"] == "ratio":
        ratios.setdefault(n["parent"], []).append(n)
pair = next(r for r in ratios.values() if len(r) > 1)[:2]
changes = {}
for n, by in zip(pair, ("0.1", "-0.1")):
    n["max"] = changes[n["id"]] = str((Decimal(n["max"]) + Decimal(by)).normalize())
json.dump(index, open(wanted, "w", encoding="utf-8"))
with zipfile.ZipFile(before) as z:
    parts = [(i, z.read(i)) for i in z.infolist()]
strings = next(d for i, d in parts if i.filename == "xl/sharedStrings.xml").decode()
texts = [re.sub("<[^>]*>", "", s) for s in re.findall("<si>(.*?)</si>", strings, re.S)]
def edit(xml):
    for code, points in changes.items():
        place = texts.index(code)
        row = re.search(rf'<c r="A(\d+)"[^>]*><v>{place}</v>', xml).group(1)
        xml, n = re.subn(rf'(<c r="F{row}"[^>]*><v>)[^<]*', rf"\g<1>{points}", xml)
        assert n == 1, code
    return xml
with zipfile.ZipFile(after, "w", zipfile.ZIP_DEFLATED) as z:
    for i, data in parts:
        if i.filename == "xl/worksheets/sheet1.xml":
            data = edit(data.decode()).encode()
        z.writestr(i, data)
EDIT
if ! chiso index import "$work/edited.xlsx" --write "$work/edited.json" >/dev/null ||
  ! chiso fmt "$work/wanted.json" | cmp - "$work/edited.json" ||
  cmp -s "$work/edited.json" "$work/$name.json"; then
  echo 'FAILED: the edit did not arrive, or something else changed'
  failed=$((failed + 1))
fi

echo "libreoffice: $count workbooks rewritten, $failed failed"
[ "$failed" -eq 0 ]
