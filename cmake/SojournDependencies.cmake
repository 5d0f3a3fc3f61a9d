# Every third-party library, found once. All come from Debian 12's packages;
# `./dev setup` installs them.

find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(pegtl 3.2.7 REQUIRED CONFIG)
find_package(nlohmann_json 3.11.2 REQUIRED CONFIG)
find_package(simdjson 3.0 REQUIRED CONFIG)
find_package(fmt 9.1 REQUIRED CONFIG)
find_package(CLI11 2.1 REQUIRED CONFIG)
find_package(tomlplusplus REQUIRED CONFIG)
find_package(tl-expected REQUIRED CONFIG)
find_package(valijson REQUIRED CONFIG)
find_package(absl REQUIRED CONFIG)
find_package(SQLite3 3.40 REQUIRED)
find_package(OpenSSL 3 REQUIRED COMPONENTS Crypto)
find_package(CURL 7.88 REQUIRED COMPONENTS SSL)
pkg_check_modules(LIBUV REQUIRED IMPORTED_TARGET libuv>=1.44)
pkg_check_modules(XXHASH REQUIRED IMPORTED_TARGET libxxhash)
pkg_check_modules(RE2 REQUIRED IMPORTED_TARGET re2)

if(SOJOURN_MIMALLOC)
  find_package(mimalloc 2.0 REQUIRED CONFIG)
endif()
if(SOJOURN_BUILD_TESTS)
  find_package(GTest REQUIRED CONFIG)
  find_package(rapidcheck REQUIRED CONFIG)
endif()
if(SOJOURN_BUILD_BENCH)
  find_package(benchmark REQUIRED CONFIG)
endif()

# Debian packages llhttp as generated C sources only.
find_path(LLHTTP_SRC llhttp.c PATHS /usr/share/llhttp NO_DEFAULT_PATH REQUIRED)
find_path(LLHTTP_INC llhttp.h PATHS /usr/share/include/llhttp NO_DEFAULT_PATH REQUIRED)
add_library(llhttp STATIC ${LLHTTP_SRC}/llhttp.c ${LLHTTP_SRC}/api.c ${LLHTTP_SRC}/http.c)
target_include_directories(llhttp SYSTEM PUBLIC ${LLHTTP_INC})
# The generated parser comes in two leniencies; the default lets more through.
target_compile_definitions(llhttp PRIVATE LLHTTP_STRICT_MODE=1)

# Debian's cctz ships neither a pkg-config file nor a CMake config.
find_library(CCTZ_LIB cctz REQUIRED)
find_path(CCTZ_INC cctz/time_zone.h REQUIRED)
add_library(cctz::cctz UNKNOWN IMPORTED)
set_target_properties(cctz::cctz PROPERTIES
  IMPORTED_LOCATION ${CCTZ_LIB} INTERFACE_INCLUDE_DIRECTORIES ${CCTZ_INC})
