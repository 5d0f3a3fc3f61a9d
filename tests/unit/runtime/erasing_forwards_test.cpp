// What senders say about erasing people goes on to Iterable, behind what they said before.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/unit/runtime/shard_world.h"

namespace sojourn::runtime {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;
using Intake = IntakeRequest::Endpoint;
using connectors::OutcomeKind;
using Json = nlohmann::json;

constexpr const char* kWorld = R"(
  user { nickname string }
  event signup
  event bought
  message_type news = 1 transactional opt_out
  campaign thanks = 101 email news
  policy { timezone "UTC" }
  journey thankful { enter on bought send thanks wait 30d }
  journey greeting { enter on signup reenter always wait 30d }
)";
constexpr const char* kAda = R"({"email":"ada@example.com"})";
constexpr const char* kBob = R"("email":"bob@example.com")";  // a member

class ErasingForwards : public testing::Test {
 protected:
  void track(const std::string& id, const std::string& person = R"("email":"ada@example.com")") {
    EXPECT_EQ(world.post(Intake::kEventsTrack,
                         "{" + person + R"(,"eventName":"signup","id":")" + id + R"("})",
                         ForwardMode::kQueue),
              "200 Success");
  }
  void remove(const std::string& path = "/api/users/ada@example.com") {
    EXPECT_EQ(world.erase(path, ForwardMode::kQueue), "200 Success");
  }
  void say(Intake endpoint, const std::string& body = kAda) {
    EXPECT_EQ(world.post(endpoint, body, ForwardMode::kQueue), "200 Success");
  }
  // Of whom Iterable knows; both erasures are on their way.
  void erase_both() {
    track("a-1");
    track("b-1", kBob);
    under_way();
    remove("/api/users/bob@example.com");
    remove();
  }
  // What is under way, each of which then ends so.
  std::vector<std::string> under_way(OutcomeKind ends = OutcomeKind::kAccepted) {
    std::vector<Outgoing> all;
    while (!world.nothing_to_take()) all.push_back(world.take());
    std::vector<std::string> said;
    for (const Outgoing& outgoing : all) {
      const Json body = Json::parse(outgoing.request.body, nullptr, false);
      const std::string id = body.is_object() ? body.value("id", "") : "";
      said.push_back(outgoing.request.method + " " + outgoing.request.path +
                     (id.empty() ? "" : " " + id));
      world.end(outgoing, ends);
    }
    return said;
  }
  static std::string tracked(const std::string& id) { return "POST /api/events/track " + id; }

  ShardWorld world{kWorld};
};

constexpr const char* kDelete = "DELETE /api/users/ada@example.com";

TEST_F(ErasingForwards, EachGoesOnAsItWasSaid) {
  remove();
  EXPECT_THAT(under_way(), ElementsAre(kDelete));
  remove("/api/users/byUserId/u%20%2F1");
  EXPECT_THAT(under_way(), ElementsAre("DELETE /api/users/byUserId/u%20%2F1"));
  say(Intake::kUsersForget);
  const Outgoing forget = world.take();
  EXPECT_EQ(forget.request.path, "/api/users/forget");
  EXPECT_EQ(forget.request.body, kAda);
  EXPECT_EQ(forget.endpoint, Endpoint::kUsersForget);
  world.accept(forget);
  say(Intake::kUsersUnforget);
  EXPECT_THAT(under_way(), ElementsAre("POST /api/users/unforget"));
  EXPECT_EQ(world.counter("forwards_waiting"), 0);
}

TEST_F(ErasingForwards, WhatHadNotLeftYetDoesNotLeave) {
  for (const char* id : {"e-1", "e-2", "e-3"}) track(id);
  const Outgoing first = world.take();
  remove();
  EXPECT_TRUE(world.nothing_to_take()) << "one is under way: it would make them anew";
  EXPECT_EQ(world.counter("forwards/erased"), 2);
  world.end(first, OutcomeKind::kRetry);
  EXPECT_THAT(under_way(), ElementsAre(kDelete)) << "and what was under way is not repeated";
  EXPECT_EQ(world.counter("forwards_waiting"), 0);
  EXPECT_THAT(*world.store().deliveries({}, 10), IsEmpty());
}

// It would make the person anew at Iterable, if it came there after the erasure.
TEST_F(ErasingForwards, AMessageThatIsUnderWayIsWaitedFor) {
  for (const OutcomeKind ends :
       {OutcomeKind::kAccepted, OutcomeKind::kRejected, OutcomeKind::kUnknown}) {
    EXPECT_EQ(world.track(R"({"email":"ada@example.com","eventName":"bought"})"), "200 Success");
    const Outgoing thanks = world.take();
    remove();
    EXPECT_TRUE(world.nothing_to_take());
    const auto kept = world.store().deliveries({}, 10);
    for (const store::Delivery& delivery : *kept) {
      EXPECT_THAT(delivery.body, Not(HasSubstr("thank")));
    }
    world.end(thanks, ends);
    EXPECT_THAT(under_way(), ElementsAre(kDelete));
    EXPECT_EQ(world.counter("forwards_waiting"), 0);
    EXPECT_EQ(world.counter("erasures_leaving"), 0);
  }
  EXPECT_EQ(world.counter("skipped/thankful/thanks/erased"), 3);
  EXPECT_EQ(world.track(R"({"email":"ada@example.com","eventName":"bought"})"), "200 Success");
  world.take();
  remove();
  world.restart();
  EXPECT_THAT(under_way(), ElementsAre(kDelete)) << "a restart ends what was under way";
  EXPECT_EQ(world.counter("forwards_waiting"), 0);
}

TEST_F(ErasingForwards, OfWhatIsUnderWayNothingIsKept) {
  track("e-1");
  remove();
  const auto kept = world.store().deliveries({}, 10);
  for (const store::Delivery& delivery : *kept) {
    if (delivery.next_attempt) continue;
    EXPECT_THAT(delivery.body, Not(HasSubstr("ada@example.com")));
  }
  world.restart();
  EXPECT_THAT(under_way(), ElementsAre(kDelete));
  world.pass(base::hours(1));
  EXPECT_TRUE(world.nothing_to_take());
  EXPECT_EQ(world.counter("forwards_waiting"), 0);
}

TEST_F(ErasingForwards, ItIsTriedUntilItIsTaken) {
  track("e-1");
  EXPECT_THAT(under_way(), ElementsAre(tracked("e-1")));
  remove();
  EXPECT_THAT(under_way(OutcomeKind::kRetry), ElementsAre(kDelete));
  world.restart();
  world.pass(base::minutes(10));
  EXPECT_THAT(under_way(OutcomeKind::kUnknown), ElementsAre(kDelete));
  world.pass(base::minutes(10));
  EXPECT_THAT(under_way(), ElementsAre(kDelete));
}

TEST_F(ErasingForwards, OneThatIsRefusedIsListedWithoutANameInTheLog) {
  remove();
  world.refuse(world.take(), "no ada@example.com");
  EXPECT_EQ(world.counter("dead_letters_kept"), 1);
  for (const OperatorNote& note : world.notes()) {
    EXPECT_THAT(note.detail, Not(HasSubstr("ada")));
  }
  DeliveryQuery query;
  query.token = 1;
  const Json listed = Json::parse(world.ask(query)).at("deliveries");
  ASSERT_EQ(listed.size(), 1U);
  EXPECT_EQ(listed[0].at("subject"), "/api/users/{email}");
}

TEST_F(ErasingForwards, WhoeverIsForgottenIsNotSpokenOfAnyMore) {
  track("e-1");
  EXPECT_THAT(under_way(), ElementsAre(tracked("e-1")));
  say(Intake::kUsersForget);
  EXPECT_EQ(world.post(Intake::kEventsTrack, R"({"email":"ada@example.com","eventName":"signup"})",
                       ForwardMode::kQueue),
            "400 ForgottenUserError");
  EXPECT_THAT(under_way(), ElementsAre("POST /api/users/forget"));
  EXPECT_TRUE(world.nothing_to_take());
}

TEST_F(ErasingForwards, WhoComesAgainIsSpokenOfAfterTheErasure) {
  track("e-1");
  EXPECT_THAT(under_way(), ElementsAre(tracked("e-1")));
  remove();
  track("e-2");
  track("e-3");
  EXPECT_THAT(under_way(OutcomeKind::kRetry), ElementsAre(kDelete));
  world.restart();
  track("e-4");
  world.pass(base::minutes(10));
  EXPECT_THAT(under_way(), ElementsAre(kDelete));
  track("e-5");
  for (const char* id : {"e-2", "e-3", "e-4", "e-5"}) {
    EXPECT_THAT(under_way(), ElementsAre(tracked(id)));
  }
  EXPECT_EQ(world.counter("forwards_waiting"), 0);
}

TEST_F(ErasingForwards, UnderWhateverNameTheyAreSpokenOf) {
  remove();
  say(Intake::kUsersUpdate, R"({"email":"ada@example.com","userId":"u-2"})");
  track("e-1", R"("userId":"u-2")");
  say(Intake::kUsersUpdateEmail,
      R"({"currentEmail":"ada@example.com","newEmail":"bob@example.com"})");
  track("e-2", R"("email":"bob@example.com")");
  world.restart();
  track("e-3", R"("userId":"u-2")");
  track("e-4", R"("email":"cyd@example.com")");
  world.pass(base::minutes(10));
  EXPECT_THAT(under_way(), testing::UnorderedElementsAre(kDelete, tracked("e-4")))
      << "others do not wait";
  EXPECT_THAT(under_way(), ElementsAre("POST /api/users/update"));
  EXPECT_THAT(under_way(), ElementsAre(tracked("e-1")));
  EXPECT_THAT(under_way(), ElementsAre("POST /api/users/updateEmail"));
  EXPECT_THAT(under_way(), ElementsAre(tracked("e-2")));
  EXPECT_THAT(under_way(), ElementsAre(tracked("e-3")));
  EXPECT_EQ(world.counter("erasures_leaving"), 0);
}

TEST_F(ErasingForwards, ErasedAgainTheyAreErasedTwiceAndNothingBetweenLeaves) {
  remove();
  track("e-1");
  remove();
  EXPECT_THAT(under_way(), ElementsAre(kDelete));
  EXPECT_THAT(under_way(), ElementsAre(kDelete));
  EXPECT_TRUE(world.nothing_to_take());
  EXPECT_EQ(world.counter("forwards/erased"), 1);
}

TEST_F(ErasingForwards, ForgottenAndForgottenNoMoreKeepTheirOrder) {
  say(Intake::kUsersForget);
  say(Intake::kUsersUnforget);
  track("e-1");
  EXPECT_THAT(under_way(), ElementsAre("POST /api/users/forget"));
  EXPECT_THAT(under_way(), ElementsAre("POST /api/users/unforget"));
  EXPECT_THAT(under_way(), ElementsAre(tracked("e-1")));
}

TEST_F(ErasingForwards, WhenItHasLeftNoNameIsKept) {
  track("e-1");
  EXPECT_THAT(under_way(), ElementsAre(tracked("e-1")));
  remove();
  EXPECT_EQ(world.counter("erasures_leaving"), 1);
  const auto names = [&] {
    store::ReadSet read;
    read.identities = {{store::Identity::Kind::kLeavingEmail, "ada@example.com"},
                       {store::Identity::Kind::kEmail, "ada@example.com"}};
    const auto loaded = world.store().load(read);
    return std::vector<bool>{loaded->identities[0].has_value(), loaded->identities[1].has_value()};
  };
  EXPECT_THAT(names(), ElementsAre(true, false));
  EXPECT_THAT(under_way(), ElementsAre(kDelete));
  EXPECT_THAT(names(), ElementsAre(false, false));
  EXPECT_EQ(world.counter("erasures_leaving"), 0);
  EXPECT_THAT(*world.store().deliveries({}, 10), IsEmpty());
}

// What went behind an erasure and was refused stands under a number that is nobody's.
TEST_F(ErasingForwards, OfWhoWentBehindAnErasureAndIsErasedNoLetterStays) {
  const auto letters = [&] {
    std::string all;
    const auto rows = world.store().rows({0, 0}, store::RowKind::kDeadLetter, 10);
    for (const store::Row& row : *rows) all += row.body;
    return all;
  };
  const auto refuse_behind_an_erasure = [&](Intake endpoint, const std::string& body) {
    say(Intake::kUsersUpdate);
    while (!world.nothing_to_take()) world.accept(world.take());
    remove();
    say(endpoint, body);
    world.accept(world.take());
    world.refuse(world.take(), "no");
    EXPECT_EQ(world.counter("erasures_leaving"), 0);
  };
  refuse_behind_an_erasure(Intake::kUsersUpdate, R"({"email":"Ada@Example.com"})");
  EXPECT_THAT(letters(), HasSubstr("Ada@Example.com"));
  refuse_behind_an_erasure(Intake::kUsersUpdateEmail,
                           R"({"currentEmail":"ada@example.com","newEmail":"bob@example.com"})");
  EXPECT_EQ(world.counter("dead_letters_gone/erased"), 1) << "by the second erasure";
  say(Intake::kUsersUpdate, R"({"email":"cyd@example.com"})");
  world.refuse(world.take(), "no");
  EXPECT_EQ(world.counter("dead_letters_kept"), 2);
  world.restart();
  EXPECT_EQ(world.erase("/api/users/bob@example.com"), "200 Success");
  EXPECT_EQ(world.counter("dead_letters_gone/erased"), 2);
  EXPECT_THAT(letters(), testing::AllOf(HasSubstr("cyd@"), Not(HasSubstr("ada@"))));
}

// Both had been erased, and come again, when they were said to be one; then that one is erased.
TEST_F(ErasingForwards, OfTwoWhoCameAgainAndAreOneNothingLeavesOnceTheyAreErased) {
  erase_both();
  world.take();
  world.take();
  track("a-2");
  track("b-2", kBob);
  say(Intake::kUsersMerge,
      R"({"sourceEmail":"bob@example.com","destinationEmail":"ada@example.com"})");
  track("a-3");
  EXPECT_TRUE(world.nothing_to_take());
  world.restart();
  remove();
  EXPECT_EQ(world.counter("forwards/erased"), 4);
  EXPECT_EQ(world.counter("erasures_leaving"), 1);
  // What was under way ended with the process, and is said again.
  world.pass(base::minutes(5));
  EXPECT_THAT(under_way(), UnorderedElementsAre(kDelete, "DELETE /api/users/bob@example.com"));
  EXPECT_THAT(under_way(), ElementsAre(kDelete));
  EXPECT_EQ(world.counter("forwards_waiting"), 0);
  EXPECT_EQ(world.counter("erasures_leaving"), 0);
}

// Erased no more, their requests leave in the order in which they were said.
TEST_F(ErasingForwards, OfTwoWhoCameAgainAndAreOneTheRequestsLeaveInTheirOrder) {
  erase_both();
  track("b-2", kBob);
  track("a-2");
  say(Intake::kUsersMerge,
      R"({"sourceEmail":"bob@example.com","destinationEmail":"ada@example.com"})");
  track("b-3", kBob);
  EXPECT_THAT(under_way(), UnorderedElementsAre(kDelete, "DELETE /api/users/bob@example.com"));
  EXPECT_THAT(under_way(), ElementsAre(tracked("b-2")));
  EXPECT_THAT(under_way(), ElementsAre(tracked("a-2")));
  EXPECT_THAT(under_way(), ElementsAre("POST /api/users/merge"));
  EXPECT_THAT(under_way(), ElementsAre(tracked("b-3")));
  EXPECT_EQ(world.counter("forwards_waiting"), 0);
  EXPECT_EQ(world.counter("erasures_leaving"), 0);
}

TEST_F(ErasingForwards, WhatIterableRefusedCanBeSentAgain) {
  track("e-1");
  EXPECT_THAT(under_way(), ElementsAre(tracked("e-1")));
  remove();
  world.refuse(world.take(), "403 Forbidden");
  DeliveryOrder order;
  order.go = true;
  order.token = 1;
  order.filter.state = DeliveryState::kRefused;
  EXPECT_EQ(Json::parse(world.ask(order)).at("planned"), 1) << "although nobody is there any more";
  EXPECT_THAT(under_way(), ElementsAre(kDelete));
}

// What was said of somebody who came again left by the queue of the erasure before.
TEST_F(ErasingForwards, NothingThatWasRefusedIsKeptOfWhoeverIsErasedAgain) {
  const auto letters = [&] {
    return world.store().rows({0, 0}, store::RowKind::kDeadLetter, 10)->size();
  };
  for (const bool is_still_leaving : {false, true}) {
    remove();
    track(is_still_leaving ? "e-1" : "e-2");
    EXPECT_THAT(under_way(), ElementsAre(kDelete));
    if (is_still_leaving) track("e-3");
    world.refuse(world.take(), "403 Forbidden");
    EXPECT_EQ(world.counter("erasures_leaving"), is_still_leaving ? 1 : 0);
    EXPECT_EQ(letters(), 1);
    world.restart();
    remove();
    EXPECT_EQ(letters(), 0);
    under_way();
    under_way();
  }
  EXPECT_EQ(world.counter("forwards_waiting"), 0);
}

TEST_F(ErasingForwards, WhatWasRefusedOfWhoeverCameAgainKeepsTheirOrder) {
  remove();
  track("e-1");
  EXPECT_THAT(under_way(), ElementsAre(kDelete));
  world.refuse(world.take(), "403 Forbidden");
  track("e-2");
  DeliveryOrder order;
  order.go = true;
  order.token = 1;
  EXPECT_EQ(Json::parse(world.ask(order)).at("planned"), 1);
  EXPECT_THAT(under_way(), ElementsAre(tracked("e-2")));
  EXPECT_THAT(under_way(), ElementsAre(tracked("e-1")));
}

TEST_F(ErasingForwards, ErasedAgainTheyAreErasedBehindAMessageThatIsUnderWay) {
  remove();
  const Outgoing first = world.take();
  EXPECT_EQ(world.track(R"({"email":"ada@example.com","eventName":"bought"})"), "200 Success");
  const Outgoing thanks = world.take();
  remove();
  world.accept(first);
  EXPECT_TRUE(world.nothing_to_take()) << "it would make them anew";
  world.accept(thanks);
  EXPECT_THAT(under_way(), ElementsAre(kDelete));
  EXPECT_EQ(world.counter("forwards_waiting"), 0);
  EXPECT_EQ(world.counter("erasures_leaving"), 0);
}

}  // namespace
}  // namespace sojourn::runtime
