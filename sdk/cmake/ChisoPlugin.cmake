# SPDX-License-Identifier: Apache-2.0
# chiso_plugin(NAME index.json... [RULE rule.c] [VERSION 1.0.0]
#              [LICENSE Apache-2.0] [CONTACT text] [ABI 1.0] [OUT folder]
#              [GOLDEN folder])
#
# Makes NAME.so and NAME.plugin.ini with `chiso build` into OUT, by default the
# current binary folder. The target is plugin-NAME, part of `all`.
#
# GOLDEN: a folder with units.csv, and for each round ROUND.observations.csv
# and ROUND.results.csv. Each round becomes the test NAME.ROUND: the plugin
# that was built must score every figure of the results, by its first
# methodology. Needs enable_testing() in the project's CMakeLists.txt.
#
# The command is the target chiso::command, of the installed package or of the
# build that this file is part of.
include_guard(GLOBAL)

# "id/edition" of an index.json.
function(_chiso_methodology index name)
  file(READ ${index} text)
  string(JSON id ERROR_VARIABLE fault GET "${text}" id)
  string(JSON edition ERROR_VARIABLE fault GET "${text}" edition)
  set(${name} "${id}/${edition}" PARENT_SCOPE)
endfunction()

function(_chiso_golden name index folder plugins)
  get_filename_component(folder ${folder} ABSOLUTE)
  _chiso_methodology(${index} methodology)
  file(GLOB tables CONFIGURE_DEPENDS ${folder}/*.observations.csv)
  foreach(table IN LISTS tables)
    get_filename_component(round ${table} NAME)
    string(REPLACE ".observations.csv" "" round ${round})
    add_test(NAME ${name}.${round} COMMAND ${CMAKE_COMMAND} -E env
      "CHISO_PLUGIN_PATH=${plugins}" $<TARGET_FILE:chiso::command> score
      ${methodology} --round ${round} --units ${folder}/units.csv
      --data ${table} --against ${folder}/${round}.results.csv)
  endforeach()
endfunction()

function(chiso_plugin name)
  cmake_parse_arguments(PARSE_ARGV 1 arg ""
    "RULE;VERSION;LICENSE;CONTACT;ABI;OUT;GOLDEN" "")
  set(indices "")
  foreach(index IN LISTS arg_UNPARSED_ARGUMENTS)
    get_filename_component(index ${index} ABSOLUTE)
    if(NOT EXISTS ${index})
      message(FATAL_ERROR "chiso_plugin(${name}): no file ${index}")
    endif()
    list(APPEND indices ${index})
  endforeach()
  if(NOT indices)
    message(FATAL_ERROR "chiso_plugin(${name}): no index.json")
  endif()
  if(NOT arg_VERSION)
    set(arg_VERSION 1.0.0)
  endif()
  if(NOT arg_LICENSE)
    set(arg_LICENSE Apache-2.0)
  endif()
  if(NOT arg_OUT)
    set(arg_OUT ${CMAKE_CURRENT_BINARY_DIR})
  endif()

  set(options --id ${name} --out ${arg_OUT} --version ${arg_VERSION}
    --license ${arg_LICENSE})
  if(arg_CONTACT)
    list(APPEND options --contact ${arg_CONTACT})
  endif()
  if(arg_ABI)
    list(APPEND options --abi ${arg_ABI})
  endif()
  set(sources ${indices})
  if(arg_RULE)
    get_filename_component(rule ${arg_RULE} ABSOLUTE)
    list(APPEND options --rule ${rule})
    list(APPEND sources ${rule})
  endif()

  set(made ${arg_OUT}/${name}.so ${arg_OUT}/${name}.plugin.ini)
  # The compiler of the build, not whatever cc is.
  add_custom_command(OUTPUT ${made}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${arg_OUT}
    COMMAND ${CMAKE_COMMAND} -E env "CC=${CMAKE_C_COMPILER}"
            $<TARGET_FILE:chiso::command> build ${options} ${indices}
    DEPENDS ${sources} chiso::command
    COMMENT "Plugin ${name}" VERBATIM)
  add_custom_target(plugin-${name} ALL DEPENDS ${made})
  set_target_properties(plugin-${name} PROPERTIES CHISO_FILES "${made}")
  if(arg_GOLDEN)
    list(GET indices 0 first)
    _chiso_golden(${name} ${first} ${arg_GOLDEN} ${arg_OUT})
  endif()
endfunction()
