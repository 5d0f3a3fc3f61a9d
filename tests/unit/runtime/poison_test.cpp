// A message that never gets anywhere delays nobody else.
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <optional>

#include "tests/unit/runtime/shard_world.h"

namespace sojourn::runtime {
namespace {

using base::hours;
using base::minutes;
using connectors::OutcomeKind;

constexpr const char* kJourneys = R"(
  event signup
  message_type news = 1 transactional opt_out
  campaign first  = 101 email news
  campaign second = 102 email news
  policy { timezone "UTC" }
  journey trial {
    owner "a@example.com"
    enter on signup
    send first
    wait 1h
    send second
  }
)";

constexpr const char* kPoison = "poison@example.com";
constexpr int kOthers = 20;

std::string signup(const std::string& who) {
  return R"({"email":")" + who + R"(","eventName":"signup"})";
}

std::string recipient(const Outgoing& outgoing) {
  return nlohmann::json::parse(outgoing.request.body).at("recipientEmail");
}

// Answers everything that leaves: what goes to the poisoned user in this way, all else with yes.
class Poison : public testing::Test {
 protected:
  Poison() {
    ShardSettings settings;
    settings.max_in_doubt = 2;
    settings.turn.look_up_after = minutes(2);
    world.emplace(kJourneys, settings);
  }

  void answer_all(OutcomeKind kind) {
    while (!world->nothing_to_take()) {
      const Outgoing outgoing = world->take();
      if (outgoing.endpoint == Endpoint::kSentMessages) {
        world->learn(outgoing, {});  // it says nothing
      } else {
        world->end(outgoing, recipient(outgoing) == kPoison ? kind : OutcomeKind::kAccepted);
      }
    }
  }

  // The poisoned message is tried before anybody comes, and between them.
  void live_beside(OutcomeKind kind) {
    world->track(signup(kPoison));
    answer_all(kind);
    for (int i = 0; i < kOthers; ++i) {
      world->track(signup("u" + std::to_string(i) + "@example.com"));
      answer_all(kind);
      EXPECT_EQ(world->counter("accepted/trial/first"), i + 1) << "at once";
    }
    world->pass(hours(1));
    answer_all(kind);
    EXPECT_EQ(world->counter("accepted/trial/second"), kOthers) << "to the moment";
  }

  std::optional<ShardWorld> world;
};

TEST_F(Poison, AMessageThatIsRefusedForGood) {
  live_beside(OutcomeKind::kRejected);
  EXPECT_EQ(world->counter("skipped/trial/first/refused"), 1);
}

TEST_F(Poison, AMessageThatIsTriedAgainForEverUntilItsDeadline) {
  live_beside(OutcomeKind::kRetry);
  for (int hour = 0; hour < 72; ++hour) {
    world->pass(hours(1));
    answer_all(OutcomeKind::kRetry);
  }
  EXPECT_EQ(world->counter("skipped/trial/first/late"), 1);
  EXPECT_EQ(world->counter("accepted/trial/second"), kOthers);
}

TEST_F(Poison, AMessageWhoseAnswerNeverComes) {
  live_beside(OutcomeKind::kUnknown);
  EXPECT_EQ(world->counter("parked/email"), 1);
  // Three days for each of the two messages.
  for (int hour = 0; hour < 7 * 24; ++hour) {
    world->pass(hours(1));
    answer_all(OutcomeKind::kUnknown);
  }
  EXPECT_EQ(world->counter("skipped/trial/first/late"), 1);
  EXPECT_EQ(world->counter("skipped/trial/second/late"), 1);
  EXPECT_EQ(world->counter("parked/email"), 0);
}

}  // namespace
}  // namespace sojourn::runtime
