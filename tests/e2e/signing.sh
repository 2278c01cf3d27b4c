#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# signing.sh BUILD_DIR
#
# What a file of cases cannot show: a plugin signed with the stock minisign,
# where it is installed; and that the plugins of the distribution are trusted
# wherever they are put together with the share folder, and nowhere without it.
set -u
build=$(cd "$1" && pwd) || exit 1
unset CHISO_LANG CHISO_PLUGIN_PATH CHISO_SHARE_DIR CHISO_INCLUDE_DIR COLUMNS
unset XDG_CONFIG_HOME CHISO_TRUST_FILE
export PATH="$build/bin:$PATH" LC_ALL=C
indices=$(cd "$(dirname "$0")/../../indices" && pwd)
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
export HOME=$work/home
umask 022
mkdir "$HOME"
cd "$work" || exit 1
failed=0 checks=0

# state PLUGIN: "found pinned" as the command lists it.
state() {
  chiso plugin list --format csv |
    awk -F, -v id="$1" '$2 == id && $1 != "shadowed" { print $1, $7; exit }'
}

# is WHAT WANTED FOUND
is() {
  checks=$((checks + 1))
  [ "$2" = "$3" ] && return
  failed=$((failed + 1))
  printf 'FAILED: %s: "%s", not "%s"\n' "$1" "$3" "$2"
}

# ---- where the distribution's plugins are -----------------------------------

is 'in the build tree' 'found pinned' "$(state par-2020)"
cmake --install "$build" --prefix "$work/one" >"$work/log" 2>&1 ||
  { cat "$work/log"; exit 1; }
PATH="$work/one/bin:$PATH"
is 'the installed command' "$work/one/bin/chiso" "$(command -v chiso)"
is 'installed' 'found pinned' "$(state par-2020)"
cmp -s "$build/share/chiso/trust.ini" "$work/one/share/chiso/trust.ini"
is 'the same trust file' 0 $?
is 'none but its own' 'found,pinned' \
  "$(chiso plugin list --format csv | cut -d, -f1,7 | tail -n +2 | sort -u)"
mv one two
PATH="$work/two/bin:$PATH"
is 'moved as a whole' 'found pinned' "$(state par-2020)"
mkdir -p apart/plugins
cp -r two/share/chiso apart/share
cp two/lib*/chiso/plugins/par-2020.* two/lib*/*/chiso/plugins/par-2020.* \
  apart/plugins/ 2>/dev/null
export CHISO_PLUGIN_PATH=$work/apart/plugins
is 'copied beside' 'found pinned' "$(state par-2020)"
is 'both copied' 'found pinned' "$(CHISO_SHARE_DIR=$work/apart/share state par-2020)"
mkdir empty
is 'without the share folder' 'isolated unsigned' \
  "$(CHISO_SHARE_DIR=$work/empty state par-2020)"
cp apart/share/trust.ini apart/plugins/
is 'what lies beside the plugin' 'isolated unsigned' \
  "$(CHISO_SHARE_DIR=$work/empty state par-2020)"
is 'a score of a shipped plugin' 0 \
  "$(chiso rank vn.par.province --round 2020 >out 2>err; echo $?)"
unset CHISO_PLUGIN_PATH

# ---- the stock minisign -------------------------------------------------------

if ! command -v minisign >/dev/null; then
  printf 'signing: %d checks, %d failed; minisign is not installed\n' "$checks" \
    "$failed"
  [ "$failed" -eq 0 ]
  exit
fi
minisign -G -W -f -p key.pub -s key >/dev/null 2>&1 || exit 1
export CHISO_PLUGIN_PATH=$work/own
# minisign leaves out the zeros that a number begins with.
id=$(printf '%16s' "$(sed -n '1s/.* //p' key.pub)" | tr ' ' 0)
for option in '' -l; do
  rm -rf own "$HOME/.config"
  mkdir own
  chiso build --id own --version 1.0.0 --license CC0-1.0 --out own \
    "$indices/qd766/province/2026/index.json" || exit 1
  is "unsigned $option" 'isolated unsigned' "$(state own)"
  minisign -S $option -s key -m own/own.plugin.ini -t 'đã duyệt' >/dev/null
  is "signed $option" 'isolated unknown_key' "$(state own)"
  is "the key's id $option" "$id" \
    "$(chiso plugin trust add key.pub --format csv | cut -d, -f3 | tail -1)"
  is "trusted $option" 'found signed' "$(state own)"
  is "verified $option" 'yes,signed,đã duyệt' \
    "$(chiso plugin verify own --format csv | cut -d, -f2,3,7 | tail -1)"
  printf '# more\n' >>own/own.plugin.ini
  is "changed $option" 'refused changed' "$(state own)"
  minisign -S $option -s key -m own/own.plugin.ini >/dev/null
  is "signed again $option" 'found signed' "$(state own)"
  is "revoked by its name $option" 0 \
    "$(chiso plugin trust revoke key >/dev/null; echo $?)"
  is "revoked $option" 'refused revoked' "$(state own)"
done

printf 'signing: %d checks, %d failed\n' "$checks" "$failed"
[ "$failed" -eq 0 ]
