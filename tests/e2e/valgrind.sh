#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# valgrind.sh BUILD_DIR [PATTERN]
#
# Cases of the zoo under valgrind: bad input takes the paths that nobody walks
# otherwise. No suppression is for code of ours; memory that ICU keeps until the
# end is still reachable, and so is no leak. Without PATTERN a small set is run.
set -eu
build=$(cd "$1" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
command -v valgrind >/dev/null || {
  echo 'skipped: valgrind is not installed'
  exit 0
}
if grep -q 'CHISO_SANITIZE:BOOL=ON' "$build/CMakeCache.txt"; then
  echo 'skipped: a sanitized build does not run under valgrind'
  exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin"
cat >"$work/bin/chiso" <<END
#!/bin/sh
exec valgrind -q --error-exitcode=99 --leak-check=full \\
  --errors-for-leak-kinds=definite,indirect,possible \\
  --log-file="$work/log.%p" "$build/bin/chiso" "\$@"
END
chmod +x "$work/bin/chiso"
export ZOO_BIN=$work/bin ZOO_LIMIT=none
failed=0
run() {
  ZOO_ONLY=$2 "$here/zoo.sh" "$build" "$here/../zoo/$1" || failed=1
}
if [ $# -gt 1 ]; then
  for cage in tables json ini plugins trust files; do
    run "$cage" "$2"
  done
else
  run tables '^(ok-nfd|ok-wide|ok-zero-full|duplicate|areas-and|many|unit-near)'
  run json '^(ok-nfd|key-repeated|deep|truncated)$'
  run ini '^(long-line|library-path)'
  run plugins '^(digest|truncated|cycle)$'
  run trust '^(signature-(base64|changed|control)|signature-manifest-changed|key-(lines|pattern)|file-key-twice|revoked-key|again)$'
  run files '^(results-repeated|units-years|out-bad)'
fi
find "$work" -name 'log.*' -size +0 -exec cat {} + | head -100
exit $failed
