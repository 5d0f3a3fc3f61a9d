// Requests of senders that go on to Iterable later: durable before the answer, in order for each
// user, tried until they are taken or refused for good.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/unit/runtime/shard_world.h"

namespace sojourn::runtime {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::IsEmpty;
using Endpoint = IntakeRequest::Endpoint;
using connectors::OutcomeKind;
using Json = nlohmann::json;

constexpr const char* kWorld = R"(
  user { nickname string }
  event signup
  policy { timezone "UTC" deadline 1d }
  journey greeting { enter on signup reenter always wait 30d }
)";

class Forwards : public testing::Test {
 protected:
  std::string post(Endpoint endpoint, const std::string& body) {
    return world.post(endpoint, body, ForwardMode::kQueue);
  }
  void track(const std::string& who, const std::string& id) {
    EXPECT_EQ(
        post(Endpoint::kEventsTrack,
             R"({"email":")" + who + R"(@example.com","eventName":"signup","id":")" + id + R"("})"),
        "200 Success");
  }
  // The ids of the events that are under way, each of which then is as `ends` says.
  std::vector<std::string> under_way(OutcomeKind ends) {
    std::vector<Outgoing> all;
    while (!world.nothing_to_take()) all.push_back(world.take());
    std::vector<std::string> ids;
    for (const Outgoing& outgoing : all) {
      ids.push_back(Json::parse(outgoing.request.body).at("id"));
      world.end(outgoing, ends);
    }
    return ids;
  }
  void rename(const std::string& who) {
    EXPECT_EQ(post(Endpoint::kUsersUpdateEmail, R"({"currentEmail":")" + who +
                                                    R"(@example.com","newEmail":")" + who +
                                                    R"(-new@example.com"})"),
              "200 Success");
  }
  std::vector<Json> listed() {
    DeliveryQuery query;
    query.token = 1;
    const Json answer = Json::parse(world.ask(query));
    return answer.at("deliveries");
  }

  ShardWorld world{kWorld};
};

TEST_F(Forwards, WhatWasTakenHereLeavesAsItCame) {
  track("ada", "e-1");
  const Outgoing outgoing = world.take();
  EXPECT_EQ(outgoing.request.method, "POST");
  EXPECT_EQ(outgoing.request.path, "/api/events/track");
  EXPECT_EQ(outgoing.request.body,
            R"({"email":"ada@example.com","eventName":"signup","id":"e-1"})");
  EXPECT_EQ(world.counter("forwards_waiting"), 1);
  world.accept(outgoing);
  EXPECT_EQ(world.counter("forwards_waiting"), 0);
  EXPECT_EQ(world.counter("forwards/accepted"), 1);
  EXPECT_EQ(world.counter("events/signup"), 1);
}

TEST_F(Forwards, OfOneUserOneLeavesAfterAnother) {
  for (const char* id : {"e-1", "e-2", "e-3"}) track("ada", id);
  track("bob", "e-4");
  EXPECT_THAT(under_way(OutcomeKind::kAccepted), ElementsAre("e-1", "e-4"));
  EXPECT_THAT(under_way(OutcomeKind::kAccepted), ElementsAre("e-2"));
  EXPECT_THAT(under_way(OutcomeKind::kAccepted), ElementsAre("e-3"));
  EXPECT_EQ(world.counter("forwards_waiting"), 0);
}

TEST_F(Forwards, OneThatIsTriedAgainKeepsItsPlace) {
  track("ada", "e-1");
  track("ada", "e-2");
  EXPECT_THAT(under_way(OutcomeKind::kRetry), ElementsAre("e-1"));
  EXPECT_TRUE(world.nothing_to_take());
  world.pass(base::minutes(1));
  EXPECT_THAT(under_way(OutcomeKind::kUnknown), ElementsAre("e-1"));
  world.pass(base::minutes(1));
  EXPECT_THAT(under_way(OutcomeKind::kAccepted), ElementsAre("e-1"));
  EXPECT_THAT(under_way(OutcomeKind::kAccepted), ElementsAre("e-2"));
}

TEST_F(Forwards, TheOrderOutlivesTheProcess) {
  for (const char* id : {"e-1", "e-2", "e-3"}) track("ada", id);
  world.restart();
  track("ada", "e-4");
  world.pass(base::minutes(1));
  for (const char* id : {"e-1", "e-2", "e-3", "e-4"}) {
    EXPECT_THAT(under_way(OutcomeKind::kAccepted), ElementsAre(id));
  }
}

TEST_F(Forwards, ABulkOfOneUserKeepsItsOrder) {
  EXPECT_EQ(post(Endpoint::kEventsTrackBulk,
                 R"({"events":[{"userId":"u-1","eventName":"signup","id":"e-1"},
                               {"userId":"u-1","eventName":"signup","id":"e-2"},
                               {"userId":"u-1","eventName":"signup","id":"e-3"}]})"),
            "200");
  for (const char* id : {"e-1", "e-2", "e-3"}) {
    EXPECT_THAT(under_way(OutcomeKind::kAccepted), ElementsAre(id));
  }
}

TEST_F(Forwards, ARepeatDoesNotLeaveAgain) {
  track("ada", "e-1");
  EXPECT_THAT(under_way(OutcomeKind::kAccepted), ElementsAre("e-1"));
  track("ada", "e-1");
  EXPECT_TRUE(world.nothing_to_take());
}

TEST_F(Forwards, WhatWasRefusedHereDoesNotLeave) {
  EXPECT_EQ(post(Endpoint::kUsersUpdate, R"({"email":"ada@example.com"})"), "200 Success");
  EXPECT_EQ(post(Endpoint::kUsersUpdate, R"({"userId":"u-1"})"), "200 Success");
  world.accept(world.take());
  world.accept(world.take());
  EXPECT_EQ(post(Endpoint::kUsersUpdate, R"({"email":"ada@example.com","userId":"u-1"})"),
            "409 EmailAlreadyExists");
  EXPECT_TRUE(world.nothing_to_take());
}

TEST_F(Forwards, WhatIterableRefusesIsListedAndTheNextLeaves) {
  track("ada", "e-1");
  track("ada", "e-2");
  world.refuse(world.take(), "400 BadParams");
  const auto letters = listed();
  ASSERT_EQ(letters.size(), 1U);
  EXPECT_EQ(letters[0].at("what"), "forward");
  EXPECT_EQ(letters[0].at("subject"), "/api/events/track");
  EXPECT_EQ(letters[0].at("state"), "refused");
  EXPECT_THAT(under_way(OutcomeKind::kAccepted), ElementsAre("e-2"));
  EXPECT_EQ(world.counter("forwards/refused"), 1);
}

TEST_F(Forwards, WhatWasRefusedCanLeaveAgainHoweverLate) {
  track("ada", "e-1");
  world.refuse(world.take(), "400 BadParams");
  world.pass(base::hours(48));
  track("ada", "e-2");
  DeliveryOrder order;
  order.go = true;
  order.token = 1;
  order.filter.state = DeliveryState::kRefused;
  EXPECT_EQ(Json::parse(world.ask(order)).at("planned"), 1);
  EXPECT_THAT(under_way(OutcomeKind::kAccepted), ElementsAre("e-2"));
  EXPECT_THAT(under_way(OutcomeKind::kAccepted), ElementsAre("e-1"));
  EXPECT_THAT(listed(), IsEmpty());
  EXPECT_EQ(world.counter("forwards_waiting"), 0);
}

TEST_F(Forwards, WhatIsDroppedLetsTheNextGo) {
  track("ada", "e-1");
  track("ada", "e-2");
  EXPECT_THAT(under_way(OutcomeKind::kRetry), ElementsAre("e-1"));
  DeliveryQuery query;
  query.token = 1;
  query.user = "ada@example.com";
  const Json waiting = Json::parse(world.ask(query)).at("deliveries");
  ASSERT_EQ(waiting.size(), 2U);
  DeliveryOrder order;
  order.verb = DeliveryOrder::Verb::kDrop;
  order.go = true;
  order.token = 1;
  order.filter.state = DeliveryState::kPutOff;
  EXPECT_EQ(Json::parse(world.ask(order)).at("dropped"), 2);
  EXPECT_EQ(world.counter("forwards_waiting"), 0);
  track("ada", "e-3");
  EXPECT_THAT(under_way(OutcomeKind::kAccepted), ElementsAre("e-3"));
}

TEST_F(Forwards, SomebodyWhoHasBecomeSomebodyElseStillHasTheirsSent) {
  EXPECT_EQ(post(Endpoint::kSubscriptionsUpdate,
                 R"({"email":"ada@example.com","unsubscribedMessageTypeIds":[1]})"),
            "200 Success");
  EXPECT_EQ(world.update(R"({"userId":"u-1"})"), "200 Success");
  // The tombstone becomes part of the user, and its number is nobody's.
  EXPECT_EQ(world.update(R"({"userId":"u-1","email":"ada@example.com"})"), "200 Success");
  world.fail(world.take());
  world.pass(base::minutes(1));
  world.accept(world.take());
  EXPECT_EQ(world.counter("forwards/accepted"), 1);
}

TEST_F(Forwards, ARenameGoesOnForWhoeverIterableKnows) {
  EXPECT_EQ(post(Endpoint::kUsersUpdateEmail,
                 R"({"currentEmail":"old@example.com","newEmail":"new@example.com"})"),
            "200 Success");
  const Outgoing outgoing = world.take();
  EXPECT_EQ(outgoing.request.path, "/api/users/updateEmail");
  EXPECT_NE(world.report("new@example.com").find("new@example.com"), std::string::npos);
  world.accept(outgoing);
}

TEST_F(Forwards, WhatARepeatWouldDoGoesWithTheRequest) {
  track("ada", "e-1");
  EXPECT_EQ(world.take().passed_on, connectors::iterable::Endpoint::kRepeat);
  rename("bob");
  EXPECT_EQ(world.take().passed_on, connectors::iterable::Endpoint::kSend);
}

TEST_F(Forwards, ALostAnswerToWhatCannotBeRepeatedIsADoubtAndKeepsItsPlace) {
  rename("ada");
  track("ada-new", "e-1");
  world.end(world.take(), OutcomeKind::kUnknown);
  EXPECT_TRUE(world.nothing_to_take()) << "the event was said after it";
  EXPECT_EQ(world.counter("in_doubt/users_update"), 1);
  EXPECT_EQ(world.counter("may_be_doubled/users_update"), 0) << "an email changes once";
  EXPECT_THAT(world.notes(), Contains(Field(&OperatorNote::event, "in_doubt")).Times(1));
  world.pass(base::minutes(1));
  world.refuse(world.take(), "400 BadParams");
  EXPECT_THAT(under_way(OutcomeKind::kAccepted), ElementsAre("e-1"));
  const auto letters = listed();
  ASSERT_EQ(letters.size(), 1U);
  EXPECT_EQ(letters[0].at("state"), "in_doubt") << "refused, since the first was taken, maybe";
  EXPECT_EQ(world.counter("forwards/unknown"), 1);
  EXPECT_EQ(world.counter("forwards/refused"), 0);
}

TEST_F(Forwards, WhatMayCountTwiceIsTriedAFewTimesAndToldOf) {
  track("ada", "e-1");
  track("ada", "e-2");
  for (int lost = 0; lost < 5; ++lost) {
    world.pass(base::hours(1));
    EXPECT_THAT(under_way(OutcomeKind::kUnknown), ElementsAre("e-1")) << "the next waits";
  }
  EXPECT_EQ(world.counter("in_doubt/events_track"), 5);
  EXPECT_EQ(world.counter("may_be_doubled/events_track"), 4) << "each time that it leaves again";
  ASSERT_EQ(listed().size(), 1U);
  EXPECT_EQ(listed()[0].at("state"), "in_doubt");
  EXPECT_THAT(under_way(OutcomeKind::kAccepted), ElementsAre("e-2"));
  EXPECT_EQ(world.counter("forwards_waiting"), 0);
}

TEST_F(Forwards, AClaimThatOutlivesItsProcessIsADoubtOnlyWhereARepeatCounts) {
  rename("ada");
  track("bob", "e-1");
  world.take();
  world.take();
  world.restart();
  EXPECT_EQ(world.counter("in_doubt/users_update"), 1);
  EXPECT_EQ(world.counter("in_doubt/events_track"), 0);
  world.pass(base::minutes(1));
  world.accept(world.take());
  world.accept(world.take());
  EXPECT_EQ(world.counter("forwards/accepted"), 2);
}

TEST_F(Forwards, AHaltLeavesThemWhereTheyAre) {
  track("ada", "e-1");
  track("ada", "e-2");
  EXPECT_THAT(under_way(OutcomeKind::kHalt), ElementsAre("e-1"));
  world.pass(base::minutes(2));
  EXPECT_THAT(under_way(OutcomeKind::kAccepted), ElementsAre("e-1"));
  EXPECT_THAT(under_way(OutcomeKind::kAccepted), ElementsAre("e-2"));
}

}  // namespace
}  // namespace sojourn::runtime
