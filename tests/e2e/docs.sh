#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# docs.sh SOURCE_DIR BUILD_DIR [--update] [PAGE...]
#
# Runs what the documentation shows. In README*.md and docs/ each fenced block
# marked `console` holds commands, "$ chiso ...", and what they print: both
# streams, and "[exit N]" at the end when the exit code is not 0. A line "…"
# stands for any number of lines. A command goes on in the next line after a
# backslash. The blocks of a page are run in order, as in one shell: folder and
# exported variables stay. A page begins in a scratch folder with the files of
# tests/docs/; the pages of docs/ops/ also find a plugin made of its example.json,
# and the SDK's example with code as call/, docs/trust.md the folder signed/, and
# docs/manual/sheet.md the folder round/returned/ with filled scoring sheets.
# The pages of docs/guide/ begin in an empty folder and work with an installation
# instead of the build tree; a block marked with a language and a name, "diff
# change.patch", becomes that file.
# A line "<!-- $ command -->" is run and shows nothing: hands that a reader has;
# SOURCE is the folder of the sources there.
# --update writes what is printed into the pages; around a "…" it keeps as many
# lines as there were.
set -u
source=$(cd "$1" && pwd)
build=$(cd "$2" && pwd)
shift 2
update=
if [ "${1:-}" = --update ]; then
  update=yes
  shift
fi
clean_path=$PATH
export PATH=$build/bin:$PATH LC_ALL=C.UTF-8
unset CHISO_LANG CHISO_PLUGIN_PATH CHISO_SHARE_DIR CHISO_INCLUDE_DIR COLUMNS
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
failed=0 count=0

# Each page has a trust file of its own, under a name that can be printed.
export HOME=$work/home CHISO_TRUST_FILE=trust.ini
unset XDG_CONFIG_HOME
umask 022
mkdir -p "$HOME" "$work/plugins"
chiso build --id example --license Apache-2.0 --out "$work/plugins" \
  "$source/tests/docs/example.json" || exit 1

run() {
  # shellcheck disable=SC2016
  (cd "$work/page" && bash -c '[ ! -f "$1" ] || . "$1"
      eval "$2"
      code=$?
      { export -p && printf "cd %q\n" "$PWD"; } >"$1"
      exit "$code"' - "$work/state" "$1" 2>&1 </dev/null)
  local code=$?
  [ "$code" -eq 0 ] || echo "[exit $code]"
}

# Whether the lines of $2 are those of $1, where "…" is any lines.
matches() {
  local pattern
  pattern=$(printf '%s\n' "$1" | sed 's/[][\.*^$+?(){}|]/\\&/g' |
    awk '{ if ($0 == "…") printf "(.*\n)?"; else printf "%s\n", $0 }' && echo .)
  [[ $2$'\n' =~ ^${pattern%.}$ ]]
}

# New text for a block that had $1 and printed $2.
renew() {
  local head tail total
  head=$(printf '%s\n' "$1" | grep -nx '…' | head -1 | cut -d: -f1)
  if [ -z "$head" ]; then
    printf '%s' "$2"
    return
  fi
  tail=$(printf '%s\n' "$1" | tac | grep -nx '…' | head -1 | cut -d: -f1)
  head=$((head - 1)) tail=$((tail - 1))
  total=$(printf '%s\n' "$2" | wc -l)
  if [ $((head + tail)) -ge "$total" ]; then
    printf '%s' "$2"
    return
  fi
  printf '%s\n' "$2" | head -n "$head"
  printf '…'
  [ "$tail" -eq 0 ] || printf '\n%s' "$(printf '%s\n' "$2" | tail -n "$tail")"
}

# The command read so far, at the next command or the end of the block.
finish() {
  [ -n "$command" ] || return 0
  local got
  count=$((count + 1))
  got=$(run "$command")
  if ! matches "$expected" "$got"; then
    failed=$((failed + 1))
    if [ -z "$update" ]; then
      printf 'FAILED: %s: $ %s\n' "${page#"$source"/}" "$command"
      diff <(printf '%s\n' "$expected") <(printf '%s\n' "$got") | head -20
    else
      expected=$(renew "$expected" "$got")
    fi
  fi
  [ -z "$expected" ] || printf '%s\n' "$expected" >>"$work/new"
  command='' expected=''
}

# Folder, home and command that a page begins with.
set_up() {
  export PATH=$build/bin:$clean_path HOME=$work/home CHISO_TRUST_FILE=trust.ini
  unset CHISO_PLUGIN_PATH
  rm -rf "$work/page" "$work/state"
  case $1 in
  */docs/guide/*)
    [ -d "$work/sdk" ] ||
      cmake --install "$build" --prefix "$work/sdk" >/dev/null || exit 1
    rm -rf "$work/guest"
    mkdir "$work/page" "$work/guest"
    export PATH=$work/sdk/bin:$clean_path HOME=$work/guest
    unset CHISO_TRUST_FILE
    return
    ;;
  esac
  cp -r "$source/tests/docs" "$work/page"
  case $1 in
  */docs/ops/*)
    export CHISO_PLUGIN_PATH=$work/plugins
    cp -r "$source/sdk/examples/call" "$work/page/call"
    ;;
  */docs/manual/sheet.md)
    mkdir "$work/page/round/returned"
    for sheet in 'several 01 Sở Nội vụ' 'unit-of-02 02 Sở Tài chính'; do
      python3 "$source/tests/xlsx/returned.py" "${sheet%% *}" \
        "$work/page/round/returned/${sheet#* }.xlsx"
    done
    ;;
  */docs/trust.md) cp -r "$source/tests/trust" "$work/page/signed" ;;
  esac
}

run_page() {
  local line hidden got inside="" continued="" started=$SECONDS
  page=$1 command='' expected=''
  set_up "$page"
  : >"$work/new"
  while IFS= read -r line || [ -n "$line" ]; do
    case $inside:$line in
    :'```console') inside=yes ;;
    :'<!-- $ '*' -->')
      hidden=${line#<!-- \$ }
      got=$(SOURCE=$source run "${hidden% -->}") || true
      case $got in *'[exit '*)
        printf 'FAILED: %s: %s\n%s\n' "${page#"$source"/}" "$line" "$got"
        failed=$((failed + 1))
        ;;
      esac
      ;;
    :'```'*' '*)
      case $page in
      */docs/guide/*)
        inside=file file=${line#* }
        : >"$work/block"
        ;;
      esac
      ;;
    file:'```')
      run "cp '$work/block' '$file'"
      inside=''
      ;;
    file:*) printf '%s\n' "$line" >>"$work/block" ;;
    yes:'```')
      finish
      inside=''
      ;;
    :'$ chiso'*)
      printf '%s: "%s" stands in no console block\n' "$page" "$line"
      failed=$((failed + 1))
      ;;
    yes:'$ '*)
      finish
      command=${line#\$ }
      continued=${line: -1}
      ;;
    yes:*)
      if [ "$continued" = \\ ]; then
        command=$command$'\n'$line
        continued=${line: -1}
      else
        expected=$expected${expected:+$'\n'}$line
        continue
      fi
      ;;
    esac
    printf '%s\n' "$line" >>"$work/new"
  done <"$page"
  [ -z "$inside" ] || {
    printf '%s: a console block has no end\n' "$page"
    failed=$((failed + 1))
  }
  case $page in
  */docs/guide/*)
    printf '%s: %d s from an empty folder\n' "${page#"$source"/}" \
      $((SECONDS - started))
    ;;
  esac
  if [ -n "$update" ] && ! cmp -s "$work/new" "$page"; then
    cp "$work/new" "$page"
    printf 'updated %s\n' "${page#"$source"/}"
  fi
}

if [ $# -gt 0 ]; then
  mapfile -t pages < <(realpath "$@")
else
  mapfile -t pages < <(find "$source"/README*.md "$source/docs" -name '*.md' |
    LC_ALL=C sort)
fi
for page in "${pages[@]}"; do
  run_page "$page"
done
printf 'docs: %d commands on %d pages, %d failed\n' "$count" "${#pages[@]}" \
  "$failed"
[ "$failed" -eq 0 ] || [ -n "$update" ]
