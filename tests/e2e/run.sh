#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# run.sh BUILD_DIR CASES [--update]
#
# A file of cases holds blocks of the form
#
#   $ chiso list --bogus
#   chiso: no option 'bogus'; ...        what is printed, both streams
#   ! 2                                  exit code, when it is not 0
#
# separated by blank lines before each "$"; lines that begin with "#:" are
# comments. A command is run by bash in an
# empty folder with the build tree's command as `chiso`; DATA is the folder of
# test data. Lines of standard error are marked "2> ". A line "..." in what is
# expected stands for any number of lines. --update writes what was printed.
set -u
build=$(cd "$1" && pwd)
cases=$(cd "$(dirname "$2")" && pwd)/$(basename "$2")
update=${3:-}
export PATH="$build/bin:$PATH" DATA INDICES LC_ALL=C
DATA=$(cd "$(dirname "$cases")" && pwd)/data
INDICES=$(cd "$(dirname "$cases")/../../indices" && pwd)
unset CHISO_LANG CHISO_PLUGIN_PATH CHISO_SHARE_DIR CHISO_INCLUDE_DIR COLUMNS
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
mkdir "$work/home" "$work/in"
export HOME=$work/home
unset XDG_CONFIG_HOME CHISO_TRUST_FILE
umask 022
failed=0 count=0

# Runs one command; its output in the form of a case.
run_case() {
  (cd "$work/in" && bash -c "$1" >"$work/out" 2>"$work/err" </dev/null)
  local code=$?
  cat "$work/out"
  sed 's/^/2> /' "$work/err"
  [ "$code" -eq 0 ] || echo "! $code"
}

# Whether text $2 has the shape $1, where a line "..." is any lines.
matches() {
  local pattern line
  pattern=$(printf '%s\n' "$1" | sed 's/[][\.*^$+?(){}|]/\\&/g' |
    sed -E 's/^\\\.\\\.\\\.$/@ANY@/')
  line=$(printf '%s\n' "$pattern" | awk '
    { if ($0 == "@ANY@") printf "(.*\n)?"; else printf "%s\n", $0 }')
  [[ $2$'\n' =~ ^$line$ ]] || [[ $2$'\n' =~ ^$line$'\n'?$ ]]
}

finish() {
  [ -n "$command" ] || return 0
  count=$((count + 1))
  local got
  got=$(run_case "$command")
  if [ "$update" = --update ]; then
    case $'\n'$expected$'\n' in
    *$'\n...\n'*) ;;
    *) expected=$got ;;
    esac
    printf '$ %s\n' "$command" >>"$work/new"
    [ -z "$expected" ] || printf '%s\n' "$expected" >>"$work/new"
    printf '\n' >>"$work/new"
  fi
  if ! matches "$expected" "$got"; then
    failed=$((failed + 1))
    printf 'FAILED: %s\n' "$command"
    diff <(printf '%s\n' "$expected") <(printf '%s\n' "$got") | head -40
  fi
}

command='' expected=''
: >"$work/new"
while IFS= read -r line || [ -n "$line" ]; do
  case $line in
  '$ '*)
    finish
    command=${line#\$ } expected=''
    ;;
  '#:'*)
    finish
    command='' expected=''
    printf '%s\n' "$line" >>"$work/new"
    ;;
  *)
    if [ -n "$command" ]; then
      expected=$expected${expected:+$'\n'}$line
    fi
    ;;
  esac
  # blank lines at the end of a block separate it from the next
done < <(awk '
  /^\$ / { blank = 0 }
  /^$/ { blank++; next }
  { while (blank > 0) { print ""; blank-- } print }
' "$cases" | cat -s)
finish
if [ "$update" = --update ]; then
  cp "$work/new" "$cases"
fi
printf '%s: %d cases, %d failed\n' "$(basename "$cases")" "$count" "$failed"
[ "$failed" -eq 0 ]
