#include "sandbox/misbehaviour.h"

#include <gtest/gtest.h>

namespace sojourn::sandbox {
namespace {

std::vector<MisbehaviourRule> rules(const std::vector<std::string>& texts) {
  std::vector<MisbehaviourRule> out;
  for (const std::string& text : texts) {
    auto rule = parse_misbehaviour(text);
    EXPECT_TRUE(rule.has_value()) << (rule ? "" : rule.error().message);
    if (rule) out.push_back(std::move(*rule));
  }
  return out;
}

// One letter for each of `count` sends: `.` fine, `r` refused, `x` cut, `d` late.
std::string played(Misbehaviour& misbehaviour, int count,
                   std::string_view path = "/api/email/target") {
  std::string out;
  for (int i = 0; i < count; ++i) {
    const Deed deed = misbehaviour.next("POST", path);
    out += deed.reset ? 'x' : deed.status != 0 ? 'r' : deed.delay.count > 0 ? 'd' : '.';
  }
  return out;
}

TEST(Misbehaviour, DoesNothingWithoutRules) {
  Misbehaviour none(1, {});
  EXPECT_EQ(played(none, 5), ".....");
}

TEST(Misbehaviour, HitsEveryNth) {
  Misbehaviour misbehaviour(1, rules({"POST /api/email/target every 3 500"}));
  EXPECT_EQ(played(misbehaviour, 9), "..r..r..r");
}

TEST(Misbehaviour, HitsAShareThatTheSeedChooses) {
  const auto run = [](std::uint64_t seed) {
    Misbehaviour misbehaviour(seed, rules({"* /api/* 20% accept_then_reset"}));
    return played(misbehaviour, 1000);
  };
  const std::string one = run(1);
  EXPECT_EQ(one, run(1));
  EXPECT_NE(one, run(2));
  EXPECT_NEAR(static_cast<double>(std::count(one.begin(), one.end(), 'x')), 200, 40);
}

TEST(Misbehaviour, IsNotDisturbedByRequestsThatDoNotMatch) {
  const auto texts = rules({"POST /api/email/target 20% 500"});
  Misbehaviour alone(1, texts);
  Misbehaviour disturbed(1, texts);
  std::string out;
  for (int i = 0; i < 100; ++i) {
    played(disturbed, i % 3, "/api/users/update");
    out += played(disturbed, 1);
  }
  EXPECT_EQ(out, played(alone, 100));
}

TEST(Misbehaviour, AddsDelaysAndTakesTheFirstOtherAction) {
  Misbehaviour misbehaviour(1,
                            rules({"* /api/* 100% delay 200ms", "* /api/* 100% 429 retry-after 7",
                                   "* /api/* 100% accept_then_reset", "* /api/* 100% delay 1s"}));
  const Deed deed = misbehaviour.next("POST", "/api/email/target");
  EXPECT_EQ(deed.delay.count, 1200);
  EXPECT_EQ(deed.status, 429);
  EXPECT_EQ(deed.retry_after, "7");
  EXPECT_FALSE(deed.reset);
}

TEST(Misbehaviour, MatchesMethodsAndPathsWithStars) {
  Misbehaviour misbehaviour(1, rules({"POST /api/*/target 100% 500"}));
  EXPECT_EQ(played(misbehaviour, 1, "/api/email/target"), "r");
  EXPECT_EQ(played(misbehaviour, 1, "/api/email/target/more"), ".");
  EXPECT_EQ(played(misbehaviour, 1, "/api/users/update"), ".");
  EXPECT_EQ(misbehaviour.next("GET", "/api/email/target").status, 0);
  Misbehaviour any(1, rules({"* /* 100% 500"}));
  EXPECT_EQ(any.next("GET", "/").status, 500);
}

TEST(Misbehaviour, CountsWhatEachRuleDid) {
  Misbehaviour misbehaviour(1, rules({"* /api/* every 2 500", "GET /api/* 100% 500"}));
  played(misbehaviour, 5);
  const auto reports = misbehaviour.reports();
  EXPECT_EQ(reports[0].text, "* /api/* every 2 500");
  EXPECT_EQ(reports[0].matched, 5u);
  EXPECT_EQ(reports[0].hit, 2u);
  EXPECT_EQ(reports[1].matched, 0u);
}

TEST(ParseMisbehaviour, UnderstandsEveryForm) {
  const auto rule = rules({"  POST\t/api/email/target   0.25%  delay 2s "}).front();
  EXPECT_EQ(rule.method, "POST");
  EXPECT_EQ(rule.path, "/api/email/target");
  EXPECT_EQ(rule.millionths, 2500u);
  EXPECT_EQ(rule.delay.count, 2000);
  EXPECT_EQ(rules({"* /a 1% delay 5ms"}).front().delay.count, 5);
  EXPECT_EQ(rules({"* /a 1% delay 10m"}).front().delay.count, 600'000);
  EXPECT_EQ(rules({"* /a 100% 503"}).front().status, 503);
  EXPECT_EQ(rules({"* /a every 10 429 retry-after 30"}).front().retry_after, "30");
}

TEST(ParseMisbehaviour, SaysWhatIsWrong) {
  const auto complaint = [](const std::string& text) {
    const auto rule = parse_misbehaviour(text);
    return rule ? std::string("none") : rule.error().message;
  };
  EXPECT_EQ(complaint(""), "misbehaviour ``: a method or `*` comes first, found ``");
  EXPECT_EQ(complaint("post /a 1% 500"),
            "misbehaviour `post /a 1% 500`: a method or `*` comes first, found `post`");
  EXPECT_EQ(
      complaint("POST api 1% 500"),
      "misbehaviour `POST api 1% 500`: a path that begins with `/` comes second, found `api`");
  EXPECT_EQ(complaint("POST /a 5 500"),
            "misbehaviour `POST /a 5 500`: how often comes third, as `5%` (more than 0, at most "
            "100) or `every 10`, found `5`");
  EXPECT_EQ(complaint("* /a every 0 500"),
            "misbehaviour `* /a every 0 500`: `every` needs a number from 1, found `0`");
  EXPECT_EQ(complaint("* /a 5% explode"),
            "misbehaviour `* /a 5% explode`: what to do comes last: `delay` and a time, a status "
            "from 400 to 599, or `accept_then_reset`, found `explode`");
  EXPECT_EQ(complaint("* /a 5% 200"),
            "misbehaviour `* /a 5% 200`: what to do comes last: `delay` and a time, a status "
            "from 400 to 599, or `accept_then_reset`, found `200`");
  EXPECT_EQ(complaint("* /a 5% delay 11m"),
            "misbehaviour `* /a 5% delay 11m`: `delay` needs a time like `200ms`, `2s` or `1m`, "
            "at most `10m`, found `11m`");
  EXPECT_EQ(complaint("* /a 5% 429 retry-after soon"),
            "misbehaviour `* /a 5% 429 retry-after soon`: `retry-after` needs seconds, found "
            "`soon`");
  EXPECT_EQ(complaint("* /a 5% 500 now"),
            "misbehaviour `* /a 5% 500 now`: nothing may follow, found `now`");
  EXPECT_NE(complaint("* /a 101% 500"), "none");
  EXPECT_NE(complaint("* /a -1% 500"), "none");
  EXPECT_NE(complaint("* /a nan% 500"), "none");
  EXPECT_NE(complaint("* /a 5%"), "none");
  EXPECT_NE(complaint("* /*a*b*c* 5% 500"), "none");
}

}  // namespace
}  // namespace sojourn::sandbox
