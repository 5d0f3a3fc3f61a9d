#include "tests/tidy/purity.h"

#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sstream>

#include "tests/tidy/source_files.h"

namespace sojourn::tidy {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

AllowList allow_list() {
  return AllowList(
      read_text(std::filesystem::path(SOJOURN_SOURCE_DIR) / "tests/tidy/pure_symbols.txt"));
}

std::vector<std::string> impurities_of_file(const char* path) {
  std::ifstream file(path);
  EXPECT_TRUE(file.good()) << path;
  return find_impurities(file, allow_list());
}

std::vector<std::string> impurities_of_text(const std::string& nm_output, const char* allowed) {
  std::istringstream in(nm_output);
  return find_impurities(in, AllowList(allowed));
}

TEST(Purity, EngineGraphCalendarAndBaseWantNothingImpure) {
  for (const std::string& message : impurities_of_file(SOJOURN_PURE_SYMBOLS)) {
    ADD_FAILURE() << message;
  }
}

TEST(Purity, TheSymbolsOfAllFourAreLookedAt) {
  const std::string symbols = read_text(SOJOURN_PURE_SYMBOLS);
  for (const char* symbol : {"sojourn::engine::advance(", "sojourn::graph::verify(",
                             "sojourn::calendar::Zone::Zone(", "sojourn::base::stable_hash64("}) {
    EXPECT_THAT(symbols, HasSubstr(symbol));
  }
}

TEST(Purity, WithoutTheListTheExceptionIsSeen) {
  std::istringstream symbols(read_text(SOJOURN_PURE_SYMBOLS));
  EXPECT_THAT(find_impurities(symbols, AllowList("")),
              Contains(HasSubstr("check.cpp.o uses `abort`")));
}

// A real object, compiled like the rest, that does all that is forbidden.
TEST(Purity, APlantedObjectIsCaughtForEveryForbiddenThing) {
  const auto messages = impurities_of_file(SOJOURN_PLANTED_SYMBOLS);
  for (const char* symbol :
       {"`time`", "`open`", "`fopen`", "`socket`", "`getrandom`", "`rand`", "`getenv`", "`printf`",
        "`clock_gettime`", "`localtime_r`", "`nanosleep`",
        "std::thread::", "`std::chrono::_V2::system_clock::now()`",
        "`std::chrono::_V2::steady_clock::now()`", "std::random_device::"}) {
    EXPECT_THAT(messages, Contains(AllOf(HasSubstr("planted_impure"), HasSubstr(symbol))));
  }
}

constexpr const char* kTwoObjects =
    "lib/a.a:one.cpp.o:0000000000000000 T ours(int)\n"
    "lib/a.a:one.cpp.o:                 U memcpy\n"
    "lib/b.a:two.cpp.o:                 U ours(int)\n"
    "lib/b.a:two.cpp.o:                 U std::__throw_bad_alloc()\n"
    "lib/b.a:two.cpp.o:                 w theirs\n";

TEST(Purity, WhatOneObjectDefinesAnotherMayUse) {
  EXPECT_THAT(impurities_of_text(kTwoObjects, "memcpy\nstd::__throw_*\ntheirs\n"), IsEmpty());
}

TEST(Purity, TheNmOfEitherToolchainIsRead) {
  EXPECT_THAT(impurities_of_text("a.cpp.o:                 U time\n", ""),
              Contains(HasSubstr("a.cpp.o uses `time`")));
  EXPECT_THAT(impurities_of_text("/b/a.cpp.o:                  U time\n", ""),
              Contains(HasSubstr("a.cpp.o uses `time`")));
  EXPECT_THAT(impurities_of_text("lib/x.a:a.cpp.o: 0000000000000000 T time\n", ""), IsEmpty());
}

TEST(Purity, AMessageNamesTheObjectTheSymbolAndWhatToDo) {
  EXPECT_THAT(
      impurities_of_text(kTwoObjects, "memcpy\nstd::__throw_*  # failures\n"),
      ElementsAre("two.cpp.o uses `theirs`: pure code is handed what it looks at; pass it in as an "
                  "argument, or, if it is harmless, add it to tests/tidy/pure_symbols.txt"));
}

TEST(Purity, AnExceptionIsForItsObjectOnly) {
  const AllowList list("check.cpp.o: abort\nmem*\n# time\n");
  EXPECT_TRUE(list.allows("check.cpp.o", "abort"));
  EXPECT_FALSE(list.allows("bytes.cpp.o", "abort"));
  EXPECT_TRUE(list.allows("bytes.cpp.o", "memcpy"));
  EXPECT_FALSE(list.allows("bytes.cpp.o", "time"));
  EXPECT_FALSE(list.allows("bytes.cpp.o", ""));
}

}  // namespace
}  // namespace sojourn::tidy
