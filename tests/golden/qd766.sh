#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Decision 766: Đắk Lắk leaf by leaf, its department, and the 34 provinces
# however a table names them.
. "$(dirname "$0")/lib.sh"
published=$indices/qd766/province/2026/published
meth=vn.qd766.province/2026

# max * num / (den * target) to hundredths, half up, each leaf by itself: what
# a person with a pocket calculator does. Targets are those of the decision.
recompute() { # observations: node,hundredths
  chiso show $meth --format csv >"$work/tree"
  awk -F, '
    BEGIN { target["3.5a"] = target["3.5b"] = target["4.3"] = 8
      target["5.4"] = 9 }
    FNR == NR { max[$1] = 0; for (i = 4; i < NF; i++)
      if ($i ~ /^[0-9]+\.[0-9][0-9]$/) { max[$1] = $i * 100; break } next }
    FNR > 1 && $3 != "points" {
      if (($1, $2) in num) den[$1, $2] = $4
      else { num[$1, $2] = $4; order[++n] = $1 "," $2 } }
    END { for (i = 1; i <= n; i++) {
      split(order[i], k, ","); a = num[k[1], k[2]]; b = den[k[1], k[2]]
      m = max[k[2]]; t = (k[2] in target) ? target[k[2]] : 10
      if (b == 0) print order[i] ",empty"
      else { v = int((20 * m * a + b * t) / (2 * b * t)); if (v > m) v = m
        printf "%s,%d.%02d0000\n", order[i], v / 100, v % 100 } } }' \
    "$work/tree" "$1" | sort
}

recompute "$published/2026-09-17.observations.csv" >"$work/wanted"
scores $meth 2026-09-17 >"$work/scores"
grep -v empty "$work/wanted" | cut -d, -f1,2 >"$work/leaves"
awk -F, '$4 == "scored" { print $1 "," $2 "," $3 }' "$work/scores" |
  grep -F -f <(sed 's/$/,/' "$work/leaves") | sort >"$work/got"
grep -v empty "$work/wanted" >"$work/full"
same_lines 'leaves of Đắk Lắk, recomputed' "$work/got" "$work/full"
is 'the total of Đắk Lắk' "$(of 66 index 3)" 64.080000
is 'the one entered leaf' "$(of 66 CLGQ 4) $(of 66 CLGQ 3)" 'scored 8.980000'
is 'the only empty denominator is full' \
  "$(grep empty "$work/wanted") $(of 66 4.6 3)" '66,4.6,empty 2.000000'
is 'every other leaf is scored' "$(awk -F, '$1 == 66 && $2 ~ /^[1-5]\./ &&
  $4 == "scored"' "$work/scores" | wc -l)" 18
# 64.07 would come of rounding last.
is 'a criterion is rounded before the sum' "$(awk -F, '$1 == 66 &&
  $2 ~ /^[1-5]\./ && $3 != "" { n += $3 != int($3 * 100 + 0.5) / 100 }
  END { print n + 0 }' "$work/scores")" 0

recompute "$published/2026-09-17.departments.observations.csv" >"$work/wanted"
scores $meth 2026-09-17 --published departments >"$work/scores"
awk -F, '$4 == "scored" && $2 ~ /^[1-5]\./ { print $1 "," $2 "," $3 }' \
  "$work/scores" | sort >"$work/got"
same_lines 'leaves of the department, recomputed' "$work/got" "$work/wanted"

# 34 provinces: the sum of six groups, and their order.
table=$published/2026-10-06.observations.csv
awk -F, 'NR > 1 { s[$1] += int($3 * 100 + 0.5); n[$1]++ }
  END { for (u in s) if (n[u] == 6)
    printf "%s,index,%d.%02d0000\n", u, s[u] / 100, s[u] % 100 }' "$table" |
  sort >"$work/wanted"
scores $meth 2026-10-06 >"$work/scores"
awk -F, '$2 == "index" { print $1 "," $2 "," $3 }' "$work/scores" | sort \
  >"$work/got"
same_lines 'totals of the 34 provinces, recomputed' "$work/got" "$work/wanted"
is 'provinces with a total' "$(wc -l <"$work/got")" 34
awk -F, '$2 == "index" { print $1 "," $5 }' "$work/scores" | sort >"$work/got"
awk -F, 'NR > 1 && $2 == "index" { print $1 "," $4 }' \
  "$published/2026-10-06.results.csv" | sort >"$work/wanted"
same_lines 'ranks of the 34 provinces as published' "$work/got" "$work/wanted"

# The same table with every name that a unit has.
units=$indices/units/vn.provinces-2025.csv
scores $meth 2026-10-06 >"$work/plain"
header=$(head -1 "$units")
for column in name_vi name_en codes aliases; do
  place=$(tr , '\n' <<<"$header" | grep -nx $column | cut -d: -f1)
  # the first entry of a list; a unit without one keeps its code
  awk -F, -v c="$place" -v OFS=, '
    FNR == NR { split($c, a, "|"); name[$1] = a[1] != "" ? a[1] : $1; next }
    FNR > 1 { $1 = name[$1] } { print $1, $2, $3 }' "$units" "$table" \
    >"$work/by.csv"
  scores $meth 2026-10-06 --data "$work/by.csv" >"$work/got"
  same_lines "units by $column" "$work/got" "$work/plain"
done
is 'portal codes name every province' "$(cut -d, -f1 "$work/by.csv" |
  sort -u | wc -l)" 35
for name in 'Hồ Chí Minh' 'TP. Hồ Chí Minh' 'TP.HCM' 'TPHCM' \
  'thành phố hồ chí minh' 'UBND Thành phố Hồ Chí Minh' 'Ho Chi Minh' H29 h29 \
  79; do
  printf 'unit,node,points\n%s,CKMB,10\n' "$name" >"$work/one.csv"
  scores $meth 2026-10-06 --data "$work/one.csv" >"$work/scores" 2>&1
  is "Ho Chi Minh City as \"$name\"" "$(of 79 CKMB 3)" 10.000000
done
for name in 'UBND tỉnh Đắk Lắk' 'tỉnh ĐẮK LẮK' 'dak lak' 'Daklak' H15 66; do
  printf 'unit,node,points\n%s,CKMB,10\n' "$name" >"$work/one.csv"
  scores $meth 2026-10-06 --data "$work/one.csv" >"$work/scores" 2>&1
  is "Đắk Lắk as \"$name\"" "$(of 66 CKMB 3)" 10.000000
done
finish
