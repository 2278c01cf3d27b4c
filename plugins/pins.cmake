# SPDX-License-Identifier: Apache-2.0
# cmake -D OUT=trust.ini -D "MANIFESTS=a.plugin.ini;b.plugin.ini" -P pins.cmake
#
# Writes a trust file that pins the manifests. It says nothing of where or when
# they were made, so that the same plugins give the same bytes.
set(text "# The plugins that came with this chiso, written by its build.\n")
string(APPEND text "[trust]\nformat = 1\n")
set(number 0)
foreach(manifest IN LISTS MANIFESTS)
  math(EXPR number "${number} + 1")
  file(SHA256 ${manifest} digest)
  get_filename_component(name ${manifest} NAME)
  string(REGEX REPLACE "\\.plugin\\.ini$" "" name ${name})
  string(APPEND text
    "\n[manifest ${number}]\nplugin = ${name}\nsha256 = ${digest}\n")
endforeach()
file(WRITE ${OUT}.new "${text}")
file(RENAME ${OUT}.new ${OUT})
