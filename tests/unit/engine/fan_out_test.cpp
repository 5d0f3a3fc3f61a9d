#include "engine/fan_out.h"

#include <gtest/gtest.h>

#include "tests/unit/engine/one_user.h"

namespace sojourn::engine {
namespace {

using graph::Value;

constexpr auto kPaid = [](const char* account) {
  return std::vector<graph::Field>{{"account", Value(account)}};
};

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

}  // namespace
}  // namespace sojourn::engine
