#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# PAR and SIPAS: totals from the parts and areas that were published.
. "$(dirname "$0")/lib.sh"

# Sums of the points in a table of observations, in hundredths; `whole` is how
# many rows make a total.
sums() { # observations, whole
  awk -F, -v whole="$2" 'NR > 1 { s[$1] += int($3 * 100 + 0.5); n[$1]++ }
    END { for (u in s) if (n[u] == whole)
      printf "%s,%d.%02d0000\n", u, s[u] / 100, s[u] % 100 }' "$1" | sort
}
totals() { # as scores() wrote them
  awk -F, '$2 == "index" && $3 != "" { print $1 "," $3 }' "$work/scores" | sort
}

# The ministries of 2023: two parts.
folder=$indices/par/ministry/2022/published
sums "$folder/2023.observations.csv" 2 >"$work/wanted"
scores vn.par.ministry/2022 2023 >"$work/scores"
totals >"$work/got"
same_lines 'ministries of 2023, recomputed' "$work/got" "$work/wanted"
is 'ministries of 2023' "$(wc -l <"$work/got")" 17
awk -F, 'NR > 1 { print $1 "," $4 }' "$folder/2023.results.csv" | sort \
  >"$work/wanted"
awk -F, '$2 == "index" && $5 != "" { print $1 "," $5 }' "$work/scores" | sort \
  >"$work/got"
same_lines 'ranks of the ministries of 2023' "$work/got" "$work/wanted"
is 'ministries of 2023: equal, within 0.01, further' "$(awk -F, '
  FNR == NR { if ($2 == "index") got[$1] = int($3 * 100 + 0.5); next }
  FNR > 1 { d = got[$1] - int($3 * 100 + 0.5); if (d < 0) d = -d
    equal += d == 0; near += d == 1; far += d > 1 }
  END { print equal, near, far + 0 }' "$work/scores" \
  "$folder/2023.results.csv")" '8 9 0'

# Ten provinces of 2020: four parts.
folder=$indices/par/province/2020/published
sums "$folder/2020.observations.csv" 4 >"$work/wanted"
scores vn.par.province/2020 2020 >"$work/scores"
totals >"$work/got"
same_lines 'ten provinces of 2020, recomputed' "$work/got" "$work/wanted"
is 'provinces of 2020 with a total' "$(wc -l <"$work/got")" 10
is 'ten provinces of 2020: equal, within 0.01, further' "$(awk -F, '
  FNR == NR { if ($2 == "index" && $3 != "") got[$1] = int($3 * 100 + 0.5)
    next }
  FNR > 1 && $2 == "index" && $3 != "" && ($1 in got) {
    d = got[$1] - int($3 * 100 + 0.5); if (d < 0) d = -d
    equal += d == 0; near += d == 1; far += d > 1 }
  END { print equal, near, far + 0 }' "$work/scores" \
  "$folder/2020.results.csv")" '7 3 0'

# Thanh Hóa 2021: eight printed areas make 87.84, the page prints 87.83.
sums <(awk -F, 'NR == 1 || $1 == 38' "$folder/2021.observations.csv") 8 \
  >"$work/wanted"
scores vn.par.province/2020 2021 >"$work/scores"
is 'Thanh Hóa 2021 from eight areas' "$(cat "$work/wanted")" 38,87.840000
is 'Thanh Hóa 2021' "$(of 38 index 3)" 87.840000
is 'Thanh Hóa 2021 as published' "$(grep '^38,index,' \
  "$folder/2021.results.csv" | cut -d, -f3)" 87.83
is 'the difference is explained' "$(grep '^38,index,' \
  "$folder/2021.results.csv" | cut -d, -f6- | grep -c -i round)" 1

# Đắk Lắk 2017: deductions from the maxima of eight areas.
scores vn.par.province/2017 2017 >"$work/scores"
chiso score vn.par.province/2017 --round 2017 --nodes all --format csv |
  awk -F, '$3 == 66 && $4 ~ /^[1-8]$/ {
    d = int($7 * 100 + 0.5) - int($6 * 100 + 0.5)
    sum += d; n += d > 0 } END { print n, sum }' \
  >"$work/got"
is 'Đắk Lắk 2017: seven deductions' "$(cat "$work/got")" '7 2463'
is 'Đắk Lắk 2017' "$(of 66 index 3)" 75.370000

# Phú Thọ: five of eight areas.
for round in 2019 2020.areas; do
  options=()
  [ "$round" = 2019 ] || options=(--published areas)
  year=${round%.*}
  scores "vn.par.province/$year" "$year" "${options[@]}" >"$work/scores"
  is "Phú Thọ $year" "$(of 25 index 3)/$(of 25 index 4)/$(of 25 index 5)" \
    /incomplete/
  is "areas of Phú Thọ $year" "$(awk -F, '$1 == 25 && $2 ~ /^[1-8]$/ &&
    $4 == "given"' "$work/scores" | wc -l)" 5
  is "Phú Thọ $year has no rank, and what it lacks is said" "$(chiso rank \
    "vn.par.province/$year" --round "$year" "${options[@]}" --lang vi |
    grep -c '^Phú Thọ: .*2, 3, 4')" 1
done

# SIPAS: totals as published; none of another unit.
for path in "$indices"/sipas/province/*/published/*.observations.csv; do
  round=$(basename "$path" .observations.csv)
  edition=$(basename "$(dirname "$(dirname "$path")")")
  awk -F, 'NR > 1 && $2 == "index" { split($3, d, ".")
    printf "%s,%d.%s\n", $1, d[1], substr(d[2] "000000", 1, 6) }' "$path" |
    sort >"$work/wanted"
  scores "vn.sipas.province/$edition" "$round" >"$work/scores"
  totals >"$work/got"
  same_lines "SIPAS $round" "$work/got" "$work/wanted"
done
finish
