#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# How many nodes of each kind a loaded plugin has, and what each shipped round
# gives beside what was published. Any figure that moves fails here.
. "$(dirname "$0")/lib.sh"
here=$(cd "$(dirname "$0")" && pwd)

chiso list --format csv | awk -F, 'NR > 1 { print $1 }' |
  while read -r meth; do
    printf '%s:' "$meth"
    chiso show "$meth" --format csv | awk -F, '
      NR > 1 && $3 != "index" && $3 != "branch" { n[$3]++ }
      END { for (k in n) print n[k], k }' | sort -k2 | tr '\n' ',' |
      sed 's/,$/\n/; s/,/, /g; s/^/ /'
  done >"$work/counts"
same_lines 'counts of the loaded plugins' "$work/counts" "$here/counts.txt"

for path in "$indices"/*/*/*/published/*.observations.csv \
  "$indices"/papi/weighted/2019/published/2019.results.csv; do
  file=$(basename "$path")
  edition=$(dirname "$(dirname "$path")")
  level=$(dirname "$edition")
  meth=vn.$(basename "$(dirname "$level")").$(basename "$level")
  round=${file%%.*} name=${file%.observations.csv}
  name=${name%.results.csv}
  name=${name#"$round"}
  printf '%s %s: ' "$meth/$(basename "$edition")" "$round$name"
  chiso score "$meth/$(basename "$edition")" --round "$round" \
    ${name:+--published "${name#.}"} --against published 2>"$work/err" |
    grep '^figures reproduced'
  case $? in
  0) ;;
  *) sed 's/^chiso: //' "$work/err" ;;
  esac
done | sort >"$work/rounds"
same_lines 'figures of the shipped rounds' "$work/rounds" "$here/rounds.txt"
[ -z "${UPDATE:-}" ] || {
  cp "$work/counts" "$here/counts.txt"
  cp "$work/rounds" "$here/rounds.txt"
}
finish
