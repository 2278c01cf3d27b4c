#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# determinism.sh BUILD_DIR [OTHER_BUILD_DIR...]
#
# Same input, same bytes: whatever the locale, the time zone, the day, the order
# of rows, the separator and decimal mark of the table; and, when other build
# trees are given (clang, -O0, sanitized), whichever compiler made the command.
set -u
build=$(cd "$1" && pwd) || exit 1
shift
indices=$(cd "$(dirname "$0")/../../indices" && pwd)
unset CHISO_LANG CHISO_PLUGIN_PATH CHISO_SHARE_DIR CHISO_INCLUDE_DIR COLUMNS
unset CHISO_TRUST_FILE XDG_CONFIG_HOME
unset LANG LANGUAGE
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
export HOME=$work LC_ALL=C LOCPATH=$work/locale
failed=0 checks=0
mkdir "$work/locale"

# same WHAT FOLDER FOLDER
same() {
  checks=$((checks + 1))
  [ -n "$(ls "$3")" ] && diff -rq "$2" "$3" && return
  failed=$((failed + 1))
  printf 'FAILED: other bytes: %s\n' "$1"
}

# Every kind of output, from shipped rounds and from a table, into a folder.
outputs() { # folder, build tree, tables
  local out=$1 chiso=$2/bin/chiso format
  rm -rf "$out"
  mkdir "$out"
  for format in table csv json xlsx; do
    "$chiso" score vn.papi.province/2018 --data "$3/papi.csv" --nodes all \
      --format $format --out "$out/score.$format"
    "$chiso" rank vn.par.ministry --round 2023 --format $format --lang vi \
      --out "$out/rank.$format"
    "$chiso" list --format $format >"$out/list.$format"
  done
  "$chiso" score vn.papi.province --round 2022 --against published --lang vi \
    >"$out/against"
  "$chiso" explain vn.qd766.province/2026 --data "$3/qd766.csv" --unit 66 \
    --lang vi | sed 's/[a-z0-9]*\.csv:[0-9]*/FILE/' >"$out/explain"
  "$chiso" fmt "$indices/papi/province/2018/index.json" >"$out/index.json"
}

mkdir "$work/plain" "$work/shuffled" "$work/vietnamese"
cut -d, -f1-3 "$indices/papi/province/2018/published/2018.observations.csv" \
  >"$work/plain/papi.csv"
cut -d, -f1-4 \
  "$indices/qd766/province/2026/published/2026-09-17.observations.csv" \
  >"$work/plain/qd766.csv"
for table in papi qd766; do
  in=$work/plain/$table.csv
  { # an order that is the same everywhere, and not the table's
    head -1 "$in"
    tail -n +2 "$in" | awk '{ print (NR * 7919) % 10007, $0 }' | sort -n |
      cut -d' ' -f2-
  } >"$work/shuffled/$table.csv"
  { # as a Vietnamese spreadsheet saves it
    printf '\357\273\277'
    tr ',.' ';,' <"$in" | sed 's/$/;\r/'
  } >"$work/vietnamese/$table.csv"
done
# ids hold points too
sed -i -E 's/^([^;]*;[^;]*),/\1./; s/^([^;]*;[^;]*),/\1./' \
  "$work"/vietnamese/*.csv

outputs "$work/first" "$build" "$work/plain"
checks=$((checks + 1))
[ "$(find "$work/first" -size +0 | wc -l)" -ge 15 ] || {
  failed=$((failed + 1))
  echo 'FAILED: an output is empty'
}
again() { # what, tables
  outputs "$work/other" "$build" "$work/$2"
  same "$1" "$work/first" "$work/other"
}
again 'a second time' plain
again 'rows in another order' shuffled
again 'semicolons, decimal commas, CR LF' vietnamese
for zone in UTC Asia/Ho_Chi_Minh America/St_Johns; do
  TZ=$zone again "TZ=$zone" plain
done
LC_ALL=C.UTF-8 again 'C.UTF-8' plain
# A locale whose decimal mark is a comma, made here when the system has none.
for locale in vi_VN de_DE; do
  if command -v localedef >/dev/null && [ -e /usr/share/i18n/locales/$locale ]
  then
    localedef -i $locale -f UTF-8 "$work/locale/$locale.UTF-8" 2>/dev/null
    mark=$(LC_ALL=$locale.UTF-8 locale decimal_point)
    if [ "$mark" = , ]; then
      LC_ALL=$locale.UTF-8 again $locale.UTF-8 plain
      LC_ALL=$locale.UTF-8 again \
        "$locale.UTF-8, its own table" vietnamese
      continue
    fi
  fi
  printf 'skipped: %s.UTF-8 cannot be made here\n' $locale
done
for tree; do
  outputs "$work/other" "$tree" "$work/plain"
  same "build tree $(basename "$tree")" "$work/first" "$work/other"
done
printf 'determinism: %d checks, %d failed\n' "$checks" "$failed"
[ "$failed" -eq 0 ]
