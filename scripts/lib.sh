# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# What the scripts share. Each begins with
#   set -euo pipefail
#   . "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# and stands in the top folder afterwards.

cd "$(dirname "${BASH_SOURCE[0]}")/.."
ROOT=$PWD
export LC_ALL=C.UTF-8
unset CHISO_PLUGIN_PATH CHISO_SHARE_DIR CHISO_INCLUDE_DIR CHISO_TRUST_FILE XDG_CONFIG_HOME

say() { printf '== %s\n' "$*"; }
die() {
  printf '%s: %s\n' "${0##*/}" "$1" >&2
  exit "${2:-1}"
}

# Names in the given lists of packages.txt.
packages() {
  local lists=" $* "
  awk -v lists="$lists" '
    /^\[/ { name = substr($0, 2, length($0) - 2); next }
    NF && !/^#/ && index(lists, " " name " ") { print $1 }
  ' scripts/packages.txt
}

# Those of the lists that are not installed.
packages_missing() {
  local name
  packages "$@" | while read -r name; do
    # One line for each architecture; "not-installed" is a state as well.
    dpkg-query -W -f '${db:Status-Status}\n' "$name" 2>/dev/null |
      grep -x installed >/dev/null || printf '%s\n' "$name"
  done
}

# Installs what is missing of the lists: as root, or with sudo when it asks
# for no password. Otherwise says which line would, and exits with 2.
need_packages() {
  local missing as=()
  command -v dpkg-query >/dev/null ||
    die "this is no Debian; install what scripts/packages.txt names" 2
  mapfile -t missing < <(packages_missing "$@")
  [ "${#missing[@]}" -gt 0 ] || return 0
  if [ "$(id -u)" -ne 0 ]; then
    if ! sudo -n true 2>/dev/null; then
      printf '%s needs packages that are not installed; this installs them:\n' \
        "${0##*/}" >&2
      printf '  sudo apt-get update && sudo apt-get install -y --no-install-recommends %s\n' \
        "${missing[*]}" >&2
      exit 2
    fi
    as=(sudo -n)
  fi
  say "installing ${missing[*]}"
  "${as[@]}" apt-get -q update
  "${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q install -y \
    --no-install-recommends -o Dpkg::Use-Pty=0 "${missing[@]}"
}

# build PRESET [cmake options]: output only when it fails, or when watched.
build() {
  local preset=$1 log
  shift
  say "building ($preset)"
  mkdir -p out
  log=$ROOT/out/build-$preset.log
  if ! { cmake --preset "$preset" "$@" && cmake --build --preset "$preset"; } \
    >"$log" 2>&1 </dev/null; then
    cat "$log" >&2
    die "the build of preset $preset failed"
  fi
}
