#!/bin/sh
# All that must hold before @NAME@ is given to anybody: canonical index.json,
# the numbered checks, the build, the golden test. CHISO_PREFIX: where chiso is installed, when it is
# not on PATH.
set -eu
cd "$(dirname "$0")"
[ -z "${CHISO_PREFIX:-}" ] || PATH=$CHISO_PREFIX/bin:$PATH
chiso fmt --check index.json
chiso check .
cmake -S . -B build
cmake --build build
ctest --test-dir build --output-on-failure --no-tests=error
