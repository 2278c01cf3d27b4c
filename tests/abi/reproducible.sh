#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# reproducible.sh SOURCE BUILD: the same plugin from two folders, by two users,
# with other dates, temporary folders, languages and masks, is the same bytes;
# with gcc and with clang. A rule.c that asks for the date is refused.
set -u
source=$1 chiso=$2/bin/chiso failed=0 count=0
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
cp -r "$source/tests/abi/source" "$work/one"
# What names its own place: __FILE__, of a header too.
printf '%s\n' 'static const char *const where = __FILE__;' >"$work/one/place.h"
sed -i 's|^#include "chiso/plugin.h"|&\n#include "place.h"\nextern const char chiso_rule_file[];\nconst char chiso_rule_file[] = __FILE__;|
  s|  int64_t done, due, nothing;|&\n  if (where[0] == 0 \|\| chiso_rule_file[0] == 0)\n    return -1;|' "$work/one/rule.c"
mkdir -p "$work/another/folder with ờ" "$work/tmp"
cp -r "$work/one" "$work/another/folder with ờ/two"
two="$work/another/folder with ờ/two"
find "$two" -exec touch -d 2001-02-03T04:05:06 {} +
chmod -R a+rwX "$work"

# Another user, where there is the right to become one, and where that one may
# enter the folder of the build.
nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups)
[ "$(id -u)" -eq 0 ] && "${nobody[@]}" "$chiso" --version >/dev/null 2>&1 || {
  nobody=()
  echo 'reproducible: as one user only'
}
another() { "${nobody[@]}" "$@"; }

# same WHAT A B
same() {
  count=$((count + 1))
  cmp "$2" "$3" && return
  failed=$((failed + 1))
  printf 'FAILED: %s differs\n' "$1"
}

for compiler in gcc clang; do
  for id in smallest everything; do
    files=(smallest.json) rule=() other=()
    [ "$id" = smallest ] || {
      files=(everything.json taken.json)
      rule=(--rule rule.c) other=(--rule "$two/rule.c")
    }
    common=(build --id "$id" --license Apache-2.0 --version 1.0.0)
    mkdir -p "$work/out/$compiler"
    (cd "$work/one" && CC=$compiler "$chiso" "${common[@]}" --out "../out/$compiler" \
      "${rule[@]}" "${files[@]}") || exit 1
    (cd / && umask 077 && CC=$compiler TMPDIR=$work/tmp HOME=/nonexistent USER=other \
      TZ=Asia/Ho_Chi_Minh LC_ALL=C SOURCE_DATE_EPOCH=1 \
      another "$chiso" "${common[@]}" --out "$two" "${other[@]}" \
      "${files[@]/#/$two/}") || exit 1
    for file in "$id.so" "$id.plugin.ini"; do
      same "$compiler: $file" "$work/out/$compiler/$file" "$two/$file"
    done
    if grep -qa -e "$work" -e "${work##*/}" "$two/$id.so"; then
      failed=$((failed + 1))
      printf 'FAILED: %s: the library names its folder\n' "$compiler"
    fi
  done
  count=$((count + 1))
  printf 'static const char made[] = __DATE__;\n' >>"$work/one/place.h"
  if (cd "$work/one" && CC=$compiler "$chiso" "${common[@]}" --out . "${rule[@]}" \
    "${files[@]}") >"$work/log" 2>&1 || ! grep -q date "$work/log"; then
    failed=$((failed + 1))
    printf 'FAILED: %s: a date in rule.c\n' "$compiler"
  fi
  sed -i '$d' "$work/one/place.h"
done
printf 'reproducible: %d comparisons, %d failed\n' "$count" "$failed"
[ "$failed" -eq 0 ]
