#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# PAPI: dimensions and totals of 2011-2024 from the published sub-dimensions,
# the weighted index of 2019, the groups of 2022.
. "$(dirname "$0")/lib.sh"

# Sums of what is given below a dimension and of the dimensions; a sum with a
# part missing is none. Whole millionths.
sums() { # observations, shape: unit,node,points,points of the root
  awk -F, -v shape="$work/shape" '
    function put(u, n, p) { sum[u, n] += p; seen[u, n]++ }
    function print_millionths(v) { return sprintf("%d.%06d", v / 1e6, v % 1e6) }
    BEGIN {
      while ((getline line < shape) > 0) {
        split(line, f, ",")
        if (f[2] == "index") dim[++dims] = f[1]
        else if (f[2] in of_dim || f[2] ~ /^D/) {
          parent[f[1]] = f[2]; parts[f[2]]++
        }
      }
    }
    NR > 1 { units[$1]; split($3, d, ".")
      put($1, parent[$2], d[1] * 1000000 + substr(d[2] "000000", 1, 6)) }
    END {
      for (u in units) {
        total = 0; whole = 1
        for (i = 1; i <= dims; i++) {
          n = dim[i]
          if (seen[u, n] == parts[n]) {
            print u "," n "," print_millionths(sum[u, n]); total += sum[u, n]
          } else { print u "," n ","; whole = 0 }
        }
        print u ",index," (whole ? print_millionths(total) : "")
      }
    }' "$1" | sort
}

# The parents of sub-dimensions, from the loaded plugin.
shape() {
  chiso show "$1" --format csv | awk -F, '
    $3 == "dimension" || $3 == "subdimension" { print $1 "," $2 }' |
    sort -t, -k2,2r >"$work/shape"
}

for path in "$indices"/papi/province/*/published/????.observations.csv; do
  round=$(basename "$path" .observations.csv)
  edition=$(basename "$(dirname "$(dirname "$path")")")
  shape "vn.papi.province/$edition"
  sums "$path" >"$work/wanted"
  scores "vn.papi.province/$edition" "$round" >"$work/scores"
  awk -F, '$2 == "index" || $2 ~ /^D/ { print $1 "," $2 "," $3 }' \
    "$work/scores" | sort >"$work/got"
  # units without a single figure are in no table of observations
  cut -d, -f1 "$work/wanted" | sort -u >"$work/units"
  grep -F -w -f "$work/units" "$work/got" >"$work/there"
  same_lines "sums of $round" "$work/there" "$work/wanted"
  # A figure that is not there is never zero, and has no rank.
  is "missing figures of $round have no points" "$(awk -F, '
    ($4 == "missing" || $4 == "incomplete") && ($3 != "" || $5 != "")' \
    "$work/scores" | wc -l)" 0
done

# Published sub-dimensions miss six digits in the source by a millionth each.
within() { # results, node pattern, millionths: figures that are further away
  awk -F, -v node="$2" -v most="$3" '
    function millionths(t, d) {
      split(t, d, "."); return d[1] * 1000000 + substr(d[2] "000000", 1, 6) }
    NR == FNR { got[$1, $2] = $3; next }
    FNR > 1 && $2 ~ node && $3 != "" {
      n++
      if (got[$1, $2] == "") { absent++; next }
      d = millionths(got[$1, $2]) - millionths($3)
      if (d < -most || d > most) far++
    }
    END { print n + 0, absent + 0, far + 0 }' "$work/scores" "$1"
}
for round in 2011 2012 2013 2014 2015 2016 2017 2018 2019; do
  path=$(ls "$indices"/papi/province/*/published/$round.results.csv)
  edition=$(basename "$(dirname "$(dirname "$path")")")
  scores "vn.papi.province/$edition" "$round" >"$work/scores"
  units=63 # two provinces were suppressed in each of these two rounds
  [ "$round" != 2014 ] && [ "$round" != 2018 ] || units=61
  is "dimensions of $round within 3e-6" "$(within "$path" '^D' 3)" \
    "$(grep -c ',D[0-9],' "$path") 0 0"
  is "totals of $round within 1e-5" "$(within "$path" '^index$' 10)" \
    "$units 0 0"
done

for round in 2018 2019; do
  path=$indices/papi/province/$round/published/$round.indicators
  scores "vn.papi.province/$round" $round --published indicators \
    >"$work/scores"
  for node in 3.2 4.1 4.3 7.2 7.3 8.1 8.2; do
    units=63 # corruption was suppressed for two provinces
    [ "$round/${node%.*}" != 2018/4 ] || units=61
    is "$node of $round from indicators within 5e-6" "$(within \
      "$path.results.csv" "^${node/./\\.}$" 5)" "$units 0 0"
    is "$node of $round is computed" "$(awk -F, -v n=$node \
      '$2 == n && $4 == "scored"' "$work/scores" | wc -l)" "$units"
    is "$node of $round is not entered" \
      "$(grep -c "^[0-9]*,$node," "$path.observations.csv")" 0
  done
done
scores vn.papi.province/2018 2018 --published indicators >"$work/scores"
for node in D7 D8; do
  is "$node of 2018 from indicators within 5e-6" "$(within \
    "$indices/papi/province/2018/published/2018.indicators.results.csv" \
    "^$node$" 5)" "63 0 0"
done

# The weighted index: tenths of the weights times the dimensions.
scores vn.papi.province/2019 2019 >"$work/dimensions"
scores vn.papi.weighted/2019 2019 >"$work/scores"
is 'provinces with a weighted index' \
  "$(awk -F, '$2 == "index" && $4 == "scored"' "$work/scores" | wc -l)" 63
is 'weighted totals within 1e-5' "$(within \
  "$indices/papi/weighted/2019/published/2019.results.csv" '^index$' 10)" \
  '63 0 0'
chiso show vn.papi.weighted/2019 --format csv --exact |
  awk -F, '$1 ~ /^D/ { for (i = 1; i < NF; i++) if ($i ~ /^[0-9]+\.[0-9]+$/) {
    print "max," $1 "," $i; break } }' >"$work/max"
is 'weighted dimensions recomputed' "$(sed 's/^/d,/' "$work/dimensions" |
  cat "$work/max" - <(sed 's/^/w,/' "$work/scores") | awk -F, '
  function millionths(t, d) {
    split(t, d, "."); return d[1] * 1000000 + substr(d[2] "000000", 1, 6) }
  $1 == "max" { max[$2] = millionths($3) }
  $1 == "d" { d[$2, $3] = millionths($4) }
  $1 == "w" && $3 ~ /^D/ {
    # half up, as the product of two millionths by ten
    want = int((max[$3] * d[$2, $3] + 5000000) / 10000000); n++
    bad += want != millionths($4)
  }
  END { print n, bad + 0 }')" '504 0'

# Four groups of 2022: sizes and the eight edges that were printed.
chiso rank vn.papi.province --round 2022 --format csv |
  awk -F, '{ for (i = 1; i <= NF; i++) if (NR == 1) at[$i] = i
    g = $at["grade"]; p = $at["points"]
    if (NR > 1 && g != "" && p != "") {
      if (!(g in n)) { order[++k] = g; top[g] = p }
      n[g]++; low[g] = p } }
    END { for (i = 1; i <= k; i++)
      printf "%d %.3f/%.3f%s", n[order[i]], top[order[i]], low[order[i]],
        i < k ? " | " : "" }' >"$work/groups"
is 'the groups of 2022' "$(cat "$work/groups")" '16 47.876/43.437 | 16 43.250/42.150 | 15 42.144/40.742 | 14 40.717/38.804'
is 'provinces without a total in 2022' "$(chiso rank vn.papi.province \
  --round 2022 --format csv | awk -F, '$1 == "" { print $2 }' | tr '\n' ' ')" \
  '24 27 '
finish
