#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Nam Định 2020 as it was published: departments scored themselves at 64.75 and
# were appraised at 62.62, printed as 89.45 %; districts at 61.46, 87.80 %.
# These are of the 70 points that units score themselves, cut off after two
# digits: half up it would be 89.46.
. "$(dirname "$0")/lib.sh"
here=$(cd "$(dirname "$0")/namdinh" && pwd)

# stages INDEX: rows "unit,self,self_max,same_appraised,same_appraised_max,
# same_appraised_percent,self_minus_appraised", by the names of the columns.
stages() {
  chiso stages "$1" --units "$here/units.csv" --data "$here/observations.csv" --format csv |
    awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
      { print $at["unit"] "," $at["self"] "," $at["self_max"] "," $at["same_appraised"] "," \
        $at["same_appraised_max"] "," $at["same_appraised_percent"] "," $at["self_minus_appraised"] }'
}

printf '%s\n' departments,64.75,70.00,62.62,70.00,89.45,2.13 \
  districts,,70.00,61.46,70.00,87.80, >"$work/wanted"
stages "$here/index.json" >"$work/got"
same_lines 'self and appraised points, Nam Định 2020' "$work/got" "$work/wanted"

sed s/cut_off/half_up/ "$here/index.json" >"$work/half_up.json"
is 'half up it is another figure' \
  "$(stages "$work/half_up.json" | cut -d, -f1,6 | paste -sd' ')" \
  'departments,89.46 districts,87.80'

# The survey comes as a fact, without a stage, and is nobody's own score.
{ cat "$here/observations.csv"; printf '%s\n' 'departments;B;25,5;'; } >"$work/survey.csv"
of_all() {
  chiso score "$here/index.json" --units "$here/units.csv" --data "$work/survey.csv" \
    --format csv --nodes index "$@" 2>"$work/err" |
    awk -F, '$3 == "departments" { print $6 "/" $7 "=" $8 }'
}
is 'with the survey' "$(of_all --stage self) $(of_all --stage appraised) $(of_all)" \
  '64.75/70.00=92.50 88.12/100.00=88.12 88.12/100.00=88.12'
finish
