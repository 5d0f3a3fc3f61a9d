#include "tests/tidy/banned_calls.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sojourn::tidy {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::vector<std::string> kFolders{"app",        "base",    "bench",  "calendar",
                                        "connectors", "dsl",     "engine", "graph",
                                        "runtime",    "sandbox", "tests"};

class EveryHouseRule : public testing::TestWithParam<HouseRule> {};

TEST_P(EveryHouseRule, IsKeptByTheTree) {
  static const std::vector<SourceFile> files = read_sources(SOJOURN_SOURCE_DIR, kFolders);
  ASSERT_GT(files.size(), 50u);
  for (const SourceFile& file : files) {
    for (const std::string& message : find_offences(GetParam(), file)) ADD_FAILURE() << message;
  }
}

TEST_P(EveryHouseRule, FindsAPlantedOffenceAndSaysWhatToDo) {
  const HouseRule& rule = GetParam();
  EXPECT_THAT(find_offences(rule, {"engine/a.cpp", "\n  " + rule.offence + "\n"}),
              ElementsAre("engine/a.cpp:2: " + rule.name + ": " + rule.instead));
  EXPECT_THAT(find_offences(rule, {"engine/a.cpp", rule.offence + "\n"}).size(), 1u);
}

TEST_P(EveryHouseRule, LeavesTheInnocentAlone) {
  const HouseRule& rule = GetParam();
  EXPECT_THAT(find_offences(rule, {"engine/a.cpp", rule.innocent}), IsEmpty());
  EXPECT_THAT(find_offences(rule, {"engine/a.cpp", "// " + rule.offence}), IsEmpty());
  EXPECT_THAT(find_offences(rule, {"engine/a.cpp", "f(R\"(" + rule.offence + ")\");"}), IsEmpty());
  for (const std::string& allowed : rule.allowed) {
    EXPECT_THAT(find_offences(rule, {allowed + "a.cpp", rule.offence}), IsEmpty());
  }
}

INSTANTIATE_TEST_SUITE_P(Tidy, EveryHouseRule, testing::ValuesIn(house_rules()),
                         [](const testing::TestParamInfo<HouseRule>& rule) {
                           std::string name = rule.param.name;
                           std::erase(name, '-');
                           return name;
                         });

TEST(CodeOnly, KeepsCodeAndLineNumbersAndBlanksTheRest) {
  EXPECT_EQ(code_only("a // b\nc"), "a     \nc");
  EXPECT_EQ(code_only("a /* b\nc */ d"), "a     \n     d");
  EXPECT_EQ(code_only("f(\"a\\\"b\") + g"), "f(\"    \") + g");
  EXPECT_EQ(code_only("'\"' + x + 'y'"), "' ' + x + ' '");
  EXPECT_EQ(code_only("1'000 + f('a')"), "1'000 + f(' ')");
  EXPECT_EQ(code_only("R\"x(a)\" )x\" + b"), "            + b");
  EXPECT_EQ(code_only("\"never closed"), "\"            ");
}

}  // namespace
}  // namespace sojourn::tidy
