#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# run.sh [RUNS [THREADS]] - every attack RUNS times (1,000) in a worker, in
# constructor, entry and rule(), from THREADS threads (4) of one host. The one
# that never answers is waited for 5 times 400 ms, and runs in twenty threads.
set -eu
cd "$(dirname "$0")/../.."
cmake --preset release >/dev/null
cmake --build --preset release --target attack >/dev/null
attack=build/tests/isolation/attack
$attack "${1:-1000}" --threads "${2:-4}" --but loop
$attack "${1:-1000}" --threads 20 --only loop --wait 400
