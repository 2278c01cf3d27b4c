#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# layers.sh SOURCE_DIR
#
# What may include what, and what may not be used at all:
# - a module of the core includes itself and modules that stand before it;
# - a public header includes public headers of the same or an earlier module;
# - app/ includes its own headers and the core's public ones;
# - each foreign library is included in one place, its wrapper;
# - no function that cuts off, overflows or depends on the locale; no floating
#   point in official scoring.
set -u
cd "$1" || exit 1
modules="base model engine host variant data round sheet survey analysis author"
failed=0

complain() {
  printf '%s\n' "$1"
  failed=$((failed + 1))
}

# Place of a module in the list, 0 when it is none; a header is named after its
# module, "sheet_read" after sheet.
place() {
  local i=0 module name=${1%%_*}
  # public headers of one module, by part
  case $name in
  composite | compare | rescore | bridge | audit | uncertainty | sensitivity | whatif | path) name=analysis ;;
  esac
  for module in $modules; do
    i=$((i + 1))
    [ "$module" != "$name" ] || { echo $i; return; }
  done
  echo 0
}

# "file:line:name" for each #include "name" and #include <name>.
includes() { grep -rnE '^ *# *include' "$@" | sed -E 's/^([^:]*:[0-9]+):.*include *["<]([^">]*)[">].*/\1:\2/'; }

while IFS=: read -r file line name; do
  module=${file#core/src/} module=${module%%/*}
  own=$(place "$module")
  other=$(place "${name%%/*}")
  case $name in
  chiso/plugin.h) other=1 ;;
  chiso/*) other=$(place "$(basename "$name" .h)") ;;
  */*.h | */*.def) ;;
  *) continue ;; # of a library
  esac
  [ "$own" -gt 0 ] || complain "$file: the folder is no module of the list"
  case $name in
  sys/* | linux/* | unicode/* | cjson/* | coin/* | Random123/*) continue ;;
  esac
  [ "$other" -gt 0 ] && [ "$other" -le "$own" ] ||
    complain "$file:$line: $module may not include $name"
done < <(includes core/src)

while IFS=: read -r file line name; do
  case $name in
  chiso/plugin.h | *[!/]std*.h | std*.h) continue ;;
  chiso/*) ;;
  *) complain "$file:$line: a public header may not include $name" ;;
  esac
  [ "$file" = core/include/chiso/chiso.h ] && continue
  own=$(place "$(basename "$file" .h)") other=$(place "$(basename "$name" .h)")
  [ "$other" -gt 0 ] && [ "$other" -le "$own" ] ||
    complain "$file:$line: stands before $name"
done < <(includes core/include)

while IFS=: read -r file line name; do
  case $name in
  chiso/*) [ -f "core/include/$name" ] || [ "$name" = chiso/plugin.h ] ||
    complain "$file:$line: $name is no public header" ;;
  sys/*.h) ;;
  */*) complain "$file:$line: app/ may not include $name" ;;
  *) [ -f "$(dirname "$file")/$name" ] || [[ $name =~ ^[a-z0-9]+\.h$ ]] ||
    complain "$file:$line: app/ may not include $name" ;;
  esac
done < <(includes app)

# One place for each foreign library.
only() {
  local header=$1 file line name
  shift
  while IFS=: read -r file line name; do
    case $name in
    $header) [[ " $* " == *" $file "* ]] ||
      complain "$file:$line: $name belongs to $*" ;;
    esac
  done < <(includes core app)
}
only 'iniparser*' core/src/base/ini.c
only 'cjson/*' core/src/base/json.c
only 'sodium*' core/src/base/crypto.c
only 'unicode/*' core/src/base/text.c
only 'xlsxwriter*' core/src/data/xlsx_library.h
only 'zip.h' core/src/data/xlsx_zip.c
only 'expat.h' core/src/data/xlsx_xml.c
only 'coin/*' core/src/analysis/solver.c
only 'nlopt.h' core/src/analysis/optimise.c
only 'Random123/philox.h' core/src/analysis/random.c
only 'linux/*' core/src/host/sandbox.c core/src/host/sandbox.h
only 'dlfcn.h' core/src/host/load.c core/src/host/places.c \
  core/src/data/library.c core/worker/main.c

# Comments and texts apart, none of these is called.
code() { sed -E 's://.*$::; s:"([^"\\]|\\.)*":"":g; s:/\*[^*]*\*/::g' "$1" | sed '/^ *\(\/\*\|\*\)/d'; }
while read -r file; do
  found=$(code "$file" | grep -noE '\b(strcpy|strcat|sprintf|vsprintf|strtod|atof|atoi|atol|gets|strtok|setlocale|abort|exit)\(' |
    head -1)
  case $file:$found in
  *:) ;;
  app/*'exit(' | core/src/host/compiler.c:*_exit*) ;;
  *) complain "$file:${found%%:*}: ${found#*:} is not to be used" ;;
  esac
done < <(git ls-files -- 'core/*.c' 'core/*.h' 'app/*.c' 'app/*.h' 2>/dev/null ||
  find core app -name '*.[ch]')
while read -r file; do
  found=$(code "$file" | grep -nwE 'double|float' | head -1)
  [ -z "$found" ] ||
    complain "$file:${found%%:*}: no floating point in this module"
done < <(find core/src/base core/src/model core/src/engine core/src/host \
  core/src/data -name '*.[ch]' ! -name 'table*.[ch]' ! -name 'real.[ch]')

[ "$failed" -eq 0 ] && echo 'layers: all includes point downwards'
[ "$failed" -eq 0 ]
