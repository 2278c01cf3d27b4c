#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# record.sh: writes tests/abi/libchiso.abi and tests/abi/plugin.abi anew from
# the public headers. A deliberate step: the commit says why programs or
# plugins that were compiled before may see another ABI now, or that only
# something was added.
set -eu
cd "$(dirname "${BASH_SOURCE[0]}")"
. ./describe.sh
source=$(realpath ../..)
describe "$source" "${LIBRARY[@]}" "$PWD/libchiso.abi" chiso_plugin_v1
describe "$source" "${PLUGIN[@]}" "$PWD/plugin.abi"
wc -c libchiso.abi plugin.abi
