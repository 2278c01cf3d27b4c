#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# check.sh SOURCE_DIR BUILD_DIR
#
# What chiso check promises as a whole: no false alarm on what is shipped, a
# broken sample for every check, and pages that say what the code says.
set -u
source=$(cd "$1" && pwd) || exit 1
build=$(cd "$2" && pwd) || exit 1
export PATH="$build/bin:$PATH" LC_ALL=C
unset CHISO_LANG CHISO_PLUGIN_PATH CHISO_SHARE_DIR CHISO_INCLUDE_DIR COLUMNS
unset CHISO_TRUST_FILE CHISO_WORKER XDG_CONFIG_HOME
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
export HOME=$work TMPDIR=$work
failed=0

complain() {
  failed=$((failed + 1))
  printf 'FAILED: %s\n' "$1"
}

# ---- no false alarm: no error, and no warning but the one that is known ------
good() {
  local code=0
  chiso check "$1" --seconds 120 --format csv >"$work/report" 2>&1 || code=$?
  [ "$code" -eq 0 ] || complain "$1: exit code $code"
  awk -F, -v known="${2:-}" '$3 == "failed" || $3 == "crashed" ||
    ($3 == "warning") != ($1 == known && known != "")' "$work/report" |
    sed "s|^|$1: |" >"$work/alarms"
  [ ! -s "$work/alarms" ] || {
    cat "$work/alarms"
    complain "$1: an alarm"
  }
  count=$((count + 1))
}
count=0
mapfile -t shipped < <(find "$source/indices" -name index.json -printf '%h\n' | sort)
for folder in "${shipped[@]}" "$source"/sdk/examples/*/; do
  good "${folder%/}"
done
for manifest in "$build"/lib/chiso/plugins/*.plugin.ini; do
  good "$manifest"
done
# what chiso new makes passes at once, and once it is built; only the number of
# the decision is still to be filled in
for base in vn.par.province/2024:2026 vn.papi.province/2021:2025 vn.qd766.province/2026:2027 \
  vn.sipas.province/2022:2025; do
  edition=${base#*:} base=${base%:*}
  name=${base//[.\/]/-}
  (cd "$work" && chiso new "$name" --from "$base" --edition "$edition" >/dev/null) ||
    complain "chiso new --from $base"
  good "$work/$name" L06
  (cd "$work/$name" && chiso build --id "$name" --version 1.0.0 --license Apache-2.0 --out . index.json) ||
    complain "chiso build in $name"
  good "$work/$name" L06
done
printf 'check: %d good samples\n' "$count"
[ -z "$(find "$work" -name 'chiso-*')" ] || complain 'a temporary folder was left'

# ---- the code under check writes no file, where the kernel has Landlock -----
landlock() { python3 -c 'import ctypes, sys; sys.exit(ctypes.CDLL(None).syscall(444, 0, 0, 1) < 1)'; }
if [ "$(uname -m)" = x86_64 ] && landlock; then
  mkdir "$work/grab"
  (
    ZOO=$source/tests/zoo/check BUILD=$build
    cd "$work/grab" && . "$ZOO/lib.sh"
    plugin '-DFIRST=long r; __asm__ volatile("syscall" : "=a"(r) : "a"(85L), "D"("grabbed"), "S"(0600L) : "rcx", "r11", "memory");'
    chiso check . >report
    [ ! -e grabbed ] || touch wrote
    chiso check . --in-process >report # it does write where it may
  )
  [ -e "$work/grab/grabbed" ] || complain 'the plugin that writes a file does not'
  [ ! -e "$work/grab/wrote" ] || complain 'the code under check wrote a file'
fi

# ---- official: all of PAPI and decision 766, none of PAR, SIPAS and internal sets
for folder in "${shipped[@]}"; do
  code=0
  chiso check "$folder" --official --only L05 >/dev/null || code=$?
  case $folder in
  */papi/* | */qd766/*) want=0 ;;
  *) want=1 ;;
  esac
  [ "$code" -eq "$want" ] || complain "$folder: --official gives $code, not $want"
done

# ---- every check that can fail has a broken sample -------------------------
chiso check --list --format csv >"$work/list"
cat "$source"/tests/zoo/check/*.case >"$work/cases"
while IFS=, read -r id severity _; do
  [ "$severity" = note ] || grep -qE "^out: $id (failed|warning|crashed)$" "$work/cases" ||
    complain "tests/zoo/check: no sample that $id refuses"
done < <(tail -n +2 "$work/list")
# and nearly every case is caught by one check alone
count=$(grep -lE '^out: ' "$source"/tests/zoo/check/*.case | wc -l)
[ "$count" -ge 60 ] || complain "tests/zoo/check: $count broken samples"

# ---- the pages say what the code says --------------------------------------
python3 - "$source" "$work/list" <<'P' || failed=$((failed + 1))
import csv, re, sys
source, path = sys.argv[1:]
bad = 0
checks = list(csv.DictReader(open(path, encoding='utf-8')))
pages = {}
for check in checks:
    page, anchor = check['page'].split('#')
    text = pages.setdefault(page, open(f'{source}/{page}', encoding='utf-8').read())
    head = f"## {check['check']}\n\n*{check['severity']}* — {check['name']}.\n\n*{check['name_vi']}.*\n\n"
    if anchor != check['check'].lower() or head not in text:
        bad += 1
        print(f'{page}: must hold\n{head}')
for page, text in pages.items():
    for found in re.findall(r'^## ([A-Z]\d\d)$', text, re.M):
        if found not in {check['check'] for check in checks}:
            bad += 1
            print(f'{page}: {found} is no check')
sys.exit(bad != 0)
P
[ "$failed" -eq 0 ] && echo 'check: all good'
[ "$failed" -eq 0 ]
