#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# country.sh DIR [COMMUNES [DEPARTMENTS]]
#
# Makes a round as large as a country: 20 departments and 3,321 communes, each
# scored by 100 leaves of common kinds, with entries for all of them. DIR gets
# round.ini, set.json, units.csv and data.csv: the same bytes each time.
set -eu
dir=$1 communes=${2:-3321} departments=${3:-20}
mkdir -p "$dir"

awk 'function open_node(id, parent, kind, max, op) {
  printf "%s\n{\"id\": \"%s\"", n++ ? "," : "", id
  if (parent != "") printf ", \"parent\": \"%s\"", parent
  printf ", \"kind\": \"%s\", \"title\": {\"vi\": \"Tiêu chí %s\", \"en\": \"Criterion %s\"}, \"max\": \"%s\", \"weight\": \"1\", \"op\": \"%s\"", kind, id, id, max, op
}
function close_node(more) {
  printf "%s, \"provenance\": {\"name\": \"official\", \"points\": \"official\"}, \"source\": \"bench\"}", more
}
function pair() {
  return ", \"inputs\": [{\"key\": \"done\", \"role\": \"num\", \"unit\": \"count\", \"digits\": 0, \"title\": {\"vi\": \"Số đã xong\", \"en\": \"Done\"}}, {\"key\": \"all\", \"role\": \"den\", \"unit\": \"count\", \"digits\": 0, \"title\": {\"vi\": \"Tổng số\", \"en\": \"All\"}}]"
}
BEGIN {
  printf "{\"format\": 1, \"id\": \"bench.country\", \"edition\": \"2026\", \"level\": \"commune\", \"title\": {\"vi\": \"Chỉ số cấp xã\", \"en\": \"Commune index\"}, \"rounds\": {\"first\": 2026}, \"units\": \"bench.communes/2026\", \"digits\": 2, \"rank\": {\"by\": \"percent\", \"ties\": \"shared\"}, \"scope\": \"internal\", \"legal\": [{\"key\": \"q\", \"instrument\": \"1/QĐ-UBND\", \"title\": \"Bộ chỉ số\", \"issued\": \"2026-01-05\"}], \"nodes\": ["
  open_node("index", "", "index", 100, "sum"); close_node(", \"round\": {\"digits\": 2, \"mode\": \"half_up\"}")
  for (a = 1; a <= 10; a++) {
    open_node(a, "index", "area", 10, "sum"); close_node("")
    for (l = 1; l <= 10; l++) {
      id = a "." l; kind = (a + l) % 5
      if (kind == 0) { open_node(id, a, "criterion", 1, "manual"); close_node(", \"assessor\": \"self\", \"na\": \"leave_out\"") }
      if (kind == 1) { open_node(id, a, "criterion", 1, "ratio"); close_node(", \"assessor\": \"self\", \"floor\": \"0.5\"" pair()) }
      if (kind == 2) { open_node(id, a, "criterion", 1, "step"); close_node(", \"assessor\": \"self\", \"steps\": [{\"at\": \"0.9\", \"points\": \"1\"}, {\"at\": \"0.7\", \"points\": \"0.5\"}]" pair()) }
      if (kind == 3) { open_node(id, a, "criterion", 1, "choice"); close_node(", \"assessor\": \"self\", \"steps\": [{\"key\": \"full\", \"points\": \"1\", \"title\": {\"vi\": \"Đầy đủ\", \"en\": \"In full\"}}, {\"key\": \"part\", \"points\": \"0.5\", \"title\": {\"vi\": \"Một phần\", \"en\": \"In part\"}}, {\"key\": \"none\", \"points\": \"0\", \"title\": {\"vi\": \"Không\", \"en\": \"None\"}}]") }
      if (kind == 4) { open_node(id, a, "criterion", 1, "share"); close_node(", \"assessor\": \"survey\"") }
    }
  }
  print "\n]}"
}' >"$dir/set.json"

awk -v communes="$communes" -v departments="$departments" 'BEGIN {
  print "unit,name_vi,type"
  for (i = 1; i <= departments; i++) printf "S%02d,Sở thứ %d,department\n", i, i
  for (i = 1; i <= communes; i++) printf "%05d,Xã Số %d,commune\n", i, i
}' >"$dir/units.csv"

cat >"$dir/round.ini" <<'EOF'
[round]
id = bench.country
round = 2026
title_vi = Cả nước
[group departments]
title_vi = Các sở
methodology = set.json
units = units.csv
types = department
[group communes]
title_vi = Các xã
methodology = set.json
units = units.csv
types = commune
EOF

awk -F, 'BEGIN {
  print "unit,node,input,value"
  word[0] = "full"; word[1] = "part"; word[2] = "none"
}
NR > 1 {
  for (a = 1; a <= 10; a++)
    for (l = 1; l <= 10; l++) {
      kind = (a + l) % 5; id = a "." l
      # a generator of its own: that of awk differs between implementations
      x = (x * 1103 + 12345 + NR) % 65536
      if (kind == 0) printf "%s,%s,,0.%02d\n", $1, id, x % 100
      if (kind == 1 || kind == 2) printf "%s,%s,done,%d\n%s,%s,all,%d\n", $1, id, x % 100, $1, id, 100
      if (kind == 3) printf "%s,%s,,%s\n", $1, id, word[x % 3]
      if (kind == 4) printf "%s,%s,percent,%d.%02d\n", $1, id, x % 100, x % 89
    }
}' "$dir/units.csv" >"$dir/data.csv"
