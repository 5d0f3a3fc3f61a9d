#include "connectors/only_to.h"

#include <gtest/gtest.h>

namespace sojourn::connectors {
namespace {

OnlyTo only_to(std::vector<std::string> patterns) {
  auto made = OnlyTo::from_patterns(std::move(patterns));
  EXPECT_TRUE(made.has_value());
  return made ? *made : OnlyTo();
}

TEST(OnlyTo, LetsEverythingThroughWithoutAList) {
  EXPECT_TRUE(OnlyTo().allowed("anyone@anywhere.org"));
  EXPECT_TRUE(OnlyTo().allowed(""));
}

TEST(OnlyTo, LetsNothingThroughWithAnEmptyList) {
  EXPECT_FALSE(only_to({}).allowed("ada@example.com"));
}

TEST(OnlyTo, MatchesADomainOrAWholeAddress) {
  const OnlyTo list = only_to({"*@example.com", "bob@other.org"});
  EXPECT_TRUE(list.allowed("ada@example.com"));
  EXPECT_TRUE(list.allowed("bob@other.org"));
  EXPECT_FALSE(list.allowed("eve@other.org"));
  EXPECT_FALSE(list.allowed("bob@other.org.evil.com"));
}

TEST(OnlyTo, MatchesTheWholeDomainOnly) {
  const OnlyTo list = only_to({"*@example.com"});
  EXPECT_FALSE(list.allowed("ada@notexample.com"));
  EXPECT_FALSE(list.allowed("ada@sub.example.com"));
  EXPECT_FALSE(list.allowed("ada@example.com.evil.org"));
  EXPECT_FALSE(list.allowed("@example.com"));
}

TEST(OnlyTo, MatchesTheEndOfTheLocalPart) {
  const OnlyTo list = only_to({"*+test@example.com"});
  EXPECT_TRUE(list.allowed("ada+test@example.com"));
  EXPECT_FALSE(list.allowed("ada@example.com"));
}

TEST(OnlyTo, IgnoresCase) {
  EXPECT_TRUE(only_to({"*@Example.COM"}).allowed("ADA@exAMPle.com"));
}

TEST(OnlyTo, RefusesAUserWithoutAnEmail) {
  EXPECT_FALSE(only_to({"*@example.com"}).allowed(""));
}

TEST(OnlyTo, SaysWhatIsWrongWithAPattern) {
  for (const char* bad : {"", "*", "@", "*@", "@example.com", "example.com", "ada@*",
                          "a*@example.com", "**@example.com", "a@b@example.com"}) {
    const auto made = OnlyTo::from_patterns({"*@example.com", bad});
    ASSERT_FALSE(made.has_value()) << bad;
    EXPECT_EQ(made.error().kind, base::Error::Kind::kInvalid);
    EXPECT_EQ(made.error().message,
              "`only_to` pattern `" + std::string(bad) + "` is not an address");
  }
}

}  // namespace
}  // namespace sojourn::connectors
