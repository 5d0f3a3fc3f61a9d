// `sojourn forget` and `sojourn export` as the shard carries them out, through the real store.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <string>

#include "runtime/washing.h"
#include "tests/unit/runtime/erasure_fixture.h"

namespace sojourn::runtime {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using Json = nlohmann::json;

class ForgetTest : public ErasureFixture {
 protected:
  Json ask_forget(const std::string& identity, bool yes, bool goes_on = false) {
    ForgetCommand command;
    command.identity = identity;
    command.carry_out = yes;
    command.goes_on = goes_on;
    command.by = "op";
    return Json::parse(world.ask(command));
  }
  Json exported(const std::string& identity) {
    return Json::parse(world.ask(ExportQuery{identity}));
  }
  std::string key_of_claim() { return world.take().key.message.hex(); }
};

TEST_F(ForgetTest, FirstItOnlyCounts) {
  sign_up();
  const std::string key = key_of_claim();
  const Json counted = ask_forget("ada@example.com", false);
  EXPECT_EQ(counted.at("userId"), "u-1");
  EXPECT_EQ(counted.at("journeys"), Json::array({"waits"}));
  EXPECT_EQ(counted.at("timers"), 1) << "what they are watched for";
  EXPECT_EQ(counted.at("waiting"), 0);
  EXPECT_EQ(counted.at("claimed").at(0).at("key"), key);
  EXPECT_EQ(counted.at("claimed").at(0).at("subject"), "hello");
  EXPECT_EQ(counted.at("done"), false);
  EXPECT_FALSE(found_of(id_of()).empty());
  EXPECT_THAT(world.commands(), IsEmpty());
}

TEST_F(ForgetTest, WhoIsForgottenIsGoneAndRefused) {
  sign_up();
  const Outgoing hello = world.take();
  const store::UserId id = id_of();
  const Json done = ask_forget("u-1", true);
  EXPECT_EQ(done.at("done"), true);
  EXPECT_EQ(done.at("claimed").size(), 1U) << "what nothing calls back is named";
  EXPECT_THAT(found_of(id), IsEmpty());
  world.accept(hello);
  world.pass(base::days24(60));
  EXPECT_TRUE(world.nothing_to_take()) << "Iterable is not asked where nothing goes on to it";
  EXPECT_THAT(found_of(id), IsEmpty());
  EXPECT_EQ(world.track(event("signup", R"(,"id":"late-1")")), "400 ForgottenUserError");
  EXPECT_EQ(world.update(R"({"userId":"u-1"})"), "409 ForgottenUserError");
  EXPECT_EQ(ask_forget("u-1", true).value("error", "").substr(0, 6), "nobody");
  EXPECT_EQ(world.counter("users_erased"), 1);
  expect_counts_hold();
}

TEST_F(ForgetTest, TheirInternalIdWillDo) {
  sign_up();
  const std::string id = Json::parse(world.report("u-1")).at("id");
  EXPECT_EQ(ask_forget(id, true).at("email"), "ada@example.com");
  EXPECT_EQ(id_of(), store::UserId{});
}

TEST_F(ForgetTest, TheLogOfCommandsNamesNobody) {
  sign_up();
  ask_forget("ada@example.com", true);
  ASSERT_EQ(world.commands().size(), 1U);
  const std::string line = world.commands().at(0);
  EXPECT_THAT(line, HasSubstr("forget"));
  EXPECT_THAT(line, HasSubstr("1 enrollments, 1 timers, 0 waiting, 1 under way"));
  EXPECT_THAT(line, testing::ContainsRegex("email [0-9a-f]{64}, userId [0-9a-f]{64}"));
  EXPECT_THAT(line, Not(HasSubstr("ada@")));
  EXPECT_THAT(line, Not(HasSubstr("u-1")));
  for (const OperatorNote& note : world.notes()) {
    EXPECT_THAT(note.detail, Not(HasSubstr("ada@"))) << note.event;
  }
}

TEST_F(ForgetTest, IterableIsAskedBehindWhatIsUnderWay) {
  sign_up();
  const Outgoing hello = world.take();
  EXPECT_EQ(ask_forget("ada@example.com", false, true).at("iterable_is_asked"), true);
  EXPECT_EQ(ask_forget("ada@example.com", true, true).at("iterable_is_asked"), true);
  EXPECT_TRUE(world.nothing_to_take()) << "the message could make them anew there";
  world.accept(hello);
  const Outgoing forget = world.take();
  EXPECT_EQ(forget.request.path, "/api/users/forget");
  EXPECT_EQ(Json::parse(forget.request.body), (Json{{"email", "ada@example.com"}}));
  world.accept(forget);
  EXPECT_EQ(world.counter("erasures_leaving"), 0);
  EXPECT_EQ(world.counter("forwards_waiting"), 0);
}

TEST_F(ForgetTest, TwoAtOnceEraseOnce) {
  sign_up();
  const Json both = ask_forget("ada@example.com", true);
  EXPECT_EQ(both.at("done"), true);
  EXPECT_EQ(ask_forget("ada@example.com", true).contains("error"), true);
  EXPECT_EQ(world.commands().size(), 1U);
}

TEST_F(ForgetTest, TheFilesAreWashedSoonAfter) {
  sign_up();
  ask_forget("ada@example.com", true);
  EXPECT_EQ(world.counter(std::string(kToWash)), 1);
  world.pass(base::Millis{kWashAfter.count - 1});
  EXPECT_EQ(world.counter(std::string(kToWash)), 1);
  world.pass(base::Millis{1});
  EXPECT_EQ(world.counter(std::string(kToWash)), 0);
}

TEST_F(ForgetTest, ARestartWashesWhatTheLastProcessLeft) {
  sign_up();
  ask_forget("ada@example.com", true);
  world.open_again();
  EXPECT_EQ(world.counter(std::string(kToWash)), 1);
  world.run_turns(1);
  EXPECT_EQ(world.counter(std::string(kToWash)), 0);
}

TEST_F(ForgetTest, WhatNamesThemToIterableIsWashedOnceItHasLeft) {
  sign_up();
  ask_forget("ada@example.com", true, true);
  world.pass(kWashAfter);
  ASSERT_EQ(world.counter(std::string(kToWash)), 0);
  world.accept(world.take());
  world.accept(world.take());
  EXPECT_EQ(world.counter(std::string(kToWash)), 1) << "the request had their name";
  world.pass(kWashAfter);
  EXPECT_EQ(world.counter(std::string(kToWash)), 0);
}

TEST_F(ForgetTest, AnExportHasAllThatIsKept) {
  sign_up();
  const Outgoing hello = world.take();
  world.refuse(hello, "status 400: no such template");
  EXPECT_EQ(world.track(event("asked")), "200 Success");
  const Json person = exported("u-1");
  EXPECT_EQ(person.at("format"), 1);
  EXPECT_EQ(person.at("exported_at"), base::to_iso8601(world.now()));
  EXPECT_EQ(person.at("email"), "ada@example.com");
  EXPECT_EQ(person.at("profile").at("team").at("value"), "a");
  EXPECT_EQ(person.at("profile").at("team").at("source"), "intake");
  EXPECT_EQ(person.at("history").at(0).at("event"), "login");
  EXPECT_EQ(person.at("ended_unsent").at(0).at("subject"), "hello");
  EXPECT_EQ(person.at("ended_unsent").at(0).at("answer"), "status 400: no such template");
  EXPECT_EQ(person.at("deliveries").at(0).at("subject"), "oracle");
  EXPECT_EQ(person.at("ended").at(0).at("journey"), "done");
  EXPECT_EQ(person.at("ended").at(0).at("ends").size(), 1U);
  EXPECT_EQ(person.at("measured").at(0).at("journey"), "done");
  EXPECT_EQ(person.at("watched").at(0).at("journey"), "dated");
  EXPECT_GE(person.at("log").size(), 5U);
  EXPECT_TRUE(exported("nobody@example.com").contains("error"));
}

}  // namespace
}  // namespace sojourn::runtime
