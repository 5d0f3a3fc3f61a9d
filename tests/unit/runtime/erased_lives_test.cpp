// Random lives that are erased on the way.
#include <array>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>
#include <string>

#include "tests/unit/runtime/erasure_fixture.h"

namespace sojourn::runtime {
namespace {

using connectors::OutcomeKind;
using ::testing::IsEmpty;
using Intake = IntakeRequest::Endpoint;

// People come, go on, are erased and forgotten while answers are on their way.
class RandomLives : public ErasureFixture, public testing::WithParamInterface<std::uint64_t> {
 protected:
  static std::string person(std::uint64_t number) {
    return "p" + std::to_string(number) + "@example.com";
  }
  static std::string body(const std::string& who, const std::string& rest) {
    return R"({"email":")" + who + "\"" + rest + "}";
  }
  void act() {
    const std::string who = person(random_.next() % 3);
    switch (random_.next() % 10) {
      case 0:
      case 1:
      case 2:
        world.track(body(who, R"(,"eventName":"signup")"));
        return;
      case 3:
        world.track(body(who, R"(,"eventName":"asked")"));
        return;
      case 4:
        world.update(body(who, R"(,"dataFields":{"team":"a","endsAt":"2026-04-01T09:00:00Z"})"));
        return;
      case 5:
        return world.pass(base::hours(static_cast<std::int64_t>(random_.next() % 40)));
      case 6:
        if (random_.next() % 3 == 0) world.restart();
        return;
      case 7:
        return erase(who);
      default:
        return answer();
    }
  }
  void erase(const std::string& who) {
    const store::UserId id = id_of(who.c_str());
    if (random_.next() % 2 == 0) {
      forget(body(who, ""));
      EXPECT_EQ(world.track(body(who, R"(,"eventName":"signup")")), "400 ForgottenUserError");
      world.post(Intake::kUsersUnforget, body(who, ""));
    } else {
      world.erase("/api/users/" + who);
    }
    if (id.number != 0) gone_.insert(id);
  }
  void answer() {
    if (world.nothing_to_take()) return;
    const Outgoing outgoing = world.take();
    if (outgoing.call) return world.reply(outgoing, {{"answer", graph::Value("yes")}});
    constexpr std::array kKinds = {OutcomeKind::kAccepted, OutcomeKind::kRetry,
                                   OutcomeKind::kUnknown, OutcomeKind::kRejected};
    world.end(outgoing, kKinds.at(random_.next() % kKinds.size()));
  }

  base::SeededRandom random_{GetParam()};
  std::set<store::UserId> gone_;
};

TEST_P(RandomLives, WhoIsGoneStaysGone) {
  for (int step = 0; step < 200; ++step) {
    act();
    for (const store::UserId id : gone_) EXPECT_THAT(found_of(id), IsEmpty()) << step;
  }
  EXPECT_GT(gone_.size(), 5U);
  // What was asked of the provider before may still be answered; nothing new is asked.
  world.end_all(OutcomeKind::kRetry, connectors::Health::kUnknown);
  world.pass(base::days24(40));
  while (!world.nothing_to_take()) {
    const Outgoing outgoing = world.take();
    EXPECT_FALSE(gone_.contains(outgoing.key.user));
    if (outgoing.call) {
      world.reply(outgoing, {{"answer", graph::Value("yes")}});
    } else {
      world.accept(outgoing);
    }
  }
  expect_counts_hold();
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomLives, testing::Range<std::uint64_t>(1, 9));

}  // namespace
}  // namespace sojourn::runtime
