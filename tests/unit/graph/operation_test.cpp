#include "graph/operation.h"

#include <gtest/gtest.h>

namespace sojourn::graph {
namespace {

TEST(Operation, EveryOpHasANameAndAPossibleNumberOfArguments) {
  for (std::size_t i = 0; i < kOpCount; ++i) {
    const Operation& op = operation(static_cast<Op>(i));
    EXPECT_EQ(op.op, static_cast<Op>(i));
    EXPECT_FALSE(op.name.empty()) << i;
    EXPECT_LE(op.min_arguments, op.max_arguments) << op.name;
  }
}

TEST(OperationDeathTest, AnOpThatIsNoneIsABug) {
  EXPECT_DEATH(operation(static_cast<Op>(kOpCount)), "one of Op's");
}

}  // namespace
}  // namespace sojourn::graph
