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

# NAME TOLERANCE WHAT [ARGUMENTS...]: a table of that name comes out.
table() {
  local name=$1 tolerance=$2
  shift 2
  count=$((count + 1))
  chiso audit --data "$tables/in_data.csv" --meta "$tables/in_meta.csv" --normalise minmax:1:100 \
    --aggregate arithmetic --format csv --exact --what "$@" >"$work/out.csv" 2>"$work/err" &&
    python3 "$here/compare.py" "$tables/$name.csv" "$work/out.csv" "$tolerance" || {
    failed=$((failed + 1))
    printf 'FAILED: %s\n' "$name"
    sed 's/^/  /' "$work/err"
  }
}

table corr_pearson_level1 1e-12 correlation:pearson
table corr_spearman_level1_vs_index 1e-12 correlation:spearman --levels 1,4
table effective_weights 1e-12 effective-weights
table pca_weights_by_criterion 1e-9 pca
table remove_level2_scores 1e-12 remove:2:scores
table remove_level2_ranks 1e-12 remove:2:ranks
table strengths_weaknesses_raw_top3 1e-12 strengths:3

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
