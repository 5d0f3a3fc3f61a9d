#include "app/prove_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sstream>

#include "app/check_command.h"
#include "tests/unit/app/temporary_folder.h"

namespace sojourn::app {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::string_view kCatalog = R"(
event signup { plan string }
message_type news marketing opt_in
campaign welcome email news
campaign nudge push news
policy { timezone "Europe/Berlin" }
)";

struct Ran {
  int code = 0;
  std::string out;
  std::string err;
};

class ProveCommand : public ::testing::Test {
 protected:
  ProveCommand() {
    folder.write("sojourn.toml", "project = \"test\"\n");
    folder.write("catalog.journey", kCatalog);
    folder.write("j.journey",
                 "journey j \"The first\" {\n  enter on signup\n  assert at most 2 sends\n"
                 "  send welcome within 1h\n  wait 24h\n  send nudge within 1h\n}\n");
    folder.write(
        "k.journey",
        "journey k {\n  enter on signup\n  one per entry.plan\n  send nudge within 2h\n}\n");
  }
  Ran run(const std::string& journey, bool json = false) const {
    std::ostringstream out;
    std::ostringstream err;
    const int code = prove({journey, json, folder.path()}, out, err);
    return {code, out.str(), err.str()};
  }
  TemporaryFolder folder;
};

TEST_F(ProveCommand, ShowsTheBoundsOfEveryJourneyAndTheirSum) {
  const Ran ran = run("");
  EXPECT_EQ(ran.code, kClean);
  EXPECT_THAT(ran.err, IsEmpty());
  EXPECT_EQ(ran.out, R"(j "The first"
  ends within 1d2h
  one user: one enrollment, so no more than below
  asserts: 1, holds

  messages           in all  in 24 h   in 7 d
  all                     2        1        2
  email                   1        1        1
  push                    1        1        1
  type news               2        1        2
  campaign nudge          1        1        1
  campaign welcome        1        1        1

k
  ends within 2h
  one user: unbounded: one per entry.plan

  messages         in all  in 24 h   in 7 d
  all                   1        1        1
  push                  1        1        1
  type news             1        1        1
  campaign nudge        1        1        1

all journeys, one user

  messages             in all    in 24 h     in 7 d
  all               unbounded  unbounded  unbounded
  email                     1          1          1
  push              unbounded  unbounded  unbounded
  type news         unbounded  unbounded  unbounded
  campaign nudge    unbounded  unbounded  unbounded
  campaign welcome          1          1          1
)");
}

TEST_F(ProveCommand, ShowsOneJourneyThatIsNamed) {
  const Ran ran = run("k");
  EXPECT_EQ(ran.code, kClean);
  EXPECT_TRUE(ran.out.starts_with("k\n  ends within 2h\n")) << ran.out;
  EXPECT_EQ(ran.out.find("all journeys"), std::string::npos);
}

TEST_F(ProveCommand, SaysWhichStepHasNoEnd) {
  folder.write(
      "l.journey",
      "journey l {\n  enter on signup\n  x: wait until entry.createdAt + 9d past continue\n}\n");
  EXPECT_THAT(run("l").out, HasSubstr("no proved end: `x` may last for ever\n"));
}

TEST_F(ProveCommand, JsonHasTheSame) {
  const auto whole = nlohmann::json::parse(run("", true).out);
  ASSERT_EQ(whole["journeys"].size(), 2U);
  const auto& j = whole["journeys"][0];
  EXPECT_EQ(j["journey"], "j");
  EXPECT_EQ(j["ends_within_ms"], 26 * 3'600'000);
  EXPECT_EQ(j["endless_step"], nullptr);
  EXPECT_EQ(j["one_enrollment_per_user"], true);
  EXPECT_EQ(j["asserts"], 1);
  EXPECT_EQ(
      j["sends"][0],
      nlohmann::json({{"kind", "all"}, {"name", ""}, {"in_all", 2}, {"in_24h", 1}, {"in_7d", 2}}));
  EXPECT_EQ(whole["journeys"][1]["one_per"], nlohmann::json::array({"entry.plan"}));
  EXPECT_EQ(whole["one_user"][0]["in_all"], nullptr);
  EXPECT_EQ(nlohmann::json::parse(run("k", true).out)["one_user"], nullptr);
}

TEST_F(ProveCommand, AnUnknownJourneyIsTwoAndSuggestsOne) {
  folder.write("winback.journey", "journey winback { enter on signup }\n");
  const Ran ran = run("winbak", true);
  EXPECT_EQ(ran.code, kCouldNotRun);
  EXPECT_THAT(ran.err, HasSubstr("did you mean `winback`?"));
  EXPECT_EQ(nlohmann::json::parse(ran.out), nullptr);
}

TEST_F(ProveCommand, AFalseAssertIsOne) {
  folder.write("k.journey",
               "journey k {\n  enter on signup\n  assert at most 0 sends\n  send nudge\n}\n");
  const Ran ran = run("", true);
  EXPECT_EQ(ran.code, kFindings);
  EXPECT_THAT(ran.err, HasSubstr("false-assert"));
  EXPECT_EQ(nlohmann::json::parse(ran.out), nullptr);
}

TEST_F(ProveCommand, TheCapsOfThePolicyLowerWhatOneUserGets) {
  folder.write("catalog.journey",
               std::string(kCatalog) +
                   "message_type urgent transactional opt_out\ncampaign alert email urgent\n");
  folder.write("k.journey",
               "journey k {\n  enter on signup\n  one per entry.plan\n  send nudge within 2h\n"
               "  send alert within 1h\n}\n");
  std::string capped(kCatalog);
  capped.replace(capped.find("policy {"), 8,
                 "policy { cap marketing 2 per 24h defer up to 1h else drop ");
  EXPECT_THAT(run("").out, HasSubstr("type news         unbounded  unbounded  unbounded"));
  folder.write("catalog.journey",
               capped + "message_type urgent transactional opt_out\ncampaign alert email urgent\n");
  EXPECT_THAT(run("").out, HasSubstr("type news         unbounded          2         14"));
  EXPECT_THAT(run("").out, HasSubstr("type urgent       unbounded  unbounded  unbounded"));
}

}  // namespace
}  // namespace sojourn::app
