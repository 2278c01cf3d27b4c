#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# limits.sh SOURCE_DIR: the numbers of docs/limits.md are those of the code.
set -u
cd "$1" || exit 1
count=0 failed=0
while IFS='|' read -r _ what most where _; do
  [[ $where =~ \`([a-z/_]+\.[ch]):\ ([A-Z_]+)\` ]] || continue
  file=${BASH_REMATCH[1]} name=${BASH_REMATCH[2]}
  count=$((count + 1))
  code=$(sed -nE "s|^#define +$name +||p" "$file" |
    sed -E 's|/\*.*||; s/\(size_t\)//g; s/([0-9])[uUlL]+/\1/g')
  said=$(printf '%s' "$most" | sed 's/,//g; s/MiB/*1024*1024/; s/KiB/*1024/')
  if [ -z "$code" ] || [ $((code)) -ne $((said)) ]; then
    printf 'docs/limits.md:%s:%s; %s has %s\n' "$what" "$most" "$name" "$code"
    failed=$((failed + 1))
  fi
done <docs/limits.md
printf 'limits: %d numbers, %d failed\n' "$count" "$failed"
[ "$failed" -eq 0 ] && [ "$count" -gt 10 ]
