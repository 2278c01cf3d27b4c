# SPDX-License-Identifier: Apache-2.0
# What the scripts of this folder share; the first argument is the build tree.
# Figures are recomputed by awk in whole millionths or hundredths, from the
# tables in indices/, and never by asking chiso twice.
set -u
build=$(cd "$1" && pwd) || exit 1
indices=$(cd "$(dirname "$0")/../../indices" && pwd) || exit 1
export PATH="$build/bin:$PATH" LC_ALL=C
unset CHISO_LANG CHISO_PLUGIN_PATH CHISO_SHARE_DIR CHISO_INCLUDE_DIR COLUMNS
unset CHISO_TRUST_FILE XDG_CONFIG_HOME
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
export HOME=$work
failed=0 checks=0

# is WHAT GOT WANTED
is() {
  checks=$((checks + 1))
  [ "$2" = "$3" ] && return
  failed=$((failed + 1))
  printf 'FAILED: %s\n  got:    %s\n  wanted: %s\n' "$1" "$2" "$3"
}

# same_lines WHAT GOT_FILE WANTED_FILE
same_lines() {
  checks=$((checks + 1))
  [ -s "$3" ] && cmp -s "$2" "$3" && return
  failed=$((failed + 1))
  printf 'FAILED: %s\n' "$1"
  diff "$2" "$3" | head -20
}

# scores METH ROUND [OPTION...]: rows "unit,node,points,status,rank".
scores() {
  local meth=$1 round=$2
  shift 2
  chiso score "$meth" --round "$round" --nodes all --exact --format csv "$@" |
    awk -F, 'NR > 1 { print $3 "," $4 "," $6 "," $9 "," $10 }'
}

# of UNIT NODE FIELD: a field of what scores() wrote to $work/scores: 3 points,
# 4 status, 5 rank.
of() {
  awk -F, -v u="$1" -v n="$2" -v f="$3" '$1 == u && $2 == n { print $f }' \
    "$work/scores"
}

finish() {
  printf '%s: %d checks, %d failed\n' "$(basename "$0" .sh)" "$checks" "$failed"
  [ "$checks" -gt 0 ] && [ "$failed" -eq 0 ]
}
