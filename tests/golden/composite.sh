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

full norm_minmax_0_100 in_data --normalise minmax:0:100
full norm_minmax_1_100_na in_data_na --normalise minmax:1:100
full norm_zscore_0_1 in_data --normalise zscore:0:1
full norm_rank_average in_data --normalise rank:average

scaled='--normalise minmax:1:100'
# shellcheck disable=SC2086
{
  full agg_arithmetic in_data $scaled --aggregate arithmetic
  full agg_arithmetic_na in_data_na $scaled --aggregate arithmetic
  full agg_arithmetic_thresh0.6_na in_data_na $scaled --aggregate arithmetic --threshold 0.6
  full agg_geometric in_data $scaled --aggregate geometric
  full agg_mixed_arith_geom_harm in_data $scaled --aggregate arithmetic,geometric,harmonic
  full ranks_min_all in_data $scaled --aggregate arithmetic --show ranks
  full effective_weights in_data $scaled --aggregate arithmetic --show weights
  full impute_median_na in_data_na --impute median
}
table impute_panel_linear in_series 1e-12 --impute panel:linear

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
