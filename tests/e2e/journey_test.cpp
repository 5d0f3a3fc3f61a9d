// One person's way through a journey: from an event over HTTP to messages at
// Iterable's door, and what the operator is told about it.

#include <gmock/gmock.h>
#include <map>
#include <set>

#include "sandbox/inbox.h"
#include "tests/e2e/welcome_fixture.h"

namespace sojourn::e2e {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

class JourneyTest : public WelcomeTest {};

// "claimed hello", "branch if 1": a person's log without times and keys.
std::vector<std::string> story(const Json& report) {
  std::vector<std::string> lines;
  for (const Json& line : report.at("log")) {
    std::string text = line.at("what");
    const std::string subject = line.value("subject", "");
    if (!subject.empty()) text += " " + subject;
    if (line.at("what") == "branch" || line.at("what") == "exited") {
      text += " " + line.at("detail").get<std::string>();
    }
    lines.push_back(text);
  }
  return lines;
}

TEST_F(JourneyTest, AnEventBecomesAMessageNowAndAnotherAfterTheWait) {
  Daemon daemon(project, kStart);
  ASSERT_NE(daemon.port(), 0) << daemon.process().err();
  const Answer answer =
      daemon.track("Ada@Example.com", "signup", {{"plan", "pro"}, {"seats", 3}}, "e-1");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.json().at("code"), "Success");
  EXPECT_EQ(answer.json().at("params").at("id"), "e-1");
  ASSERT_TRUE(daemon.settle());

  auto messages = sandbox.messages();
  ASSERT_EQ(messages.size(), 1U);
  EXPECT_EQ(messages[0].at("medium"), "email");
  EXPECT_EQ(messages[0].at("campaignId"), 101);
  EXPECT_EQ(messages[0].at("recipientEmail"), "ada@example.com");
  const std::string key = messages[0].at("messageKey");
  EXPECT_EQ(key.size(), 32U);
  EXPECT_EQ(messages[0].at("dataFields"), (Json{{"plan", "pro"}, {"sojournMessageKey", key}}));

  daemon.run_until(kBranch);
  messages = sandbox.messages();
  ASSERT_EQ(messages.size(), 2U);
  EXPECT_EQ(messages[1].at("campaignId"), 102);
  EXPECT_EQ(messages[1].at("dataFields").at("seats"), 3);
  EXPECT_NE(messages[1].at("messageKey"), key);

  daemon.run_until(kEnd);
  EXPECT_EQ(sandbox.messages().size(), 2U);
  EXPECT_EQ(daemon.stop(), 0);
}

TEST_F(JourneyTest, TheOtherBranchGetsTheOtherMessage) {
  Daemon daemon(project, kStart);
  ASSERT_EQ(daemon.track("bob@example.com", "signup", {{"plan", "free"}}, "e-1").status, 200);
  daemon.run_until(kBranch);
  const auto messages = sandbox.messages();
  ASSERT_EQ(messages.size(), 2U);
  EXPECT_EQ(messages[1].at("campaignId"), 103);
  EXPECT_EQ(messages[1].at("dataFields"),
            (Json{{"sojournMessageKey", messages[1].at("messageKey")}}));
}

TEST_F(JourneyTest, AnExitEndsTheWaitAndWhatWasToCome) {
  Daemon daemon(project, kStart);
  ASSERT_EQ(daemon.track("ada@example.com", "signup", {{"plan", "pro"}}, "e-1").status, 200);
  daemon.jump_to("2026-03-02T09:00:00Z");
  ASSERT_EQ(daemon.track("ada@example.com", "bought", {{"amount", 9.5}}, "e-2").status, 200);
  const auto clock = daemon.settle();
  ASSERT_TRUE(clock);
  EXPECT_FALSE(clock->next_due) << *clock->next_due;
  daemon.jump_to(kEnd);
  EXPECT_EQ(sandbox.messages().size(), 1U);
  EXPECT_EQ(daemon.user("ada@example.com").at("ended").at(0).at("reason"), "converted");
}

// Iterable shows `metadata` where it does not show `dataFields`, so the key is in both.
TEST_F(JourneyTest, TheRequestCarriesTheKeyInMetadataToo) {
  Daemon daemon(project, kStart);
  ASSERT_EQ(daemon.track("ada@example.com", "signup", {{"plan", "pro"}}, "e-1").status, 200);
  ASSERT_TRUE(daemon.settle());
  const std::string key = sandbox.messages().at(0).at("messageKey");
  EXPECT_EQ(sandbox.stop(), 0);

  auto inbox = sandbox::Inbox::open(sandbox.record_file().string());
  ASSERT_TRUE(inbox) << inbox.error().message;
  const auto records = (*inbox)->read(sandbox::RecordKind::kMessage, {});
  ASSERT_TRUE(records);
  ASSERT_EQ(records->size(), 1U);
  const Json body = Json::parse(records->front().record.body);
  EXPECT_EQ(body, (Json{{"campaignId", 101},
                        {"recipientEmail", "ada@example.com"},
                        {"dataFields", {{"plan", "pro"}, {"sojournMessageKey", key}}},
                        {"metadata", {{"sojournMessageKey", key}}}}));
}

TEST_F(JourneyTest, StatusCountsWhoIsWhereAndAddsUp) {
  Daemon daemon(project, kStart);
  for (const char* name : {"a", "b", "c"}) {
    const std::string email = std::string(name) + "@example.com";
    ASSERT_EQ(daemon.track(email, "signup", {{"plan", "pro"}}, name).status, 200);
  }
  daemon.jump_to("2026-03-02T09:00:00Z");
  ASSERT_EQ(daemon.track("a@example.com", "bought", {{"amount", 1}}, "").status, 200);
  ASSERT_EQ(daemon.track("b@example.com", "signup", {{"plan", "pro"}}, "").status, 200);
  ASSERT_TRUE(daemon.settle());

  const Json status = daemon.status();
  EXPECT_EQ(status.at("project"), "e2e");
  EXPECT_EQ(status.at("now"), "2026-03-02T09:00:00Z");
  EXPECT_EQ(status.at("next_due"), kBranch);
  EXPECT_EQ(status.at("others"), (Json{{"events/bought", 1}, {"events/signup", 4}}));
  const Json welcome = journey_in(status, "welcome");
  EXPECT_EQ(welcome.at("entered"), 3);
  EXPECT_EQ(welcome.at("inside"), (Json::array({{{"step", "wait 1"}, {"count", 2}}})));
  EXPECT_EQ(welcome.at("exited"), (Json{{"converted", 1}}));
  EXPECT_EQ(welcome.at("refused"), (Json{{"enrolled", 1}}));
  EXPECT_EQ(
      welcome.at("messages").at(0),
      (Json{{"campaign", "hello"}, {"planned", 3}, {"accepted", 3}, {"skipped", Json::object()}}));
}

TEST_F(JourneyTest, UserTellsEverythingAboutOnePersonAndWhy) {
  Daemon daemon(project, kStart);
  const Json update{{"email", "ada@example.com"},
                    {"userId", "u-1"},
                    {"dataFields", {{"plan", "pro"}, {"seats", 7}}}};
  ASSERT_EQ(daemon.post("/api/users/update", update).status, 200);
  ASSERT_EQ(daemon.track("ada@example.com", "signup", {{"plan", "pro"}}, "e-1").status, 200);
  ASSERT_TRUE(daemon.settle());

  Json report = daemon.user("ada@example.com");
  EXPECT_EQ(report.at("userId"), "u-1");
  EXPECT_EQ(report.at("profile").at("seats"),
            (Json{{"value", 7}, {"source", "intake"}, {"at", kStart}}));
  ASSERT_EQ(report.at("enrollments").size(), 1U);
  const Json& inside = report.at("enrollments").at(0);
  EXPECT_EQ(inside.at("journey"), "welcome");
  EXPECT_EQ(inside.at("at"), "wait 1");
  EXPECT_EQ(inside.at("due"), kBranch);
  EXPECT_EQ(inside.at("entry").at("plan"), "pro");

  daemon.run_until(kEnd);
  report = daemon.user("u-1");
  EXPECT_THAT(report.at("enrollments"), testing::IsEmpty());
  EXPECT_EQ(report.at("ended").at(0).at("reason"), "completed");
  EXPECT_EQ(report.at("ended").at(0).at("ended_at"), kEnd);
  EXPECT_THAT(story(report),
              ElementsAre("profile", "event signup", "entered signup", "claimed hello",
                          "accepted hello", "waits wait 1", "wait_over wait 1", "branch if 1 1",
                          "claimed pro_tips", "accepted pro_tips", "waits wait 2",
                          "wait_over wait 2", "exited wait 2 completed"));
  std::set<std::string> keys;
  for (const Json& message : sandbox.messages()) keys.insert(message.at("messageKey"));
  for (const Json& line : report.at("log")) {
    if (line.at("what") != "accepted") continue;
    EXPECT_THAT(keys, Contains(line.at("detail").get<std::string>()));
  }
}

TEST_F(JourneyTest, WhyTellsTheWayToAMessageAcrossAKill) {
  const auto why = [&](const std::string& message) {
    return run_to_end(
        sojourn({"why", "ada@example.com", message, "--project", project.folder().string()}),
        project.folder() / "why");
  };
  {
    Daemon daemon(project, kStart);
    ASSERT_EQ(daemon.track("ada@example.com", "signup", {{"plan", "pro"}}, "e-1").status, 200);
    ASSERT_TRUE(daemon.settle());
    EXPECT_THAT(why("pro_tips").out, HasSubstr("pro_tips was not sent yet"));
    daemon.kill9();
  }
  Daemon again(project, kStart, "again");
  again.run_until(kBranch);
  const Finished told = why("pro_tips");
  EXPECT_EQ(told.code, 0) << told.err;
  EXPECT_THAT(told.out, HasSubstr("pro_tips was sent (journey welcome, enrollment 1)"));
  EXPECT_THAT(told.out, HasSubstr("they were let in: enter on signup"));
  EXPECT_THAT(told.out, HasSubstr("welcome.journey:9) went the way `1`"));
  EXPECT_THAT(told.out, HasSubstr("entry.plan = \"pro\""));
  const Finished other = why("free_tips");
  EXPECT_EQ(other.code, 0) << other.err;
  EXPECT_THAT(other.out, HasSubstr("free_tips was not sent yet"));
  const Finished unknown = why("no_such_tips");
  EXPECT_EQ(unknown.code, 2);
  EXPECT_THAT(unknown.err, HasSubstr("no_such_tips"));
}

TEST_F(JourneyTest, UserSaysThatNobodyHasTheName) {
  const Daemon daemon(project, kStart);
  const Finished finished =
      run_to_end(sojourn({"user", "nobody@example.com", "--project", project.folder().string()}),
                 project.folder() / "user");
  EXPECT_EQ(finished.code, 2);
  EXPECT_THAT(finished.err, HasSubstr("nobody@example.com"));
}

TEST_F(JourneyTest, AnOpeningFindsItsMessageThroughARestart) {
  project.write("reading.journey", R"(
journey reading {
  enter on signup
  send hello with { plan: entry.plan }
  wait for opened hello up to 2d { exit as read } timeout { exit as unread }
}
)");
  const auto opened = [](const std::string& key) {
    return Json{{"email", "ada@example.com"},
                {"engagement", "opened"},
                {"messageKey", key},
                {"campaignId", 101}};
  };
  {
    Daemon daemon(project, kStart);
    ASSERT_EQ(daemon.track("ada@example.com", "signup", {{"plan", "pro"}}, "e-1").status, 200);
    ASSERT_TRUE(daemon.settle());
    EXPECT_EQ(daemon.post("/v1/engagements", {{"engagement", "opened"}}).status, 400);
    EXPECT_EQ(daemon.post("/v1/engagements", opened("0123456789abcdef")).status, 200);
    EXPECT_EQ(journey_in(daemon.status(), "reading").at("exited"), Json::object());
  }
  // One of them is of `welcome`, and ends nothing.
  const auto messages = sandbox.messages();
  ASSERT_EQ(messages.size(), 2U);
  Daemon daemon(project, kStart);
  for (const Json& message : messages) {
    EXPECT_EQ(daemon.post("/v1/engagements", opened(message.at("messageKey"))).status, 200);
  }
  EXPECT_EQ(journey_in(daemon.status(), "reading").at("exited"), (Json{{"read", 1}}));
}

TEST_F(JourneyTest, AListIsKeptThroughARestart) {
  project.write("lists.journey", R"(
list vips = 21
journey for_vips {
  enter on signup where in list vips
  exit  when not in list vips as left
  wait 2d
}
)");
  const Json ada{{"listId", 21}, {"subscribers", {{{"email", "ada@example.com"}}}}};
  {
    Daemon daemon(project, kStart);
    const Answer joined = daemon.post("/api/lists/subscribe", ada);
    EXPECT_EQ(joined.status, 200);
    EXPECT_EQ(joined.json().at("successCount"), 1);
    EXPECT_EQ(daemon.post("/api/lists/subscribe", {{"listId", 22}, {"subscribers", Json::array()}})
                  .status,
              400);
  }
  Daemon daemon(project, kStart);
  ASSERT_EQ(daemon.track("ada@example.com", "signup", {{"plan", "pro"}}, "e-1").status, 200);
  EXPECT_EQ(journey_in(daemon.status(), "for_vips").at("entered"), 1);
  EXPECT_EQ(daemon.post("/api/lists/unsubscribe", ada).status, 200);
  EXPECT_EQ(journey_in(daemon.status(), "for_vips").at("exited"), (Json{{"left", 1}}));
}

// How often Iterable was told, by what; received as changes of profiles.
std::map<std::string, int> updates_of(const Json& summary) {
  std::map<std::string, int> out;
  for (const Json& update : summary.at("updates")) out[update.at("by")] = update.at("received");
  return out;
}

TEST_F(JourneyTest, WhatAJourneyMakesOfListsAndSubscriptionsIsToldToIterable) {
  project.write("members.journey", R"(
    message_type extras = 61 marketing opt_in
    message_type texts = 62 marketing double_opt_in
    campaign thanks = 161 email extras
    event upgraded
    list members = 31
    journey membership {
      owner "a@example.com"
      enter on upgraded
      add to list members
      subscribe to extras
      subscribe to texts
      send thanks
      wait 1d
      remove from list members
      unsubscribe from extras
      goodbye: send thanks again
    }
  )");
  const std::string ada = "ada@example.com";
  {
    Daemon daemon(project, kStart);
    ASSERT_NE(daemon.port(), 0) << daemon.process().err();
    EXPECT_EQ(daemon.track(ada, "upgraded", Json::object(), "e-1").status, 200);
    ASSERT_TRUE(daemon.settle());
    EXPECT_EQ(updates_of(sandbox.summary()),
              (std::map<std::string, int>{{"lists/subscribe", 1},
                                          {"subscriptions/subscribe", 1},
                                          {"subscriptions/subscribeToDoubleOptIn", 1}}));
    EXPECT_EQ(sandbox.messages().size(), 1U) << "the subscription is consent at once";
    EXPECT_EQ(daemon.user(ada).at("lists"), Json::array({"members"}));
    daemon.kill9();
  }
  Daemon daemon(project, kStart, "second");
  ASSERT_NE(daemon.port(), 0) << daemon.process().err();
  EXPECT_EQ(daemon.user(ada).at("lists"), Json::array({"members"}));
  ASSERT_TRUE(daemon.run_to_the_end());
  const auto updates = updates_of(sandbox.summary());
  EXPECT_EQ(updates.at("lists/unsubscribe"), 1);
  EXPECT_EQ(updates.at("subscriptions/unsubscribe"), 1);
  EXPECT_EQ(sandbox.messages().size(), 1U) << "nothing to somebody who was unsubscribed";
  EXPECT_EQ(daemon.user(ada).at("lists"), Json::array());
}

TEST_F(JourneyTest, AMessageTypeThatNobodyCouldOptOutOfIsRefusedAtTheStart) {
  project.write("adverts.journey", R"(
    message_type adverts marketing opt_out
    campaign advert = 191 email adverts
    journey advertised { owner "a@example.com"  enter on signup  send advert }
  )");
  Daemon daemon(project, kStart);
  EXPECT_EQ(daemon.port(), 0);
  EXPECT_THAT(daemon.process().err(), HasSubstr("message type `adverts`, of campaign `advert` that "
                                                "journey `advertised` sends, has no Iterable id"));
}

TEST_F(JourneyTest, AListWithoutAnIdIsRefusedAtTheStart) {
  project.write("members.journey", R"(
    list members
    journey membership { owner "a@example.com"  enter on signup  add to list members }
  )");
  Daemon daemon(project, kStart);
  EXPECT_EQ(daemon.port(), 0);
  EXPECT_THAT(daemon.process().err(),
              HasSubstr("list `members`, which journey `membership` changes, has no Iterable id"));
}

}  // namespace
}  // namespace sojourn::e2e
