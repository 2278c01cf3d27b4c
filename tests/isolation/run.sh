#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# run.sh [RUNS [THREADS]] - every attack RUNS times (1,000) in a worker, in
# constructor, entry and rule(), from THREADS threads (20) of one host. What
# does not answer costs 2 s a run.
set -eu
cd "$(dirname "$0")/../.."
cmake --preset release >/dev/null
cmake --build --preset release --target attack >/dev/null
exec build/tests/isolation/attack "${1:-1000}" --threads "${2:-20}"
