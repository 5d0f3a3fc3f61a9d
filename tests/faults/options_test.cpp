#include "tests/faults/options.h"

#include <gtest/gtest.h>

namespace sojourn::faults {
namespace {

TEST(FaultsOptions, ReadsEveryWord) {
  const auto read = parse_options({"--case", "kill\\..*", "--seed", "7", "--quick", "--markdown",
                                   "a.md", "--log", "a.txt", "--list"});
  ASSERT_TRUE(read);
  EXPECT_EQ(read->case_pattern, "kill\\..*");
  EXPECT_EQ(read->settings.seed, 7U);
  EXPECT_TRUE(read->settings.is_quick);
  EXPECT_EQ(read->markdown_file, "a.md");
  EXPECT_EQ(read->log_file, "a.txt");
  EXPECT_TRUE(read->only_lists);
}

TEST(FaultsOptions, AnErrorNamesTheWordThatIsWrong) {
  const std::pair<std::vector<std::string>, std::string> wrong[] = {
      {{"--cases"}, "there is no option `--cases`"},
      {{"--seed"}, "`--seed` wants a value behind it"},
      {{"--seed", "-1"}, "`--seed` takes a number from 0, found `-1`"},
      {{"--seed", "7x"}, "`--seed` takes a number from 0, found `7x`"},
      {{"--case", "("}, "`--case` takes a regular expression, found `(`"},
  };
  for (const auto& [words, message] : wrong) {
    const auto read = parse_options(words);
    ASSERT_FALSE(read) << message;
    EXPECT_EQ(read.error().message, message);
  }
}

TEST(FaultsOptions, TheHelpNamesEveryOption) {
  for (const char* name : {"--list", "--case", "--quick", "--seed", "--markdown", "--log"}) {
    EXPECT_NE(help_text().find(name), std::string::npos) << name;
  }
}

}  // namespace
}  // namespace sojourn::faults
