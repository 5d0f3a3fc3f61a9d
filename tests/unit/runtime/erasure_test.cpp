// People who are erased: nothing of them is left, whatever they had, and nothing that comes late
// brings any of it back. Through the real store.
#include <array>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <string>

#include "runtime/find_user.h"
#include "tests/unit/runtime/erasure_fixture.h"

namespace sojourn::runtime {
namespace {

using connectors::OutcomeKind;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;
using Json = nlohmann::json;
using store::RowKind;

using ErasureTest = ErasureFixture;

TEST_F(ErasureTest, NothingIsLeftOfAnybodyWhoHadEverything) {
  sign_up();
  const Outgoing hello = world.take();
  world.accept(hello);
  EXPECT_EQ(world.track(event("asked")), "200 Success");
  const store::UserId id = id_of();
  ASSERT_THAT(found_of(id),
              UnorderedElementsAre("row 0", "row 1", "row 2", "row 3", "row 5", "row 6", "row 7",
                                   "row 8", "delivery", "timer", "watch timer"));
  EXPECT_EQ(world.erase(kAdaPath), "200 Success");
  EXPECT_THAT(found_of(id), IsEmpty());
  EXPECT_EQ(id_of(), store::UserId{}) << "nobody has the email";
  EXPECT_EQ(Json::parse(world.report("u-1")).value("id", ""), "") << "nor the userId";
  EXPECT_EQ(world.counter("users_erased"), 1);
  EXPECT_EQ(world.counter("exited/waits/erased"), 1);
  expect_counts_hold();
  // Nothing that was to come comes.
  const Outgoing asked = world.take();
  world.reply(asked, {{"answer", graph::Value("yes")}});
  world.pass(base::days24(60));
  EXPECT_TRUE(world.nothing_to_take());
  EXPECT_THAT(found_of(id), IsEmpty());
}

TEST_F(ErasureTest, TheIndexOfFieldsFindsThemNoMore) {
  sign_up();
  EXPECT_EQ(world.erase("/api/users/byUserId/u-1"), "200 Success");
  EXPECT_EQ(world.track(R"({"email":"bob@example.com","eventName":"told",
                            "dataFields":{"team":"a"}})"),
            "200 Success");
  EXPECT_EQ(world.counter("fan_out_users/told"), 0);
}

// The outcome of an attempt that was under way, and what the store then has of it.
class ErasedInFlight : public ErasureTest, public testing::WithParamInterface<OutcomeKind> {};

TEST_P(ErasedInFlight, AnOutcomeThatComesLateChangesNothing) {
  sign_up();
  const Outgoing hello = world.take();
  const store::UserId id = id_of();
  EXPECT_EQ(world.erase(kAdaPath), "200 Success");
  EXPECT_THAT(found_of(id), IsEmpty()) << "the claim, too";
  const auto lanes_before = world.lanes();
  EXPECT_EQ(lanes_before.at(0).in_flight, 1U) << "it is under way all the same";
  world.end(hello, GetParam());
  EXPECT_EQ(world.lanes().at(0).in_flight, 0U);
  EXPECT_THAT(found_of(id), IsEmpty());
  EXPECT_EQ(id_of(), store::UserId{});
  world.pass(base::days24(10));
  EXPECT_TRUE(world.nothing_to_take());
  EXPECT_EQ(world.counter("skipped/waits/hello/erased"), 1);
  EXPECT_EQ(world.counter("accepted/waits/hello"), 0);
}

INSTANTIATE_TEST_SUITE_P(Outcomes, ErasedInFlight,
                         testing::Values(OutcomeKind::kAccepted, OutcomeKind::kRejected,
                                         OutcomeKind::kRetry, OutcomeKind::kUnknown));

TEST_F(ErasureTest, ARestartBringsNothingBack) {
  sign_up();
  const store::UserId id = id_of();
  EXPECT_EQ(world.erase(kAdaPath), "200 Success");
  world.restart();
  EXPECT_THAT(found_of(id), IsEmpty());
  world.pass(base::days24(40));
  EXPECT_TRUE(world.nothing_to_take()) << "what was claimed is in nobody's doubt";
  expect_counts_hold();
}

TEST_F(ErasureTest, WhoWasErasedMayComeAgainAsSomebodyNew) {
  sign_up();
  const store::UserId before = id_of();
  EXPECT_EQ(world.erase(kAdaPath), "200 Success");
  EXPECT_EQ(world.track(event("signup", R"(,"id":"signup-2")")), "200 Success");
  const store::UserId after = id_of();
  EXPECT_NE(after, before);
  EXPECT_NE(after, store::UserId{});
  EXPECT_EQ(world.counter("entered/waits"), 2);
  EXPECT_THAT(world.log(kAda), testing::Contains(HasSubstr("entered waits")));
  EXPECT_THAT(world.log(kAda), Not(testing::Contains(HasSubstr("login")))) << "of the life before";
  // Who comes late with the outcome of the old life meets the new one without harm.
  world.accept(world.take());
  EXPECT_EQ(world.counter("accepted/waits/hello"), 0);
  world.accept(world.take());
  EXPECT_EQ(world.counter("accepted/waits/hello"), 1);
}

TEST_F(ErasureTest, WhatWasTakenBeforeIsRecognisedWhenItComesAgain) {
  sign_up();
  EXPECT_EQ(world.erase(kAdaPath), "200 Success");
  EXPECT_EQ(world.track(event("signup", R"(,"id":"signup-1")")), "200 Success");
  EXPECT_EQ(id_of(), store::UserId{}) << "a repeat makes nobody";
}

TEST_F(ErasureTest, WhoIsNobodyCannotBeDeleted) {
  EXPECT_EQ(world.erase(kAdaPath), "400 BadParams");
  EXPECT_EQ(world.erase("/api/users/byUserId/u-1"), "400 BadParams");
  sign_up();
  EXPECT_EQ(world.erase(kAdaPath), "200 Success");
  EXPECT_EQ(world.erase(kAdaPath), "400 BadParams") << "nor twice";
}

TEST_F(ErasureTest, WhatIsNoNameIsRefused) {
  EXPECT_EQ(world.erase("/api/users/ada"), "400 InvalidEmailAddressError");
  EXPECT_EQ(world.erase("/api/users/%zz"), "400 InvalidEmailAddressError");
  EXPECT_EQ(world.erase("/api/users/a%FF@x.com"), "400 InvalidEmailAddressError") << "no UTF-8";
  EXPECT_EQ(world.erase("/api/users/byUserId/"), "400 InvalidUserIdError");
  EXPECT_EQ(forget("{}"), "400 BadParams");
}

TEST_F(ErasureTest, APathMayBePercentEncoded) {
  EXPECT_EQ(world.update(R"({"email":"ada+x@example.com"})"), "200 Success");
  EXPECT_EQ(world.erase("/api/users/Ada%2Bx%40example.com"), "200 Success");
  EXPECT_EQ(id_of("ada+x@example.com"), store::UserId{});
}

TEST_F(ErasureTest, ADeadLetterOfTheirsGoes) {
  sign_up();
  world.refuse(world.take(), "400 BadParams");
  EXPECT_EQ(world.counter("dead_letters_kept"), 1);
  EXPECT_EQ(world.erase(kAdaPath), "200 Success");
  EXPECT_EQ(world.counter("dead_letters_kept"), 0);
  EXPECT_EQ(world.counter("dead_letters_gone/erased"), 1);
  EXPECT_THAT(*world.store().rows({0, 0}, RowKind::kDeadLetter, 10), IsEmpty());
}

TEST_F(ErasureTest, WhatAPauseHoldsBackIsNotLetGo) {
  sign_up();
  world.accept(world.take());
  world.command(JourneyCommand::What::kPause, "waits");
  world.pass(base::days24(4));
  EXPECT_EQ(world.counter("held_back/waits"), 1);
  const store::UserId id = id_of();
  EXPECT_EQ(world.erase(kAdaPath), "200 Success");
  world.command(JourneyCommand::What::kResume, "waits");
  world.pass(base::minutes(1));
  EXPECT_EQ(world.counter("held_back/waits"), 0);
  EXPECT_THAT(found_of(id), IsEmpty());
  EXPECT_TRUE(world.nothing_to_take());
  expect_counts_hold();
}

TEST_F(ErasureTest, InOneTurnALifeEndsAndAnotherBegins) {
  EXPECT_EQ(world.track(R"({"email":"bob@example.com","eventName":"login"})"), "200 Success");
  world.stop_after(0);
  world.update(R"({"email":"ada@example.com","userId":"u-1","dataFields":{"plan":"old"}})");
  world.track(event("signup"));
  world.erase(kAdaPath);
  world.track(event("signup"));
  world.go_on();
  EXPECT_EQ(world.counter("entered/waits"), 2);
  EXPECT_EQ(world.counter("exited/waits/erased"), 1);
  expect_counts_hold();
  EXPECT_EQ(Json::parse(world.report("u-1")).value("id", ""), "");
  EXPECT_THAT(world.report(kAda), Not(HasSubstr("old")));
  world.accept(world.take());
  EXPECT_TRUE(world.nothing_to_take()) << "of the life that ended nothing left";
}

// What was said of either was to become hers with the same commit.
TEST_F(ErasureTest, InOneTurnTwoUsersBecomeOneWhoIsErased) {
  sign_up();
  EXPECT_EQ(world.update(R"({"email":"old@example.com","dataFields":{"team":"a"}})"),
            "200 Success");
  for (const char* name : {"signup", "asked"}) {
    EXPECT_EQ(
        world.track(R"({"email":"old@example.com","eventName":")" + std::string(name) + "\"}"),
        "200 Success");
  }
  EXPECT_EQ(world.track(R"({"email":"oldest@example.com","eventName":"login"})"), "200 Success");
  const std::array gone = {id_of(), id_of("old@example.com"), id_of("oldest@example.com")};
  for (const store::UserId id : gone) {
    ASSERT_THAT(*world.store().rows(id, RowKind::kLog, 1), Not(IsEmpty()));
  }
  world.stop_after(0);
  const auto merge = [&](const std::string& source, const std::string& destination) {
    world.post(IntakeRequest::Endpoint::kUsersMerge, R"({"sourceEmail":")" + source +
                                                         R"(@example.com","destinationEmail":")" +
                                                         destination + R"(@example.com"})");
  };
  merge("oldest", "old");
  merge("old", "ada");
  forget();
  world.go_on();
  EXPECT_EQ(world.counter("merges"), 2);
  EXPECT_EQ(world.counter("users_erased"), 1);
  for (const store::UserId id : gone) EXPECT_THAT(found_of(id), IsEmpty());
  expect_counts_hold();
}

// Two users with lives of their own, of whom an event says that they are one, stay two.
TEST_F(ErasureTest, WhoHasTakenOverTheirConsentDoesNotNameThem) {
  EXPECT_EQ(world.update(R"({"userId":"u-2","dataFields":{"plan":"pro"}})"), "200 Success");
  EXPECT_EQ(world.update(R"({"email":"ada@example.com","dataFields":{"plan":"pro"}})"),
            "200 Success");
  const store::UserId id = id_of();
  EXPECT_EQ(world.consent("DELETE /api/subscriptions/messageType/1/user/ada@example.com"),
            "202 Success");
  EXPECT_EQ(world.track(event("login", R"(,"userId":"u-2")")), "200 Success");
  EXPECT_THAT(world.log("u-2"), testing::Contains("profile the consent of user " + printed_id(id)));
  EXPECT_EQ(forget(), "200 Success");
  EXPECT_THAT(world.log("u-2"), Not(testing::Contains(HasSubstr("ada@"))));
  const Json other = Json::parse(world.report("u-2"));
  ASSERT_NE(other.value("id", ""), "");
  EXPECT_THAT(other.dump(), Not(HasSubstr("ada@")));
}

// An event for many is on its way to her and to others.
TEST(ErasureOfOneAmongMany, AnEventOnItsWayToManyComesToTheOthers) {
  ShardSettings settings;
  settings.turn.max_fan_out_users = 1;
  ShardWorld world(kWorld, settings);
  for (const char* who : {"ada", "bob", "cyd"}) {
    EXPECT_EQ(world.update(R"({"email":")" + std::string(who) +
                           R"(@example.com","dataFields":{"team":"a"}})"),
              "200 Success");
  }
  world.stop_after(1);
  world.track(R"({"email":"sender@example.com","eventName":"told","dataFields":{"team":"a"}})");
  ASSERT_EQ(world.gauges().fan_out_users.used, 3U);
  world.stop_after(0);
  for (const char* who : {"ada", "cyd"}) {
    world.erase("/api/users/" + std::string(who) + "@example.com");
  }
  world.go_on();
  EXPECT_EQ(world.gauges().fan_out_users.used, 0U);
  EXPECT_THAT(*world.store().fan_outs({}, 10), IsEmpty());
  EXPECT_THAT(world.log("bob@example.com"), testing::Contains(HasSubstr("event told")));
  EXPECT_EQ(world.counter("users_erased"), 2);
  world.restart();
  EXPECT_EQ(world.gauges().fan_out_users.used, 0U);
}

// Its answer never came, and it was to be looked up.
TEST(ErasureInDoubt, WhatWasToBeLookedUpIsNot) {
  ShardSettings settings;
  settings.turn.look_up_after = base::minutes(2);
  ShardWorld world(kWorld, settings);
  EXPECT_EQ(world.track(event("signup")), "200 Success");
  world.end(world.take(), OutcomeKind::kUnknown);
  EXPECT_EQ(world.counter("parked/email"), 1);
  EXPECT_EQ(world.erase(kAdaPath), "200 Success");
  EXPECT_EQ(world.counter("parked/email"), 0);
  world.pass(base::hours(1));
  EXPECT_TRUE(world.nothing_to_take());
}

}  // namespace
}  // namespace sojourn::runtime
