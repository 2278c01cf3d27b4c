#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# country_small.sh SOURCE BUILD: country.py with 20 communes and 2 departments.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 "$1/bench/country.py" "$1" "$2" "$work" 20 2
