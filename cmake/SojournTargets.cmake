# One folder, one target, one namespace.

add_library(sojourn_flags INTERFACE)
target_include_directories(sojourn_flags INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_options(sojourn_flags INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor
    -Wold-style-cast -Woverloaded-virtual -Wconversion -Wno-sign-conversion -Werror>)
# simdjson's DOM API returns error codes that callers check; no exceptions needed there.
# libstdc++ 12's own std::stable_sort calls a function that it marks deprecated,
# which clang reports at the caller.
target_compile_options(sojourn_flags INTERFACE
  $<$<COMPILE_LANG_AND_ID:CXX,Clang>:-Wno-deprecated-declarations>)
# Some libraries ask for it and some do not; what is precompiled has to be for all.
target_compile_options(sojourn_flags INTERFACE -pthread)
target_link_libraries(sojourn_flags INTERFACE Threads::Threads)

# For the builds that CI makes anew each time. The everyday build goes without, so that a
# file that lacks an #include of its own is found.
if(SOJOURN_PRECOMPILE)
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/precompiled.cpp CONTENT "")
  # ccache keeps what is compiled with a header only if the header has no time in it.
  set(no_time -Xclang -fno-pch-timestamp)
  set(not_optimised -O0)
  add_library(sojourn_precompiled OBJECT ${CMAKE_BINARY_DIR}/precompiled.cpp)
  target_link_libraries(sojourn_precompiled PRIVATE sojourn_flags fmt::fmt)
  target_compile_options(sojourn_precompiled PRIVATE ${no_time})
  target_precompile_headers(sojourn_precompiled PRIVATE
    <algorithm> <array> <cstdint> <functional> <map> <memory> <optional> <ostream> <set> <span>
    <string> <string_view> <utility> <variant> <vector> <fmt/format.h>)
  add_library(sojourn_precompiled_tests OBJECT ${CMAKE_BINARY_DIR}/precompiled.cpp)
  target_link_libraries(sojourn_precompiled_tests PRIVATE sojourn_flags fmt::fmt
    nlohmann_json::nlohmann_json GTest::gmock)
  target_compile_options(sojourn_precompiled_tests PRIVATE ${no_time} ${not_optimised})
  target_precompile_headers(sojourn_precompiled_tests PRIVATE
    <algorithm> <filesystem> <fstream> <functional> <map> <memory> <optional> <set> <span> <sstream>
    <string> <string_view> <utility> <variant> <vector>
    <fmt/format.h> <gmock/gmock.h> <gtest/gtest.h> <nlohmann/json.hpp>)
endif()

# sojourn_precompile(TARGET FROM): TARGET includes what FROM has compiled.
function(sojourn_precompile target from)
  if(SOJOURN_PRECOMPILE)
    target_precompile_headers(${target} REUSE_FROM ${from})
  endif()
endfunction()

# sojourn_folder(NAME [LINK lib...] SOURCES file...)
# Library sojourn_NAME from this folder's sources, alias sojourn::NAME.
function(sojourn_folder name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
  if(ARG_SOURCES)
    add_library(sojourn_${name} STATIC ${ARG_SOURCES})
    target_link_libraries(sojourn_${name} PUBLIC sojourn_flags ${ARG_LINK})
    sojourn_precompile(sojourn_${name} sojourn_precompiled)
  else()
    add_library(sojourn_${name} INTERFACE)
    target_link_libraries(sojourn_${name} INTERFACE sojourn_flags ${ARG_LINK})
  endif()
  add_library(sojourn::${name} ALIAS sojourn_${name})
endfunction()

# sojourn_test(NAME [COMPUTES] [LABELS label...] [LINK lib...] SOURCES file...)
# A GoogleTest binary NAME; ctest runs it whole, as one test. Labels: `unit`
# (default), `runtime` (also run under TSan), `e2e`. With SOJOURN_PRECOMPILE its own sources
# are not optimised, unless it COMPUTES for long in them. The cache variable
# SOJOURN_ONLY_TESTS_LABELLED leaves all others out.
function(sojourn_test name)
  cmake_parse_arguments(ARG "COMPUTES" "TIMEOUT" "SOURCES;LINK;LABELS" ${ARGN})
  if(NOT ARG_LABELS)
    set(ARG_LABELS unit)
  endif()
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 300)
  endif()
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE sojourn_flags ${ARG_LINK} GTest::gmock GTest::gtest_main)
  if(ARG_COMPUTES)
    sojourn_precompile(${name} sojourn_precompiled)
  else()
    sojourn_precompile(${name} sojourn_precompiled_tests)
    target_compile_options(${name} PRIVATE ${not_optimised})
  endif()
  if(SOJOURN_ONLY_TESTS_LABELLED AND NOT SOJOURN_ONLY_TESTS_LABELLED IN_LIST ARG_LABELS)
    # The target stays, for the caller to set properties on; nobody builds or runs it.
    set_target_properties(${name} PROPERTIES EXCLUDE_FROM_ALL TRUE)
    return()
  endif()
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES LABELS "${ARG_LABELS}" TIMEOUT ${ARG_TIMEOUT})
endfunction()
