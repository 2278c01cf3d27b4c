#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# facts.sh SOURCE_DIR: the numbers of docs/limits.md are those of the code, and
# what docs/architecture.md and docs/abi.md say stands in a file does.
set -u
cd "$1" || exit 1
count=0 failed=0 last=
while IFS='|' read -r _ what most where _; do
  [[ $where =~ \`([a-z/_]+\.[ch]):\ ([A-Z_]+)\` ]] || continue
  file=${BASH_REMATCH[1]} name=${BASH_REMATCH[2]}
  count=$((count + 1))
  code=$(sed -nE "s|^#define +$name +||p" "$file" |
    sed -E 's|/\*.*||; s/\([a-z0-9_]+_t\)//g; s/([0-9])[uUlL]+/\1/g')
  said=$(printf '%s' "$most" | sed 's/,//g; s/GiB/*1024*1024*1024/; s/MiB/*1024*1024/; s/KiB/*1024/')
  # a row that is no number would end the loop, and with it the test
  if [[ ! "$code$said" =~ ^[0-9*+\ ()-]+$ ]]; then
    printf 'docs/limits.md:%s:%s; %s has %s\n' "$what" "$most" "$name" "$code"
    failed=$((failed + 1))
  elif [ -z "$code" ] || [ $((code)) -ne $((said)) ]; then
    printf 'docs/limits.md:%s:%s; %s has %s\n' "$what" "$most" "$name" "$code"
    failed=$((failed + 1))
  fi
done <docs/limits.md
numbers=$count

# "`engine/rank.c: chiso_rank`, `chiso_grade_units`" in the second column.
while IFS='|' read -r _ what where _; do
  file=''
  while read -r name; do
    case $name in
    *.c:* | *.h:*) file=${name%%:*} name=${name#*: } ;;
    *.c | *.h | *.def | */*) file='' ;;
    esac
    [[ -n $file && $name =~ ^[a-z_]+$ ]] || continue
    for folder in '' core/src/ "${last%/*}/"; do
      [ ! -f "$folder$file" ] || break
    done
    last=$folder$file count=$((count + 1))
    grep -qw -- "$name" "$last" 2>/dev/null || {
      printf 'docs/architecture.md:%s: no %s in %s\n' "$what" "$name" "$file"
      failed=$((failed + 1))
    }
  done < <(printf '%s' "$where" | grep -oE '`[^`]+`' | tr -d '`' |
    awk -F', ' '{ for (i = 1; i <= NF; i++) print $i }')
done < <(sed -n '/^## Where things live/,/^## One/p' docs/architecture.md)

# The table of docs/trust.md has the rows of the policy in its order.
said=$(sed -nE 's/^\| [0-9]+ \|.*\| `([a-z_]+)` \|.*/\1/p' docs/trust.md | paste -sd' ')
keys=$(sed -n '/^const char \*cli_verdict/,/^}/p' app/cli/plugins.c |
  sed -n '/keys\[\]/,/};/p' | grep -oE '"[a-z_]+"' | tr -d '"' | paste -sd' ')
rows=$(sed -nE 's/^  \{ CHISO_VERDICT_([A-Z_]+), .*/\1/p' core/src/host/policy.c |
  tr '[:upper:]' '[:lower:]' | paste -sd' ')
if [ "$said" != "$keys" ] || [ "$said" != "none $rows" ]; then
  printf 'docs/trust.md: %s\ncommand: %s\npolicy.c: %s\n' "$said" "$keys" "$rows"
  failed=$((failed + 1))
fi
# "`tests/unit/test_abi.c: texts_are_copied`", "`tests/abi/layout.py`".
while read -r file name; do
  file=${file%:} count=$((count + 1))
  [ -e "$file" ] && { [ -z "$name" ] || grep -qw -- "$name" "$file"; } || {
    printf 'docs/abi.md: no %s in %s\n' "$name" "$file"
    failed=$((failed + 1))
  }
done < <(grep -oE '`tests/[^`]+`' docs/abi.md | tr -d '`')

printf 'facts: %d numbers, %d names, %d failed\n' "$numbers" \
  $((count - numbers)) "$failed"
[ "$failed" -eq 0 ] && [ "$numbers" -gt 10 ] && [ "$count" -gt 45 ]
