// "Why did I get this?" through the real store: what the log says of each decision, and what is
// answered about one message.
#include "runtime/why_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/unit/runtime/shard_world.h"

namespace sojourn::runtime {
namespace {

using Json = nlohmann::json;
using base::hours;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr const char* kWorld = R"(
  user { plan string }
  event signup { plan string }
  event login
  event leave
  message_type news = 1 marketing opt_out
  campaign first  = 101 email news
  campaign second = 102 email news
  campaign never  = 103 email news
  campaign beside = 104 email news
  policy {
    timezone user.timeZone default "Europe/Berlin"
    cap marketing 1 per 3d defer up to 2d else drop
  }
  journey j {
    enter on signup where event.plan == "pro"
    reenter never
    exit on leave as left
    send first
    wait 1d at 09:00
    if user.plan == "gold" {
      send never
    } else {
      send second within 12h
    }
    wait 1d
  }
  journey other { enter on login send beside }
)";

std::string event(std::string_view name, std::string_view fields = "") {
  return std::string(R"({"email":"ada@example.com","eventName":")")
      .append(name)
      .append(R"(","dataFields":{)")
      .append(fields)
      .append("}}");
}

class WhyReport : public testing::Test {
 protected:
  Json why(const std::string& about, const std::string& who = "ada@example.com") {
    return Json::parse(shard.ask(WhyQuery{who, about}));
  }
  // "2026-03-02T08:00:00Z waits wait 1", without what is said of why.
  static std::vector<std::string> lines(const Json& report) {
    std::vector<std::string> out;
    for (const Json& line : report.at("story")) {
      std::string text = line.at("what");
      for (const char* part : {"subject", "detail"}) {
        if (line.contains(part)) text += " " + line.at(part).get<std::string>();
      }
      out.push_back(text);
    }
    return out;
  }
  static Json of(const Json& report, std::string_view what) {
    for (const Json& line : report.at("story")) {
      if (line.at("what") == what) return line;
    }
    return {};
  }
  void sign_up() { ASSERT_EQ(shard.track(event("signup", R"("plan":"pro")")), "200 Success"); }

  ShardWorld shard{kWorld};
};

TEST_F(WhyReport, TellsTheWayFromTheEventToTheMessageThroughARestart) {
  sign_up();
  const Outgoing first = shard.take();
  shard.accept(first);
  shard.restart();
  const Json report = why("first");
  EXPECT_EQ(report.at("verdict"), "sent");
  EXPECT_EQ(report.at("journey"), "j");
  EXPECT_EQ(report.at("enrollment"), 1);
  EXPECT_EQ(report.at("complete"), true);
  const std::string key = first.key.message.hex();
  EXPECT_THAT(lines(report), ElementsAre("event signup", "entered signup", "claimed first " + key,
                                         "accepted first " + key));
  const Json entered = of(report, "entered");
  EXPECT_EQ(entered.at("rule"), R"(enter on signup where event.plan == "pro")");
  EXPECT_EQ(entered.at("values"), (Json{{"event.plan", "\"pro\""}}));
  EXPECT_EQ(lines(why(key)), lines(report)) << "by its key";
}

TEST_F(WhyReport, SaysByWhichConditionValuesAndZoneAMessageWasDropped) {
  sign_up();
  shard.accept(shard.take());
  shard.pass(hours(23));
  shard.restart();
  const Json report = why("second");
  EXPECT_EQ(report.at("verdict"), "skipped");
  const Json waits = of(report, "waits");
  EXPECT_EQ(waits.at("until"), "2026-03-02T08:00:00Z");
  EXPECT_EQ(waits.at("zone"), (Json{{"name", "Europe/Berlin"}, {"source", "the default"}}));
  EXPECT_EQ(of(report, "wait_over").at("at"), "2026-03-02T08:00:00Z");
  const Json way = of(report, "branch");
  EXPECT_EQ(way.at("detail"), "else");
  EXPECT_EQ(way.at("values"), (Json{{"user.plan", "missing"}}));
  const Json skipped = of(report, "skipped");
  EXPECT_EQ(skipped.at("detail"), "late");
  EXPECT_EQ(skipped.at("rule"), "cap marketing 1 per 3d defer up to 2d else drop");
  ASSERT_THAT(skipped.at("values"), SizeIs(1)) << "the message that fills the cap";
  EXPECT_THAT(skipped.at("values").begin().key(), HasSubstr("first "));
}

TEST_F(WhyReport, SaysWhyThereIsNoSuchMessage) {
  EXPECT_EQ(shard.track(event("signup", R"("plan":"free")")), "200 Success");
  Json report = why("never");
  EXPECT_EQ(report.at("verdict"), "never_entered");
  EXPECT_EQ(
      report.at("entries"),
      Json::array({{{"journey", "j"}, {"line", R"(enter on signup where event.plan == "pro")"}}}));
  sign_up();
  shard.accept(shard.take());
  report = why("never");
  EXPECT_EQ(report.at("verdict"), "not_yet");
  EXPECT_EQ(report.at("story").back().at("what"), "waits");
  EXPECT_EQ(shard.track(event("leave")), "200 Success");
  report = why("never");
  EXPECT_EQ(report.at("verdict"), "left");
  EXPECT_EQ(report.at("story").back().at("rule"), "exit on leave as left");
  EXPECT_EQ(report.at("story").back().at("subject"), "wait 1");
  sign_up();
  report = why("never");
  EXPECT_EQ(report.at("verdict"), "not_let_in");
  EXPECT_THAT(lines(report), ElementsAre("event signup", "refused signup reenter_never"));
  report = why("first");
  EXPECT_EQ(report.at("verdict"), "sent");
  EXPECT_EQ(report.at("since").at("detail"), "reenter_never") << "the last that was decided";
}

TEST_F(WhyReport, AMessageThatACapDropsNamesTheOneThatWasFirst) {
  sign_up();
  const Outgoing first = shard.take();
  EXPECT_EQ(shard.track(event("login")), "200 Success");
  const Json report = why("beside");
  EXPECT_EQ(report.at("verdict"), "skipped") << "the place is free only after two days";
  EXPECT_TRUE(of(report, "skipped").at("values").contains("first " + first.key.message.hex()));
}

TEST_F(WhyReport, SaysOfAnEventWhereItLetThemInAndByWhichRuleItDidNot) {
  EXPECT_EQ(shard.track(event("signup", R"("plan":"free")")), "200 Success");
  Json report = why("signup");
  EXPECT_EQ(report.at("verdict"), "event_nothing");
  EXPECT_THAT(lines(report), ElementsAre("event signup"));
  EXPECT_EQ(
      report.at("entries"),
      Json::array({{{"journey", "j"}, {"line", R"(enter on signup where event.plan == "pro")"}}}));
  sign_up();
  report = why("signup");
  EXPECT_EQ(report.at("verdict"), "event_entered");
  EXPECT_THAT(lines(report), ElementsAre("event signup", "entered signup"));
  EXPECT_FALSE(report.contains("entries"));
  shard.restart();
  sign_up();
  report = why("signup");
  EXPECT_EQ(report.at("verdict"), "event_refused");
  EXPECT_THAT(lines(report), ElementsAre("event signup", "refused signup enrolled"));
  shard.command(JourneyCommand::What::kDrain, "other");
  EXPECT_EQ(shard.track(event("login")), "200 Success");
  report = why("login");
  EXPECT_EQ(report.at("verdict"), "event_refused");
  EXPECT_EQ(of(report, "refused").at("journey"), "other");
  EXPECT_EQ(of(report, "refused").at("detail"), "draining");
  EXPECT_THAT(why("leave").at("error"), HasSubstr("no event in their log")) << "it never came";
}

TEST_F(WhyReport, NobodyAndNothingAreErrors) {
  EXPECT_THAT(why("first", "eve@example.com").at("error"), HasSubstr("eve@example.com"));
  sign_up();
  EXPECT_THAT(why("frist").at("error"), HasSubstr("`frist` is no campaign"));
}

TEST(StoryOfMessage, WhatIsNoLongerInTheLogIsSaidToBeMissing) {
  const std::vector<LogRecord> log{
      {LogRecord::Kind::kClaimed, base::Instant{1}, "j", 1, "first", "k"}};
  const Story story = story_of_message(log, "first");
  EXPECT_THAT(story.records, SizeIs(1));
  EXPECT_FALSE(story.complete);
  EXPECT_EQ(story.ended, LogRecord::Kind::kClaimed);
  EXPECT_TRUE(story_of_message(log, "other").records.empty());
}

}  // namespace
}  // namespace sojourn::runtime
