#include "engine/fan_out.h"

#include <algorithm>
#include <gtest/gtest.h>

#include "tests/unit/engine/one_user.h"

namespace sojourn::engine {
namespace {

using graph::Value;

constexpr auto kPaid = [](const char* account) {
  return std::vector<graph::Field>{{"account", Value(account)}};
};

std::string json(const Value& value) {
  std::string text;
  graph::append_json(text, value);
  return text;
}

TEST(FanOut, GoesToThoseWhoseFieldIsThis) {
  const graph::FanOut rule{"accountId", false, "account", 10};
  test::TestProfile ada;
  ada.fields["accountId"] = Value("a1");
  EXPECT_TRUE(is_for(rule, ada, kPaid("a1")));
  EXPECT_FALSE(is_for(rule, ada, kPaid("a2")));
}

TEST(FanOut, GoesToThoseWhoseListHasIt) {
  const graph::FanOut rule{"accountIds", true, "account", 10};
  test::TestProfile ada;
  ada.fields["accountIds"] = Value(graph::List{Value("a1"), Value("a2")});
  EXPECT_TRUE(is_for(rule, ada, kPaid("a2")));
  EXPECT_FALSE(is_for(rule, ada, kPaid("a3")));
  ada.fields["accountIds"] = Value("a2");
  EXPECT_FALSE(is_for(rule, ada, kPaid("a2"))) << "no list";
}

TEST(FanOut, WhatIsMissingMatchesNobody) {
  const graph::FanOut rule{"accountId", false, "account", 10};
  test::TestProfile nobody;
  EXPECT_FALSE(is_for(rule, nobody, kPaid("a1")));
  EXPECT_FALSE(is_for(rule, nobody, {})) << "both missing are not equal";
}

TEST(FanOut, TakesNumbersForEqualAsTheLanguageDoes) {
  const graph::FanOut rule{"seats", false, "account", 10};
  test::TestProfile ada;
  ada.fields["seats"] = Value(3.0);
  EXPECT_TRUE(is_for(rule, ada, {{"account", Value(std::int64_t{3})}}));
}

// An index and a look at each user find the same.
TEST(FanOut, FindsByKeysWhomItIsFor) {
  const Value one(std::int64_t{1});
  const std::vector<Value> values{
      Value(),
      Value("a1"),
      Value("1"),
      one,
      Value(1.0),
      Value(true),
      Value(graph::List{}),
      Value(graph::List{Value("a1"), Value(1.0), Value("a1")}),
      Value(graph::List{Value(graph::List{one}), Value()}),
      Value(graph::List{one}),
  };
  for (const bool contains : {false, true}) {
    const graph::FanOut rule{"of_user", contains, "of_event", 10};
    for (const Value& of_user : values) {
      test::TestProfile user;
      user.fields["of_user"] = of_user;
      const auto keys = fan_out_keys(of_user, contains);
      EXPECT_TRUE(std::ranges::is_sorted(keys));
      EXPECT_EQ(std::ranges::adjacent_find(keys), keys.end());
      for (const Value& of_event : values) {
        const std::vector<graph::Field> event{{"of_event", of_event}};
        const auto key = fan_out_key(rule, event);
        EXPECT_EQ(key && std::ranges::binary_search(keys, *key), is_for(rule, user, event))
            << contains << ' ' << json(of_user) << ' ' << json(of_event);
      }
    }
  }
}

}  // namespace
}  // namespace sojourn::engine
