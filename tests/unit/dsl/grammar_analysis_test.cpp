#include "dsl/grammar_analysis.h"

#include <gtest/gtest.h>

namespace sojourn::dsl {
namespace {

TEST(Grammars, CannotLoopWithoutReadingSomething) {
  EXPECT_EQ(lexical_grammar_problems(), 0U);
  EXPECT_EQ(grammar_problems(), 0U);
}

}  // namespace
}  // namespace sojourn::dsl
