#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Every sample of an internal set, found by its round file: it passes the
# checks, is refused as an official one, bears its mark wherever it goes, and
# what is made by overlays scores as its flattened file does.
. "$(dirname "$0")/lib.sh"
internal=$indices/internal

# marked WHAT COMMAND...: the first line, or in JSON the first member, is the
# mark; in CSV every row ends with it; a workbook has it.
marked() {
  local what=$1 format
  shift
  for lang in en vi; do
    "$@" --lang $lang >"$work/out" 2>"$work/err"
    is "$what ($lang): exit" "$?" 0
    is "$what ($lang): mark" "$(head -1 "$work/out" |
      grep -cE 'internal (variant|set)|bộ nội bộ')" 1
  done
  "$@" --format csv >"$work/out" 2>"$work/err"
  is "$what (csv): rows without the mark" "$(awk 'NR == 1 { n = !/,mark$/ }
    NR > 1 { n += !/: internal (variant|set)[^"]*"$/ } END { print n + 0 }' \
    "$work/out")" 0
  "$@" --format json >"$work/out" 2>"$work/err"
  is "$what (json): mark" "$(sed -n 2p "$work/out" |
    grep -c '^  "mark": ".*internal \(variant\|set\)')" 1
  "$@" --out "$work/out.xlsx" >/dev/null 2>"$work/err"
  is "$what (xlsx): mark" "$(python3 -c 'import re, sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
print(any(re.search(rb"internal (variant|set)", z.read(n)) for n in z.namelist()))
' "$work/out.xlsx")" True
}

# sound WHAT index.json
sound() {
  chiso check "$2" >"$work/out" 2>&1
  is "$1: check" "$?: $(sed -n 's/^.*, \([0-9]* failed\).*/\1/p
    s/.*\([0-9]* with a warning\).*/\1/p' "$work/out")" '0: '
  chiso check "$2" --official >"$work/out" 2>&1
  is "$1: official" "$?: $(grep -c '^L05  FAILED' "$work/out")" '1: 1'
  chiso fmt --check "$2" >/dev/null 2>&1
  is "$1: canonical" "$?" 0
}

digest() { chiso show "$1" | sed -n 's/^digest: //p'; }

samples=0 overlays=0 rounds=0
while read -r folder; do
  name=${folder#"$internal/"}
  samples=$((samples + 1))
  for file in NOTES.md units.csv; do
    [ -s "$folder/$file" ]
    is "$name/$file" "$?" 0
  done
  is "$name in the table of samples" \
    "$(grep -c "^| \`$name\` |" "$internal/README.md")" 1
  is "$name: as it is installed" \
    "$(diff -r "$folder" "$build/share/chiso/internal/$name" 2>&1)" ''
  # A second folder, in which every overlay is its flattened file.
  flat=$work/$name
  mkdir -p "$flat" && cp "$folder"/* "$flat"
  [ ! -f "$folder/index.json" ] ||
    sound "$name/index.json" "$folder/index.json"
  for overlay in $(grep -lx '\[overlay\]' "$folder"/*.ini); do
    overlays=$((overlays + 1)) file=$(basename "$overlay")
    rm "$flat/$file"
    chiso variant flatten "$overlay" --out "$flat/${file%.ini}.json"
    is "$name/$file: digest" "$(digest "$flat/${file%.ini}.json")" \
      "$(digest "$overlay")"
    sound "$name/$file, flattened" "$flat/${file%.ini}.json"
    marked "$name/$file" chiso variant check "$overlay"
    is "$name/$file says whose manner it is in" \
      "$(grep -c '^title_vi = .*phỏng theo' "$overlay")" 1
    is "$name/$file claims nothing" "$(grep -c '^provenance' "$overlay")" 0
  done
  for round in "$folder"/round*.ini; do
    rounds=$((rounds + 1)) file=$(basename "$round")
    sed -i 's/^\(methodology = .*\)\.ini$/\1.json/' "$flat/$file"
    marked "$name/$file" chiso round show "$round"
    for group in $(sed -n 's/^\[group \(.*\)\]$/\1/p' "$round"); do
      marked "$name/$file $group" chiso rank "$round" --group "$group"
    done
    marked "$name/$file" chiso score "$round"
    for stage in self final; do
      for path in "$folder" "$flat"; do
        chiso score "$path/$file" --nodes all --exact --format csv \
          --stage $stage 2>/dev/null
      done >"$work/both"
      half=$(($(wc -l <"$work/both") / 2))
      is "$name/$file $stage: scored" "$((half > 2))" 1
      is "$name/$file $stage: flattened or not" \
        "$(tail -n +$((half + 1)) "$work/both" | sha256sum)" \
        "$(head -n $half "$work/both" | sha256sum)"
    done
    # What the round file scores by default is complete for some unit.
    is "$name/$file: somebody has a total" "$(chiso score "$round" \
      --nodes index --format csv 2>/dev/null |
      grep -qE ',index,index,[0-9.]+,'; echo $?)" 0
  done
done < <(find "$internal" -name 'round*.ini' -exec dirname {} + | sort -u)
is 'samples, overlays and rounds' \
  "$((samples >= 10)) $((overlays >= 5)) $((rounds >= 13))" '1 1 1'
finish
