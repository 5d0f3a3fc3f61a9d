#include <gtest/gtest.h>

#include "tests/unit/engine/graph_builder.h"
#include "tests/unit/engine/one_user.h"

namespace sojourn::engine {
namespace {

using test::GraphBuilder;
using test::OneUser;

OneUser by_seats(graph::Value seats) {
  GraphBuilder b;
  const auto field = b.user("seats");
  const auto many = b.op(graph::Op::kGreaterEqual, {field, b.integer(100)});
  const auto some = b.op(graph::Op::kGreaterEqual, {field, b.integer(5)});
  OneUser user(
      b.build(b.step("size", graph::Branch{.arms = {{many, b.exit("many")}, {some, b.exit("some")}},
                                           .otherwise = b.exit("few")})));
  user.profile.fields["seats"] = std::move(seats);
  user.enters();
  return user;
}

TEST(Branch, TheFirstConditionThatHoldsDecides) {
  EXPECT_EQ(by_seats(graph::Value(std::int64_t{200})).effects(), "size -> 1; exit many");
  EXPECT_EQ(by_seats(graph::Value(std::int64_t{5})).effects(), "size -> 2; exit some");
}

TEST(Branch, WithNoneItGoesElse) {
  EXPECT_EQ(by_seats(graph::Value(std::int64_t{4})).effects(), "size -> else; exit few");
  EXPECT_EQ(by_seats(graph::Value()).effects(), "size -> else; exit few");
}

}  // namespace
}  // namespace sojourn::engine
