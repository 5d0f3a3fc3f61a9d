// Two users turn out to be one while something is on its way: claimed, planned, put off, held back,
// ended unsent, handed out to many, or a sender's own request. It stays on its way, under its key,
// and what comes back finds it.
#include <algorithm>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "tests/unit/runtime/shard_world.h"

namespace sojourn::runtime {
namespace {

using base::days24;
using base::hours;
using base::minutes;
using connectors::OutcomeKind;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Endpoint = IntakeRequest::Endpoint;
using Json = nlohmann::json;

constexpr const char* kSource = "source@example.com";
constexpr const char* kAda = "ada@example.com";

constexpr const char* kWorld = R"(
  user { accounts [string] }
  event signup
  event login
  event asked
  event read
  event paid { account string } for users where user.accounts contains event.account up to 7
  message_type account = 1 transactional opt_out
  campaign hello = 101 email account
  campaign after = 102 email account
  campaign good  = 103 email account
  webhook scoring = "https://scores.example.com/one" { returns { score integer } }
  policy { timezone "UTC" deadline 2d }
  journey greeting { enter on signup send hello wait 1h send after }
  journey scored {
    enter on asked
    call scoring as reply up to 1h { send good } else { exit as nobody }
  }
  journey seen { enter on login reenter always wait 10d }
  journey reading { enter on read send hello wait 1d if opened hello { send good } }
  journey payers { enter on paid reenter always wait 1d }
)";

int campaign_of(const Outgoing& outgoing) {
  return Json::parse(outgoing.request.body).at("campaignId");
}
std::string recipient_of(const Outgoing& outgoing) {
  return Json::parse(outgoing.request.body).at("recipientEmail");
}

class MergesUnderWay : public testing::Test {
 protected:
  std::string merge(const std::string& source, const std::string& destination,
                    ForwardMode forward = ForwardMode::kOff) {
    return world.post(
        Endpoint::kUsersMerge,
        fmt::format(R"({{"sourceEmail":"{}","destinationEmail":"{}"}})", source, destination),
        forward);
  }
  void become_one() { EXPECT_EQ(merge(kSource, kAda), "200 Success"); }
  void track(const std::string& who, const std::string& event) {
    EXPECT_EQ(world.track(fmt::format(R"({{"email":"{}","eventName":"{}"}})", who, event)),
              "200 Success");
  }
  void bounce(const std::string& who, int second) {
    track(who, "login");
    world.notice(fmt::format(
        R"({{"email":"{}","eventName":"emailBounce","dataFields":{{"createdAt":"{}",
            "campaignId":101,"messageId":"m1","recipientState":"HardBounce"}}}})",
        who,
        base::to_iterable_time(base::Instant{world.now().millis - 3'600'000} +
                               base::seconds(second))));
  }
  // They are sent something as one.
  void become_one_after_signup() {
    track(kAda, "login");
    become_one();
    world.restart();
    track(kAda, "read");
  }
  Json deliveries(const std::string& who = kAda) {
    return Json::parse(world.report(who)).at("deliveries");
  }
  // An hour later the enrollment goes on to its end.
  void expect_to_go_on() {
    world.pass(hours(1));
    const Outgoing next = world.take();
    EXPECT_EQ(campaign_of(next), 102);
    EXPECT_EQ(recipient_of(next), kAda);
    world.accept(next);
    EXPECT_EQ(world.counter("exited/greeting/completed"), 1);
    EXPECT_TRUE(world.nothing_to_take());
    EXPECT_THAT(deliveries(), IsEmpty());
  }

  ShardWorld world{kWorld};
};

TEST_F(MergesUnderWay, TheOutcomeOfAClaimFindsItsEnrollment) {
  track(kSource, "signup");
  track(kAda, "login");
  const Outgoing claimed = world.take();
  become_one();
  EXPECT_TRUE(world.nothing_to_take());
  EXPECT_THAT(deliveries(), SizeIs(1));
  world.accept(claimed);
  EXPECT_THAT(deliveries(), IsEmpty());
  EXPECT_EQ(world.counter("accepted/greeting/hello"), 1);
  expect_to_go_on();
}

TEST_F(MergesUnderWay, WhatIsTriedAgainGoesToTheDestinationUnderItsKey) {
  track(kSource, "signup");
  track(kAda, "login");
  const Outgoing claimed = world.take();
  become_one();
  world.end(claimed, OutcomeKind::kRetry);
  world.pass(minutes(1));
  const Outgoing again = world.take();
  EXPECT_EQ(again.key.message, claimed.key.message);
  EXPECT_EQ(again.attempt, 2U);
  EXPECT_EQ(recipient_of(again), kAda);
  world.accept(again);
  expect_to_go_on();
}

TEST_F(MergesUnderWay, WhatWaitsForItsNextAttemptKeepsItsTime) {
  track(kSource, "signup");
  track(kAda, "login");
  const Outgoing claimed = world.take();
  world.end(claimed, OutcomeKind::kRetry, false, minutes(5));
  become_one();
  world.restart();
  world.pass(base::Millis{minutes(5).count - 1});
  EXPECT_TRUE(world.nothing_to_take());
  world.pass(minutes(1));
  const Outgoing again = world.take();
  EXPECT_EQ(again.key.message, claimed.key.message);
  world.accept(again);
  expect_to_go_on();
}

TEST_F(MergesUnderWay, AClaimThatOutlivesItsProcessIsInDoubtOfTheDestination) {
  track(kSource, "signup");
  track(kAda, "login");
  const Outgoing claimed = world.take();
  become_one();
  world.restart();
  world.pass(minutes(1));
  const Outgoing again = world.take();
  EXPECT_EQ(again.key.message, claimed.key.message);
  EXPECT_EQ(recipient_of(again), kAda);
  world.accept(again);
  expect_to_go_on();
}

TEST_F(MergesUnderWay, AClaimFindsItsUserThroughTwoMerges) {
  track("first@example.com", "signup");
  track(kSource, "login");
  track(kAda, "login");
  const Outgoing claimed = world.take();
  EXPECT_EQ(merge("first@example.com", kSource), "200 Success");
  become_one();
  world.accept(claimed);
  EXPECT_EQ(world.counter("accepted/greeting/hello"), 1);
  expect_to_go_on();
}

TEST_F(MergesUnderWay, WhoWereBothSentTheSameGoOnOnce) {
  track(kSource, "signup");
  track(kAda, "signup");
  const Outgoing of_source = world.take();
  const Outgoing of_ada = world.take();
  become_one();
  world.end(of_source, OutcomeKind::kRetry);
  world.accept(of_ada);
  world.pass(minutes(1));
  EXPECT_TRUE(world.nothing_to_take()) << "the source's enrollment has ended, and its message too";
  EXPECT_EQ(world.counter("skipped/greeting/hello/exited"), 1);
  expect_to_go_on();
}

TEST_F(MergesUnderWay, WhatBecomesOfAMessageIsKnownToItsEnrollment) {
  track(kAda, "login");
  track(kAda, "login");
  track(kSource, "read");
  const Outgoing message = world.take();
  world.accept(message);
  become_one();
  EXPECT_EQ(world.engage(fmt::format(
                R"({{"email":"{}","engagement":"opened","messageKey":"{}","campaignId":101}})",
                kAda, message.key.message.hex())),
            "200 Success");
  world.restart();
  world.pass(days24(1));
  EXPECT_EQ(campaign_of(world.take()), 103);
}

TEST_F(MergesUnderWay, ABounceOfTheSourcesAddressSaysNothingOfTheDestinations) {
  bounce(kSource, 2);
  become_one_after_signup();
  EXPECT_EQ(recipient_of(world.take()), kAda);
}

TEST_F(MergesUnderWay, ABounceOfTheDestinationsAddressStaysThatOfTheSourcesToo) {
  bounce(kAda, 1);
  bounce(kSource, 2);
  become_one_after_signup();
  EXPECT_TRUE(world.nothing_to_take());
  EXPECT_EQ(world.counter("skipped/reading/hello/suppressed"), 1);
}

TEST_F(MergesUnderWay, ACallsAnswerFindsItsEnrollment) {
  track(kSource, "asked");
  track(kAda, "login");
  const Outgoing call = world.take();
  become_one();
  world.reply(call, {{"score", graph::Value(std::int64_t{7})}});
  const Outgoing message = world.take();
  EXPECT_EQ(campaign_of(message), 103);
  world.accept(message);
  EXPECT_EQ(world.counter("exited/scored/completed"), 1);
}

TEST_F(MergesUnderWay, WhatIsHeldBackLeavesOnceItsJourneyGoesOn) {
  using What = JourneyCommand::What;
  track(kSource, "signup");
  world.accept(world.take());
  track(kAda, "login");
  world.command(What::kPause, "greeting");
  world.pass(hours(1));
  EXPECT_TRUE(world.nothing_to_take());
  become_one();
  EXPECT_TRUE(world.nothing_to_take());
  world.restart();
  world.command(What::kResume, "greeting");
  world.pass(base::seconds(5));
  const Outgoing message = world.take();
  EXPECT_EQ(campaign_of(message), 102);
  EXPECT_EQ(recipient_of(message), kAda);
  world.accept(message);
  EXPECT_EQ(world.counter("exited/greeting/completed"), 1);
}

TEST_F(MergesUnderWay, AMessageThatIsHeldBackLeavesOnceItsJourneyGoesOn) {
  using What = JourneyCommand::What;
  track(kSource, "signup");
  const Outgoing claimed = world.take();
  track(kAda, "login");
  world.command(What::kPause, "greeting");
  world.end(claimed, OutcomeKind::kRetry);
  world.pass(minutes(1));
  become_one();
  EXPECT_TRUE(world.nothing_to_take());
  world.restart();
  world.command(What::kResume, "greeting");
  world.pass(base::seconds(5));
  const Outgoing again = world.take();
  EXPECT_EQ(again.key.message, claimed.key.message);
  EXPECT_TRUE(world.nothing_to_take());
  world.accept(again);
  expect_to_go_on();
}

TEST_F(MergesUnderWay, WhatEndedUnsentCanBeSentAgainToTheDestination) {
  track(kSource, "signup");
  track(kAda, "login");
  const Outgoing refused = world.take();
  world.refuse(refused, "status 400 BadParams: no such campaign");
  become_one();
  world.restart();
  DeliveryOrder order;
  order.verb = DeliveryOrder::Verb::kRetry;
  order.filter.keys = {refused.key.message};
  order.go = true;
  order.token = 1;
  EXPECT_EQ(Json::parse(world.ask(order)).at("planned"), 1);
  const Outgoing again = world.take();
  EXPECT_EQ(again.key.message, refused.key.message);
  EXPECT_EQ(recipient_of(again), kAda);
}

TEST_F(MergesUnderWay, AnOrderOfTheSameTurnFindsWhatHasMoved) {
  track(kSource, "signup");
  track(kAda, "login");
  const Outgoing claimed = world.take();
  world.end(claimed, OutcomeKind::kRetry, false, hours(1));
  world.stop_after(0);
  merge(kSource, kAda);
  DeliveryOrder order;
  order.verb = DeliveryOrder::Verb::kDrop;
  order.filter.keys = {claimed.key.message};
  order.go = true;
  order.token = 1;
  order.planned_by = world.now();
  world.ask(order);
  world.go_on();
  EXPECT_THAT(deliveries(), IsEmpty());
  EXPECT_EQ(world.counter("skipped/greeting/hello/dropped"), 1);
  world.restart();
  world.pass(hours(2));
  EXPECT_EQ(campaign_of(world.take()), 102) << "past the message that was dropped";
}

// Three people with an account, one of whom gets an event of it in each turn, in this order.
class MergesOnTheWay : public testing::Test {
 protected:
  MergesOnTheWay() {
    for (const char* who : {kSource, kAda, "bob@example.com"}) {
      world.update(fmt::format(R"({{"email":"{}","dataFields":{{"accounts":["a1"]}}}})", who));
      people.emplace_back(Json::parse(world.report(who)).at("id"), who);
    }
    std::ranges::sort(people);
    world.track(R"({"email":"carl@example.com","eventName":"login"})");
    world.stop_after(1);
    world.track(R"({"email":"carl@example.com","eventName":"paid","dataFields":{"account":"a1"}})");
    EXPECT_EQ(world.counter("events/paid"), 0);
  }
  // In a turn that hands out the event to the next.
  void merge(const std::string& source, const std::string& destination) {
    world.stop_after(1);
    EXPECT_EQ(world.post(Endpoint::kUsersMerge,
                         fmt::format(R"({{"sourceEmail":"{}","destinationEmail":"{}"}})", source,
                                     destination)),
              "200 Success");
    EXPECT_EQ(world.counter("events/paid"), 1);
  }
  std::ptrdiff_t times_told(const std::string& who) {
    return std::ranges::count_if(
        world.log(who), [](const std::string& line) { return line.starts_with("event paid"); });
  }
  static ShardSettings one_by_one() {
    ShardSettings settings;
    settings.turn.max_fan_out_users = 1;
    return settings;
  }

  ShardWorld world{kWorld, one_by_one()};
  std::vector<std::pair<std::string, std::string>> people;  // by id
};

TEST_F(MergesOnTheWay, AnEventForTheSourceComesToTheDestination) {
  merge(people[1].second, "carl@example.com");
  world.restart();
  EXPECT_EQ(times_told("carl@example.com"), 1);
  EXPECT_EQ(times_told(people[2].second), 1);
  EXPECT_EQ(world.counter("events/paid"), 3);
}

TEST_F(MergesOnTheWay, AnEventForBothComesOnce) {
  merge(people[1].second, people[2].second);
  world.restart();
  EXPECT_EQ(times_told(people[2].second), 1);
  EXPECT_EQ(world.counter("events/paid"), 2);
}

TEST_F(MergesUnderWay, RequestsOfBothGoOnInTheOrderInWhichTheyCame) {
  const auto say = [&](const std::string& who, const std::string& id) {
    EXPECT_EQ(world.post(Endpoint::kEventsTrack,
                         fmt::format(R"({{"email":"{}","eventName":"login","id":"{}"}})", who, id),
                         ForwardMode::kQueue),
              "200 Success");
  };
  say(kSource, "s-1");
  say(kAda, "a-1");
  say(kSource, "s-2");
  say(kAda, "a-2");
  EXPECT_EQ(merge(kSource, kAda, ForwardMode::kQueue), "200 Success");
  say(kAda, "a-3");
  std::vector<std::string> order;
  while (!world.nothing_to_take()) {
    const Outgoing request = world.take();
    const Json body = Json::parse(request.request.body);
    order.push_back(body.contains("id") ? body.at("id").get<std::string>() : "merge");
    world.accept(request);
  }
  EXPECT_THAT(order, ElementsAre("s-1", "a-1", "s-2", "a-2", "merge", "a-3"));
  EXPECT_EQ(world.counter("forwards_waiting"), 0);
}

}  // namespace
}  // namespace sojourn::runtime
