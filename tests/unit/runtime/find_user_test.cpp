// Whom an operator's word names, asked of a shard whose nobody has rows.
#include "runtime/find_user.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>

#include "runtime/operation_record.h"
#include "tests/unit/runtime/shard_world.h"

namespace sojourn::runtime {
namespace {

using ::testing::HasSubstr;

constexpr const char* kSlowly = R"(
  event signup
  policy { timezone "UTC" }
  journey slowly {
    enter on signup
    pace 1 per 1h
    wait 1d
  }
)";

// What a report would print of users whom there cannot be.
std::vector<std::string> ids_of_nobody() {
  return {printed_id({0, 0}),
          printed_id({1, 0}),
          printed_id(queue_user(0)),
          printed_id(queue_user(1)),
          printed_id({store::kShardCount, 1}),
          "ffffffffffffffff"};
}

class FindUserTest : public testing::Test {
 protected:
  FindUserTest() {
    EXPECT_EQ(world.track(R"({"email":"ada@example.com","eventName":"signup"})"), "200 Success");
    EXPECT_EQ(world.track(R"({"email":"bob@example.com","eventName":"signup"})"), "200 Success");
  }

  ShardWorld world{kSlowly};
};

TEST_F(FindUserTest, NoQuestionIsAboutNobody) {
  ASSERT_FALSE(world.store().rows({0, 0}, store::RowKind::kPace, 1).value().empty());
  for (const std::string& id : ids_of_nobody()) {
    EXPECT_THAT(world.ask(UserQuery{id}), HasSubstr("nobody has the email")) << id;
    EXPECT_THAT(world.ask(ExportQuery{id}), HasSubstr("nobody has the email")) << id;
    EXPECT_THAT(world.ask(WhyQuery{id, "signup"}), HasSubstr("nobody is called")) << id;
    DeliveryQuery deliveries;
    deliveries.user = id;
    EXPECT_THAT(world.ask(deliveries), HasSubstr("nobody has the email")) << id;
  }
}

TEST_F(FindUserTest, NobodyIsForgotten) {
  for (const std::string& id : ids_of_nobody()) {
    for (const bool yes : {false, true}) {
      EXPECT_THAT(world.ask(ForgetCommand{.identity = id, .carry_out = yes, .by = "op"}),
                  HasSubstr("nobody has the email"))
          << id;
    }
  }
}

TEST_F(FindUserTest, WhoeverThereMayBeIsNamedByTheirPrintedId) {
  for (const store::UserId user :
       {store::UserId{0, 1}, store::UserId{store::kShardCount - 1, kFirstQueueUser - 1}}) {
    EXPECT_EQ(find_user(printed_id(user), world.store()).value(), user);
  }
}

// It is the name that they chose.
TEST_F(FindUserTest, SomebodysUserIdMayLookLikeNobodysId) {
  ASSERT_EQ(world.update(R"({"userId":"0000000000000000"})"), "200 Success");
  EXPECT_THAT(world.report("0000000000000000"), HasSubstr(R"("userId":"0000000000000000")"));
}

}  // namespace
}  // namespace sojourn::runtime
