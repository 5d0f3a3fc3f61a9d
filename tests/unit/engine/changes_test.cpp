#include "engine/changes.h"

#include <gtest/gtest.h>

namespace sojourn::engine {
namespace {

using graph::Value;

TEST(ChangeFact, SaysBothSides) {
  const auto fact = change_fact("user.plan changed", Value("free"), Value("pro"));
  ASSERT_TRUE(fact.has_value());
  EXPECT_EQ(fact->name, "user.plan changed");
  EXPECT_EQ(graph::find_field(fact->fields, "from"), Value("free"));
  EXPECT_EQ(graph::find_field(fact->fields, "to"), Value("pro"));
}

TEST(ChangeFact, WhatIsMissingIsNoField) {
  EXPECT_EQ(change_fact("x", Value(), Value("pro"))->fields.size(), 1U);
  EXPECT_EQ(change_fact("x", Value("pro"), Value())->fields.at(0).first, "from");
}

TEST(ChangeFact, TheSameIsNoChange) {
  EXPECT_FALSE(change_fact("x", Value("pro"), Value("pro")).has_value());
  EXPECT_FALSE(change_fact("x", Value(), Value()).has_value());
}

}  // namespace
}  // namespace sojourn::engine
