#include "connectors/webhook/allow_list.h"

#include <gtest/gtest.h>

namespace sojourn::connectors::webhook {
namespace {

bool allows(const std::vector<std::string>& entries, const std::string& url) {
  const auto list = AllowList::from_entries(entries, "allow");
  EXPECT_TRUE(list.has_value());
  return list->allows(*parse_target(url));
}

TEST(AllowList, NamesHostsWholeAndAtTheUsualPort) {
  EXPECT_TRUE(allows({"scores.example.com"}, "https://scores.example.com/one"));
  EXPECT_TRUE(allows({"Scores.Example.Com"}, "https://scores.example.com/one"));
  EXPECT_FALSE(allows({"scores.example.com"}, "https://scores.example.com:8443/one"));
  EXPECT_FALSE(allows({"example.com"}, "https://scores.example.com/one"));
  EXPECT_FALSE(allows({"scores.example.com"}, "https://xscores.example.com/one"));
  EXPECT_FALSE(allows({"scores.example.com"}, "https://scores.example.com.evil.example/one"));
  EXPECT_FALSE(allows({}, "https://scores.example.com/one"));
}

TEST(AllowList, OrAtThePortThatItNames) {
  EXPECT_TRUE(allows({"scores.example.com:8443"}, "https://scores.example.com:8443/one"));
  EXPECT_FALSE(allows({"scores.example.com:8443"}, "https://scores.example.com/one"));
  EXPECT_TRUE(allows({"127.0.0.1:8080"}, "http://127.0.0.1:8080/one"));
  EXPECT_TRUE(allows({"[::1]:8080"}, "http://[::1]:8080/one"));
  EXPECT_TRUE(allows({"[::1]"}, "http://[::1]/one"));
  EXPECT_FALSE(allows({"[::1]"}, "http://[::1]:8080/one"));
}

TEST(AllowList, TakesNoPatternsAndNoUrls) {
  for (const char* entry : {"*.example.com", "*", "", "https://scores.example.com", "a/b",
                            "scores.example.com/", "10.0.0.0/8", "scores.example.com:"}) {
    const auto list = AllowList::from_entries({entry}, "allow_private");
    ASSERT_FALSE(list.has_value()) << entry;
    EXPECT_EQ(list.error().message,
              "`" + std::string(entry) + "` of `allow_private` is not a host");
  }
}

}  // namespace
}  // namespace sojourn::connectors::webhook
