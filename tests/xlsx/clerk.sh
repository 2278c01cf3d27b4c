#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# clerk.sh SOURCE BUILD
#
# The path of a clerk: sheets are made, filled by LibreOffice as if typed, read
# back, and summed up. What LibreOffice shows while typing, what comes back and
# what the tables give directly are the same. Skipped without LibreOffice or its
# Python bridge.
set -u
source=$(cd "$1" && pwd) build=$(cd "$2" && pwd)
export PATH="$build/bin:$PATH" LC_ALL=C.UTF-8
python=
for candidate in /usr/bin/python3 python3; do
  "$candidate" -c 'import uno' 2>/dev/null && python=$candidate && break
done
command -v soffice >/dev/null && [ -n "$python" ] || {
  echo 'skipped: no LibreOffice, or no python3-uno'
  exit 77
}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cp "$source"/tests/docs/round/* "$work" && cd "$work" || exit 1
failed=0

same() { # NAME WANTED GOT
  diff "$2" "$3" >"$work/diff" || {
    failed=$((failed + 1))
    printf 'FAILED: %s\n' "$1"
    cat "$work/diff"
  }
}

# The three commands of the guide; the data of the sample are final figures.
sed -i '/^data = /d' round.ini
chiso sheet make round.ini --out sheets --lang vi --stages final || exit 1
"$python" "$source/tests/xlsx/clerk.py" sheets data.csv >shown || exit 1
chiso sheet read round.ini sheets --out read.csv || exit 1
chiso sheet summary round.ini --data read.csv --lang vi --out result.xlsx || exit 1
[ -s result.xlsx ] || failed=$((failed + 1))

# All seven were filled, and each total is what LibreOffice showed: bonus, penalty
# and errata come with the round.
for table in data.csv read.csv; do
  chiso score round.ini --data "$table" --format csv >"$table.scores" || exit 1
  chiso score round.ini --data "$table" --on 2026-12-01 --format csv --nodes index |
    cut -d, -f4,7 >"$table.totals"
done
same 'scores of what was typed' data.csv.scores read.csv.scores
# shown: name, cells, total without bonus and penalty (decimal comma)
sed -E 's/^([0-9]+) .*xlsx ([0-9]+) ([0-9]+),([0-9]+)$/\1,\3.\4/' shown | sort >shown.totals
awk -F, 'NR > 1 { print $1 }' units.csv | while read -r unit; do
  chiso explain round.ini --data data.csv --on 2026-12-01 --unit "$unit" --format csv |
    awk -F, -v unit="$unit" '$1 ~ /^[123]$/ && $3 != "" { sum += $3 } END { printf "%s,%.2f\n", unit, sum }'
done | sort >wanted.totals
same 'what LibreOffice showed' wanted.totals shown.totals
[ "$(wc -l <shown)" -eq 7 ] || failed=$((failed + 1))
echo "clerk: 7 sheets typed, $failed failed"
[ "$failed" -eq 0 ]
