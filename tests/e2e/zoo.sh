#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# zoo.sh BUILD_DIR FOLDER [--update]
#
# Every FOLDER/NAME.case is one bad input (or a strange one that must be
# accepted), with the file NAME.* beside it, which the command finds as in.*:
#
#   #: what it is
#   make: bash that makes what cannot be kept as a file
#   skip: bash that succeeds where the case has no meaning
#   run: chiso score ... --data in.csv
#   code: 3
#   en: chiso: in.csv:2:3: ...          stderr in English, line by line
#   vi: chiso: in.csv:2:3: ...          and in Vietnamese
#   out: ...                            stdout, only when something is accepted
#
# Each is run in a folder of its own, in both languages, and once more with
# --out: what is refused prints nothing on stdout, makes no file and leaves the
# folder as it was. --update writes what was printed. ZOO_ONLY is a pattern of
# names; ZOO_BIN a folder with another `chiso`, as valgrind.sh has one.
set -u
build=$(cd "$1" && pwd) || exit 1
folder=$(cd "$2" && pwd) || exit 1
update=${3:-}
root=$(cd "$(dirname "$0")/../.." && pwd)
export PATH="${ZOO_BIN:+$ZOO_BIN:}$build/bin:$PATH" LC_ALL=C TZ=UTC BUILD=$build
export INDICES=$root/indices ZOO=$folder
unset CHISO_LANG CHISO_PLUGIN_PATH CHISO_SHARE_DIR CHISO_INCLUDE_DIR COLUMNS
work=$(mktemp -d) || exit 1
trap 'chmod -R u+rwx "$work"; rm -rf "$work"' EXIT
export HOME=$work/home
unset XDG_CONFIG_HOME CHISO_TRUST_FILE
umask 022
mkdir "$HOME"
# A sanitized program reserves more than any bound.
limit='ulimit -v 4194304'
grep -q 'CHISO_SANITIZE:BOOL=ON' "$build/CMakeCache.txt" && limit=:
[ -z "${ZOO_LIMIT:-}" ] || limit=:
failed=0 count=0 skipped=0

lines_of() { sed -n "s/^$1: \{0,1\}//p" "$2"; }

# Names, types, sizes and targets of all that a folder holds.
picture() { find "$1" -printf '%P %y %s %l\n' | sort; }

complain() {
  failed=$((failed + 1))
  printf 'FAILED: %s: %s\n' "$name" "$1"
}

# Runs the command in a language, with more arguments; its streams are $work/out, $work/err.
run() {
  (cd "$work/in" && $limit && CHISO_LANG=$1 \
    timeout 60 bash -c "$command ${2:-}" \
    >"$work/out" 2>"$work/err.raw" </dev/null)
  code=$?
  # a digest of a library depends on the compiler
  sed -E -e "s|$work/in|@|g" -e "s|$build|BUILD|g" -e "s/(is|says|ghi|là|=|SHA-256) [0-9a-f]{64}/\1 SHA256/g" \
    "$work/err.raw" >"$work/err"
}

same() {
  cmp -s "$1" "$2" && return
  complain "$3"
  diff "$1" "$2" | head -20
}

one_case() {
  name=$(basename "$1" .case)
  command=$(lines_of run "$1")
  if grep -q '^skip: ' "$1" && bash -c "$(lines_of skip "$1")"; then
    printf 'skipped: %s\n' "$name"
    skipped=$((skipped + 1))
    return
  fi
  rm -rf "$work/in"
  mkdir "$work/in"
  local file
  for file in "$folder/$name".*; do
    [ "$file" = "$1" ] || cp "$file" "$work/in/in.${file##*.}"
  done
  if ! (cd "$work/in" && bash -euc "$(lines_of make "$1")" >/dev/null); then
    complain 'cannot make it'
    return
  fi
  picture "$work/in" >"$work/before"
  run en
  local en_code=$code
  cp "$work/out" "$work/en.out"
  cp "$work/err" "$work/en.err"
  run vi
  if [ "$update" = --update ]; then
    {
      grep -E '^(#:|skip:|make:|run:)' "$1"
      printf 'code: %d\n' "$en_code"
      sed 's/^/en: /' "$work/en.err"
      sed 's/^/vi: /' "$work/err"
      sed 's/^/out: /' "$work/en.out"
    } >"$work/new"
    cp "$work/new" "$1"
  fi
  local want
  want=$(lines_of code "$1")
  [ "$en_code" = "$want" ] || complain "exit code $en_code, not $want"
  [ "$code" = "$want" ] || complain "exit code $code with --lang vi"
  lines_of en "$1" >"$work/want"
  same "$work/want" "$work/en.err" 'stderr'
  lines_of vi "$1" >"$work/want"
  same "$work/want" "$work/err" 'stderr in Vietnamese'
  lines_of out "$1" >"$work/want"
  same "$work/want" "$work/en.out" 'stdout'
  if [ "$want" != 0 ]; then
    [ -s "$work/en.out" ] && complain 'a refusal prints on stdout'
    [ -s "$work/err" ] || complain 'a refusal without a word'
    case $command in
    *--out* | *'|'* | *'>'*) ;;
    'chiso score '*) run en '--out made.csv' ;;
    esac
    picture "$work/in" >"$work/after"
    same "$work/before" "$work/after" 'something was written'
  fi
}

for case in "$folder"/*.case; do
  [[ $(basename "$case") =~ ${ZOO_ONLY:-.} ]] || continue
  count=$((count + 1))
  one_case "$case"
  [ ! -d "$work/in" ] || chmod -R u+rwx "$work/in"
done
printf '%s: %d cases, %d failed, %d skipped\n' "$(basename "$folder")" \
  "$count" "$failed" "$skipped"
[ "$failed" -eq 0 ]
