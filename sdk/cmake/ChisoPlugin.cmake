# SPDX-License-Identifier: Apache-2.0
# chiso_add_plugin(NAME INDICES a.json... [RULE rule.c] [VERSION 1.0.0]
#                  [LICENSE Apache-2.0] [CONTACT text] [OUT folder])
#
# Makes NAME.so and NAME.plugin.ini with `chiso build` into OUT, by default
# ${CHISO_PLUGIN_DIR} or the current binary folder. The target is plugin-NAME,
# part of `all`. The command is the target chiso-cli where it is being built
# too, else the installed chiso.
include_guard(GLOBAL)

function(_chiso_command command depends)
  if(TARGET chiso-cli)
    set(${command} "$<TARGET_FILE:chiso-cli>" PARENT_SCOPE)
    set(${depends} chiso-cli PARENT_SCOPE)
    return()
  endif()
  # An installed SDK is <prefix>/lib/cmake/chiso or <prefix>/share/chiso/cmake.
  find_program(CHISO_PROGRAM chiso
    HINTS ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/../../../bin
          ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/../../../../bin REQUIRED)
  set(${command} "${CHISO_PROGRAM}" PARENT_SCOPE)
  set(${depends} "${CHISO_PROGRAM}" PARENT_SCOPE)
endfunction()

function(chiso_add_plugin name)
  cmake_parse_arguments(PARSE_ARGV 1 arg ""
    "RULE;VERSION;LICENSE;CONTACT;OUT" "INDICES")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR
      "chiso_add_plugin(${name}): unknown ${arg_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT arg_INDICES)
    message(FATAL_ERROR "chiso_add_plugin(${name}): INDICES is empty")
  endif()
  if(NOT arg_VERSION)
    set(arg_VERSION 1.0.0)
  endif()
  if(NOT arg_LICENSE)
    set(arg_LICENSE Apache-2.0)
  endif()
  if(NOT arg_OUT)
    if(CHISO_PLUGIN_DIR)
      set(arg_OUT ${CHISO_PLUGIN_DIR})
    else()
      set(arg_OUT ${CMAKE_CURRENT_BINARY_DIR})
    endif()
  endif()

  set(inputs "")
  foreach(index IN LISTS arg_INDICES)
    get_filename_component(index ${index} ABSOLUTE)
    list(APPEND inputs ${index})
  endforeach()
  set(options --id ${name} --out ${arg_OUT} --version ${arg_VERSION}
    --license ${arg_LICENSE})
  if(arg_CONTACT)
    list(APPEND options --contact ${arg_CONTACT})
  endif()
  set(sources ${inputs})
  if(arg_RULE)
    get_filename_component(rule ${arg_RULE} ABSOLUTE)
    list(APPEND options --rule ${rule})
    list(APPEND sources ${rule})
  endif()

  _chiso_command(command depends)
  set(made ${arg_OUT}/${name}.so ${arg_OUT}/${name}.plugin.ini)
  # The compiler of the build, not whatever cc is.
  add_custom_command(OUTPUT ${made}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${arg_OUT}
    COMMAND ${CMAKE_COMMAND} -E env "CC=${CMAKE_C_COMPILER}"
            ${command} build ${options} ${inputs}
    DEPENDS ${sources} ${depends}
    COMMENT "Plugin ${name}" VERBATIM)
  add_custom_target(plugin-${name} ALL DEPENDS ${made})
  set_target_properties(plugin-${name} PROPERTIES CHISO_FILES "${made}")
endfunction()
