#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# composite.sh BUILD_DIR: tables of COINr 1.1.14 through the command. What each
# is, and how it was made, stands in composite/README.md.
set -u
here=$(cd "$(dirname "$0")" && pwd)
tables=$here/composite
export PATH="$(cd "$1" && pwd)/bin:$PATH" LC_ALL=C
unset CHISO_LANG
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
failed=0 count=0

# NAME DATA TOLERANCE ARGUMENTS...: a table of that name comes out.
table() {
  local name=$1 data=$2 tolerance=$3
  shift 3
  count=$((count + 1))
  chiso compose --data "$tables/$data.csv" "$@" --format csv --exact \
    >"$work/out.csv" 2>"$work/err" &&
    python3 "$here/compare.py" "$tables/$name.csv" "$work/out.csv" "$tolerance" || {
    failed=$((failed + 1))
    printf 'FAILED: %s\n' "$name"
    sed 's/^/  /' "$work/err"
  }
}
# With the metadata.
full() { local a=$1 b=$2; shift 2; table "$a" "$b" 1e-12 --meta "$tables/in_meta.csv" "$@"; }

# Normalisation.
while read -r name data method; do
  full "$name" "$data" --normalise "$method"
done <<'END'
norm_minmax_0_100 in_data minmax:0:100
norm_minmax_1_100_na in_data_na minmax:1:100
norm_zscore_0_1 in_data zscore:0:1
norm_zscore_10_2 in_data zscore:10:2
norm_zscore_10_2_na in_data_na zscore:10:2
norm_rank_min in_data rank:min
norm_rank_average in_data rank:average
norm_rank_average_na in_data_na rank:average
norm_prank_min in_data prank:min
norm_prank_min_na in_data_na prank:min
norm_prank_average in_data prank:average
norm_borda in_data borda
norm_dist2max in_data dist2max
norm_dist2ref_P03 in_data dist2ref:P03
norm_dist2targ_80 in_data dist2targ:80
norm_fracmax in_data fracmax
norm_scaled_0_200 in_data scaled:0:200:100
norm_goalposts in_data goalposts:20:60:10
END

# Aggregation, of values from 1 to 100; what follows the method goes along.
scaled='--normalise minmax:1:100'
while read -r name data method more; do
  # shellcheck disable=SC2086
  full "$name" "$data" $scaled --aggregate "$method" $more
done <<'END'
agg_arithmetic in_data arithmetic
agg_arithmetic_na in_data_na arithmetic
agg_arithmetic_thresh0.6_na in_data_na arithmetic --threshold 0.6
agg_arithmetic_thresh0.5_1_1_na in_data_na arithmetic --threshold 0.5,1,1
agg_arithmetic_equal_weights in_data arithmetic --weights equal
agg_geometric in_data geometric
agg_geometric_na in_data_na geometric
agg_harmonic in_data harmonic
agg_harmonic_na in_data_na harmonic
agg_mixed_arith_geom_harm in_data arithmetic,geometric,harmonic
agg_mixed_arith_geom_harm_na in_data_na arithmetic,geometric,harmonic
agg_genmean_p0.5 in_data genmean:0.5
agg_genmean_pminus2 in_data genmean:-2
ranks_min_all in_data arithmetic --show ranks
ranks_min_within_region in_data arithmetic --show ranks --within Region
effective_weights in_data arithmetic --show weights
END

# Imputation, treatment, screening.
full impute_mean_na in_data_na --impute mean
full impute_median_na in_data_na --impute median
full impute_region_mean_na in_data_na --impute group:Region
full treat_default in_data --treat default
full treat_winsorise_i04 in_data --treat winsorise:5
full screen_byNA_0.6 in_data_na --screen na:0.6 --show availability
for way in latest linear constant linear-constant; do
  table "impute_panel_$way" in_series 1e-12 --impute "panel:$way"
done

# One golden table of four transforms: ours one by one.
for way in log_CT:log log_CT_plus:log_ct_plus boxcox_0:boxcox:0 boxcox_0.5:boxcox:0.5; do
  count=$((count + 1))
  chiso compose --data "$tables/in_data.csv" --meta "$tables/in_meta.csv" --treat "${way#*:}" \
    --format csv --exact 2>"$work/err" | awk -F, -v name="${way%%:*}" '
    NR == 1 { for (i = 1; i <= NF; i++) if ($i == "i04") at = i; print "uCode," name; next }
    { print $1 "," $at }' >"$work/out.csv"
  python3 "$here/compare.py" "$tables/treat_transforms_i04.csv" "$work/out.csv" 1e-12 \
    uCode "${way%%:*}" || failed=$((failed + 1))
done

# Copeland over the criteria: the same table from a tree in which they lie side
# by side.
count=$((count + 1))
awk -F, -v OFS=, '$1 == 2 { $3 = "Copeland" } $1 == 3 { next }
  $1 == 4 { $1 = 3; $2 = "Copeland" } { print }' "$tables/in_meta.csv" >"$work/flat.csv"
# shellcheck disable=SC2086
chiso compose --data "$tables/in_data.csv" --meta "$work/flat.csv" $scaled \
  --aggregate arithmetic,copeland --format csv --exact >"$work/out.csv"
python3 "$here/compare.py" "$tables/copeland_criteria.csv" "$work/out.csv" ||
  failed=$((failed + 1))

# Drawn at random: many ties, whose ranks hang on the last digit of a sum; gaps
# and a column without values.
drawn() { local a=$1 b=$2; shift 2; table "${b}_$a" "${b}_data" 1e-12 --meta "$tables/${b}_meta.csv" "$@"; }
# shellcheck disable=SC2086
{
  drawn agg_arithmetic ties $scaled --aggregate arithmetic
  drawn agg_geometric ties $scaled --aggregate geometric
  drawn ranks ties $scaled --aggregate arithmetic --show ranks
  drawn ranks_within_region ties $scaled --aggregate arithmetic --show ranks --within Region
  drawn rank_ranks ties --normalise rank:min --aggregate arithmetic --show ranks
  drawn norm_zscore_10_2 gaps --normalise zscore:10:2
  drawn agg_arithmetic gaps $scaled --aggregate arithmetic
  drawn agg_geometric gaps $scaled --aggregate geometric
  drawn agg_harmonic gaps $scaled --aggregate harmonic
  drawn agg_arithmetic_thresh0.6 gaps $scaled --aggregate arithmetic --threshold 0.6
  drawn ranks gaps $scaled --aggregate arithmetic --show ranks
  drawn impute_median gaps --impute median
  drawn treat_default gaps --treat default
}

# Loadings as weights: of the indicators alone.
count=$((count + 1))
# shellcheck disable=SC2086
chiso compose --data "$tables/in_data.csv" --meta "$tables/in_meta.csv" $scaled --weights pca \
  --aggregate arithmetic --show weights --format csv --exact | awk -F, '
  BEGIN { print "iCode,PC1" } $2 == 1 { print $1 "," $3 }' >"$work/out.csv"
python3 "$here/compare.py" "$tables/pca_weights_by_criterion.csv" "$work/out.csv" 1e-9 iCode PC1 ||
  failed=$((failed + 1))

# The comparison can fail.
sed '2s/[0-9]$/&1/' "$tables/agg_arithmetic.csv" >"$work/wrong.csv"
sed -i '2s/25\.4/25.5/' "$work/wrong.csv"
python3 "$here/compare.py" "$tables/agg_arithmetic.csv" "$work/wrong.csv" >"$work/said" && {
  echo 'FAILED: a wrong table passes'
  failed=$((failed + 1))
}

printf 'composite: %d tables, %d failed\n' "$count" "$failed"
[ "$failed" -eq 0 ]
