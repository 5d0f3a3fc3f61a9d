#include "graph/pattern.h"

#include <gtest/gtest.h>

#include "graph/verify.h"
#include "tests/unit/graph/samples.h"

namespace sojourn::graph {
namespace {

TEST(Pattern, IsFoundAnywhereUnlessItSaysOtherwise) {
  const auto pattern = Pattern::compile("a[0-9]+").value();
  EXPECT_TRUE(pattern->is_found_in("xa12y"));
  EXPECT_FALSE(pattern->is_found_in("xa"));
  const auto whole = Pattern::compile("^a[0-9]+$").value();
  EXPECT_TRUE(whole->is_found_in("a12"));
  EXPECT_FALSE(whole->is_found_in("xa12"));
  EXPECT_TRUE(Pattern::compile("(?i)PRO").value()->is_found_in("Pro plan"));
}

TEST(Pattern, AnyBytesAreAText) {
  const auto pattern = Pattern::compile("b").value();
  EXPECT_FALSE(pattern->is_found_in(""));
  EXPECT_TRUE(pattern->is_found_in(std::string_view("a\0b", 3)));
  Pattern::compile(".").value()->is_found_in("\xff\xfe");
}

TEST(Pattern, WhatIsNoneOrTooLargeIsRefused) {
  EXPECT_FALSE(Pattern::compile("(a"));
  EXPECT_FALSE(Pattern::compile("a(?=b)"));
  EXPECT_FALSE(Pattern::compile(std::string(kMaxPatternBytes + 1, 'a')));
  EXPECT_FALSE(Pattern::compile("((a{1,200}){1,200})"));
  EXPECT_TRUE(Pattern::compile(std::string(kMaxPatternBytes, 'a')));
}

TEST(Pattern, AGraphHasItCompiledAndRefusesAWrongOne) {
  Graph graph = samples::welcome();
  samples::Pool pool(graph.expressions);
  const ExprId id = pool.apply(Op::kMatches, {pool.user("plan")});
  EXPECT_FALSE(verify_structure(graph).has_value()) << "no pattern";
  graph.expressions[id].constant = Value("(");
  EXPECT_FALSE(verify_structure(graph).has_value());
  graph.expressions[id].constant = Value("^pro$");
  EXPECT_TRUE(verify_structure(graph).has_value());
  compute_needs(graph);
  ASSERT_NE(graph.expressions[id].compiled.pattern, nullptr);
  EXPECT_TRUE(graph.expressions[id].compiled.pattern->is_found_in("pro"));
}

}  // namespace
}  // namespace sojourn::graph
