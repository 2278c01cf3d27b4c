#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# audit.sh BUILD_DIR: tables of COINr 1.1.14 through the command, as in
# composite/README.md; then every table against plain Python, by its definition.
set -u
here=$(cd "$(dirname "$0")" && pwd)
tables=$here/composite
export PATH="$(cd "$1" && pwd)/bin:$PATH" LC_ALL=C
unset CHISO_LANG
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
failed=0 count=0

# NAME DATA TOLERANCE [ARGUMENTS...]: a table of that name comes out.
table() {
  local name=$1 data=$2 tolerance=$3
  shift 3
  count=$((count + 1))
  chiso audit --data "$tables/$data.csv" --meta "$tables/$meta.csv" --format csv --exact "$@" \
    >"$work/out.csv" 2>"$work/err" &&
    python3 "$here/compare.py" "$tables/$name.csv" "$work/out.csv" "$tolerance" || {
    failed=$((failed + 1))
    printf 'FAILED: %s\n' "$name"
    sed 's/^/  /' "$work/err"
  }
}

# Of values from 1 to 100 and their arithmetic means.
meta=in_meta
while read -r name tolerance what more; do
  # shellcheck disable=SC2086
  table "$name" in_data "$tolerance" --normalise minmax:1:100 --aggregate arithmetic \
    --what "$what" $more
done <<'END'
corr_pearson_level1 1e-12 correlation:pearson
corr_spearman_level1 1e-12 correlation:spearman
corr_kendall_level1 1e-12 correlation:kendall
corr_pearson_level1_vs_index 1e-12 correlation:pearson --levels 1,4
corr_spearman_level1_vs_index 1e-12 correlation:spearman --levels 1,4
corr_kendall_level1_vs_index 1e-12 correlation:kendall --levels 1,4
corr_pearson_level1_pvalues 1e-12 pvalues
effective_weights 1e-12 effective-weights
pca_weights_by_criterion 1e-9 pca
pca_variance_by_criterion 1e-9 pca:variance
pca_rotation_all 1e-8 pca:all
pca_variance_all 1e-8 pca:all:variance
remove_level1_scores 1e-12 remove:1:scores
remove_level1_ranks 1e-12 remove:1:ranks
remove_level1_mean_abs_rank_diff 1e-12 remove:1:mean-abs-rank-diff
remove_level2_scores 1e-12 remove:2:scores
remove_level2_ranks 1e-12 remove:2:ranks
remove_level2_mean_abs_rank_diff 1e-12 remove:2:mean-abs-rank-diff
remove_level3_scores 1e-12 remove:3:scores
remove_level3_ranks 1e-12 remove:3:ranks
remove_level3_mean_abs_rank_diff 1e-12 remove:3:mean-abs-rank-diff
strengths_weaknesses_raw_top3 1e-12 strengths:3
unit_summaries 1e-12 summary --levels 4,3,2
outrank_matrix_criteria 1e-12 outranking
outrank_dominance 1e-12 outranking:dominance
copeland_criteria 1e-12 outranking:copeland
compare_arithmetic_vs_geometric_scores 1e-12 compare:scores --against geometric
compare_arithmetic_vs_geometric_ranks 1e-12 compare:ranks --against geometric
stats_raw 1e-12 stats
END

# Of the data as they are, with gaps.
for kind in pearson spearman kendall; do
  table "corr_${kind}_level1_raw_na" in_data_na 1e-12 --what "correlation:$kind"
done
table stats_raw_na in_data_na 1e-12 --what stats
table data_availability_na in_data_na 1e-12 --what availability
table data_availability_by_group_na in_data_na 1e-12 --what availability:groups

# Drawn at random: ranks of ties; a column without values.
meta=ties_meta
table ties_remove_level1_ranks ties_data 1e-12 --normalise minmax:1:100 --aggregate arithmetic \
  --what remove:1:ranks
meta=gaps_meta
table gaps_remove_level2_scores gaps_data 1e-12 --normalise minmax:1:100 --aggregate arithmetic \
  --what remove:2:scores

# Trends: one golden table of the change in one time and in ten.
for years in 1 10; do
  count=$((count + 1))
  chiso audit --data "$tables/in_series.csv" --what "trend:$years" --format csv --exact |
    awk -F, -v n="$years" 'NR == 1 { print "uCode,CAGR,prc" n; next } { print $1 "," $6 "," $7 }' \
      >"$work/out.csv"
  python3 "$here/compare.py" "$tables/trend_cagr_prcchange.csv" "$work/out.csv" 1e-12 \
    uCode CAGR "prc$years" || failed=$((failed + 1))
done

# Weights of every replication, and what comes of them.
for kind in scores:scores ranks:rank_stats; do
  count=$((count + 1))
  chiso uncertainty --data "$tables/in_data.csv" --meta "$tables/in_meta.csv" \
    --normalise minmax:1:100 --aggregate arithmetic --what "${kind%:*}" \
    --weights-in "$tables/uncertainty_in_weights_40.csv" --format csv --exact >"$work/out.csv"
  python3 "$here/compare.py" "$tables/uncertainty_${kind#*:}_40.csv" "$work/out.csv" 1e-12 ||
    failed=$((failed + 1))
done
count=$((count + 1))
chiso sensitivity --design "$tables/sensitivity_in_ishigami_N256.csv" --what variance --format csv \
  --exact >"$work/out.csv"
python3 "$here/compare.py" "$tables/sensitivity_ishigami_N256_variance.csv" "$work/out.csv" 1e-12 ||
  failed=$((failed + 1))

# One golden table of several calls: ours by their names in it.
count=$((count + 1))
{
  printf 'Set,alpha\n'
  chiso audit --data "$tables/in_data.csv" --meta "$tables/in_meta.csv" --normalise minmax:1:100 \
    --aggregate arithmetic --format csv --exact --what alpha |
    sed -nE 's/"//g; s/(all indicators; normalised)/\1 1-100/; s/^(level 2)/criteria; \1/; /^(all|c[1-5],|criteria)/p'
  chiso audit --data "$tables/in_data_na.csv" --meta "$tables/in_meta.csv" --format csv --exact \
    --what alpha | sed -nE 's/"//g; s/raw,/raw with gaps,/p'
} >"$work/out.csv"
python3 "$here/compare.py" "$tables/cronbach_alpha.csv" "$work/out.csv" 1e-12 || failed=$((failed + 1))

count=$((count + 1))
python3 "$here/audit.py" "$tables" || failed=$((failed + 1))

printf 'audit: %d tables, %d failed\n' "$count" "$failed"
[ "$failed" -eq 0 ]
