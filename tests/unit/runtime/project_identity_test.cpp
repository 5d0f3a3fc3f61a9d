// By which names people are addressed, through the real store.
#include <gtest/gtest.h>

#include "tests/unit/runtime/shard_world.h"

namespace sojourn::runtime {
namespace {

using connectors::ProjectIdentity;

constexpr const char* kWorld = R"(
  user { plan string }
  event signup
  message_type account = 9 transactional opt_out
  campaign receipt = 102 email account
  policy { timezone "UTC" }
  journey j { enter on signup  send receipt else { exit as nowhere }  exit as sent }
)";

ShardSettings in_project(ProjectIdentity identity) {
  ShardSettings settings;
  settings.turn.identity = identity;
  return settings;
}

// Of somebody of whom the email and the userId are known.
std::string request_for(ProjectIdentity identity) {
  ShardWorld world(kWorld, in_project(identity));
  world.update(R"({"email":"ada@example.com","userId":"u-77","dataFields":{"plan":"a"}})");
  EXPECT_EQ(world.track(R"({"email":"ada@example.com","eventName":"signup"})"), "200 Success");
  return world.take().request.body.substr(0, 60);
}

TEST(ProjectIdentity, DecidesByWhichNameAMessageIsAddressed) {
  EXPECT_NE(request_for(ProjectIdentity::kEmail).find("recipientEmail"), std::string::npos);
  EXPECT_NE(request_for(ProjectIdentity::kHybrid).find("recipientUserId"), std::string::npos);
  EXPECT_NE(request_for(ProjectIdentity::kUserId).find("recipientUserId"), std::string::npos);
}

TEST(ProjectIdentity, WhoHasNoUserIdCannotBeReachedInAProjectThatKnowsOnlyThat) {
  ShardWorld world(kWorld, in_project(ProjectIdentity::kUserId));
  EXPECT_EQ(world.track(R"({"email":"ada@example.com","eventName":"signup"})"), "200 Success");
  EXPECT_TRUE(world.nothing_to_take());
  EXPECT_EQ(world.counter("exited/j/nowhere"), 1) << "the else of the send has run";
}

TEST(ProjectIdentity, WhoHasOnlyAnEmailIsAddressedByItInAHybridProject) {
  ShardWorld world(kWorld, in_project(ProjectIdentity::kHybrid));
  EXPECT_EQ(world.track(R"({"email":"ada@example.com","eventName":"signup"})"), "200 Success");
  EXPECT_NE(world.take().request.body.find(R"("recipientEmail":"ada@example.com")"),
            std::string::npos);
}

}  // namespace
}  // namespace sojourn::runtime
