// When messages leave and when they do not, over all journeys of a person, and what is measured;
// with a daemon that is killed in between.

#include <algorithm>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <map>
#include <set>

#include "tests/e2e/people_fixture.h"

namespace sojourn::e2e {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Sending : public PeopleTest {
 protected:
  static std::string name(int number) { return fmt::format("p{}", number); }
};

TEST_F(Sending, ACapIsOfAllJourneysAndPriorityDecides) {
  begin(R"(
    journey low_one { enter on login priority low send ad1 }
    journey high_one { enter on login priority high send ad2 }
    journey waits_for_nothing { enter on login send m1 }
    journey low_two { enter on bought priority low send ad1 }
    journey hasty { enter on bought send ad1 within 1h }
  )",
        "cap marketing 1 per 24h defer up to 1d else drop");
  track("ada", "login");
  EXPECT_THAT(received("ada"), testing::UnorderedElementsAre(112, 101));
  EXPECT_THAT(log("ada"),
              Contains(HasSubstr("deferred low_one ad1 until 2026-03-02T09:00:00Z by capped")));
  kill_and_restart();
  track("ada", "bought", {{"amount", 1}});
  EXPECT_THAT(log("ada"), Contains("skipped hasty ad1 late")) << "there will be no room in time";
  track("bob", "login");
  EXPECT_EQ(received("bob").size(), 2U) << "a cap is one person's";
  until("2026-03-02T08:59:59.999Z");
  EXPECT_EQ(received("ada").size(), 2U);
  until("2026-03-02T09:00:00Z");
  EXPECT_EQ(received("ada").back(), 111);
  EXPECT_EQ(received("ada").size(), 3U);
  EXPECT_THAT(log("ada"), Contains(HasSubstr("accepted low_one ad1 ")));
  EXPECT_THAT(log("ada"), Contains("skipped low_two ad1 capped"))
      << "of two that were wanted at once, the name decides";
  expect_no_repeats();
}

TEST_F(Sending, QuietHoursAreOfThePersonAndEverythingIsAskedAgainAfterThem) {
  begin(R"(
    journey j { enter on signup exit when user.plan == "pro" as upgraded send ad1 }
  )",
        "quiet marketing 20:00..08:00 defer up to 1d else drop");
  for (const char* who : {"ada", "bob", "cyd", "dan"}) {
    update(who, {{"timeZone", "America/Los_Angeles"}});  // 01:00 there
    track(who, "signup");
  }
  track("eve", "signup");  // 09:00 in UTC
  EXPECT_THAT(received("eve"), ElementsAre(111));
  EXPECT_EQ(received_by_all(), 1U);
  kill_and_restart();
  update("bob", {{"plan", "pro"}});
  update("cyd", {{"unsubscribedMessageTypeIds", {2}}});
  until("2026-03-01T15:59:59Z");
  EXPECT_EQ(received_by_all(), 1U);
  // Dan flies to Tokyo, where the evening is quiet, too.
  update("dan", {{"timeZone", "Asia/Tokyo"}});
  until("2026-03-01T16:00:00Z");
  EXPECT_THAT(received("ada"), ElementsAre(111));
  EXPECT_THAT(received("dan"), IsEmpty());
  kill_and_restart();
  until("2026-03-01T22:59:59Z");
  EXPECT_THAT(received("dan"), IsEmpty());
  until("2026-03-01T23:00:00Z");
  EXPECT_THAT(received("dan"), ElementsAre(111));
  until("2026-03-05T00:00:00Z");
  EXPECT_THAT(received("bob"), IsEmpty());
  EXPECT_THAT(received("cyd"), IsEmpty());
  EXPECT_THAT(log("cyd"), Contains("skipped j ad1 no_consent"));
}

TEST_F(Sending, OnceIsOnceOverAllJourneysAndKills) {
  begin(R"(
    journey one { enter on signup send ad3 }
    journey another { enter on login reenter always send ad3 }
  )");
  track("ada", "signup");
  kill_and_restart();
  until("2027-03-01T00:00:00Z");
  track("ada", "login");
  EXPECT_THAT(received("ada"), ElementsAre(113));
  EXPECT_THAT(log("ada"), Contains("skipped another ad3 once"));
}

TEST_F(Sending, HoldoutsAndArmsAreTheSamePeopleAlways) {
  begin(R"(
    journey halves {
      enter on login
      reenter always
      split sides {
        50% left { send m1 }
        50% right { send m2 }
      }
    }
    journey kept_back { enter on login reenter always holdout 40% send m3 }
  )");
  constexpr int kPeople = 60;
  const auto round = [&] {
    const std::size_t before = sandbox.messages().size();
    for (int i = 0; i < kPeople; ++i) track(name(i), "login");
    std::map<std::string, std::set<int>> campaigns;
    const auto messages = sandbox.messages();
    for (std::size_t i = before; i < messages.size(); ++i) {
      campaigns[messages[i].at("recipientEmail")].insert(messages[i].at("campaignId").get<int>());
    }
    return campaigns;
  };
  const auto once = round();
  kill_and_restart();
  EXPECT_EQ(round(), once);
  std::map<int, int> people;
  for (const auto& [who, campaigns] : once) {
    EXPECT_NE(campaigns.contains(101), campaigns.contains(102)) << who << " is on one side";
    for (const int campaign : campaigns) ++people[campaign];
  }
  EXPECT_EQ(people[101] + people[102], kPeople) << "they are no marketing";
  for (const int campaign : {101, 102, 103}) {
    EXPECT_GT(people[campaign], kPeople / 5) << campaign;
    EXPECT_LT(people[campaign], kPeople * 4 / 5) << campaign;
  }
}

TEST_F(Sending, TheHoldoutOfThePolicyGetsNoMarketingFromAnyJourney) {
  begin(R"(
    journey one { enter on login send ad1 send m1 }
    journey another { enter on login send ad2 }
  )",
        "holdout 40% left_alone");
  constexpr int kPeople = 40;
  for (int i = 0; i < kPeople / 2; ++i) track(name(i), "login");
  kill_and_restart();
  for (int i = kPeople / 2; i < kPeople; ++i) track(name(i), "login");
  int held_out = 0;
  for (int i = 0; i < kPeople; ++i) {
    const auto campaigns = received(name(i));
    EXPECT_THAT(campaigns, Contains(101)) << "of both journeys or of none";
    EXPECT_TRUE(campaigns.size() == 1 || campaigns.size() == 3) << name(i);
    held_out += campaigns.size() == 1 ? 1 : 0;
  }
  EXPECT_GT(held_out, kPeople / 10);
  EXPECT_LT(held_out, kPeople * 7 / 10);
}

TEST_F(Sending, ASplitIsDecidedAndStaysSo) {
  begin(R"(
    journey j {
      enter on signup
      goal  converted on bought within 10d value event.amount
      split sides {
        measure converted within 1d
        decide after 30 per arm at 95%
        50% left { send m1 }
        50% right { send m2 }
      }
    }
  )");
  constexpr int kPeople = 90;
  int on_the_right = 0;
  for (int i = 0; i < kPeople; ++i) {
    track(name(i), "signup");
    if (received(name(i)) != std::vector{102}) continue;
    ++on_the_right;
    track(name(i), "bought", {{"amount", 10}});
  }
  ASSERT_GE(on_the_right, 30);
  ASSERT_LE(on_the_right, kPeople - 30);
  kill_and_restart();
  EXPECT_THAT(log_lines(daemon->process().err(), "split_decided"), IsEmpty())
      << "not before they have had their time";
  until("2026-03-02T10:00:00Z");
  EXPECT_EQ(log_lines(daemon->process().err(), "split_decided").size(), 1U);
  kill_and_restart();
  for (int i = kPeople; i < kPeople + 20; ++i) {
    track(name(i), "signup");
    EXPECT_THAT(received(name(i)), ElementsAre(102)) << name(i);
  }
  int met = 0;
  const Json status = daemon->status();
  for (const auto& [counter, count] : status.at("others").items()) {
    if (counter.starts_with("goals/j/")) met += count.get<int>();
  }
  EXPECT_EQ(met, on_the_right);
}

TEST_F(Sending, AGoalIsMetAfterTheEndAndAKill) {
  begin(R"(
    journey j { enter on signup goal converted on bought within 5d value event.amount send m1 }
  )");
  track("ada", "signup");
  kill_and_restart();
  until("2026-03-04T09:00:00Z");
  track("ada", "bought", {{"amount", 7}});
  track("ada", "bought", {{"amount", 9}});
  kill_and_restart();
  track_of("ada", "bought", {{"amount", 11}}, "2026-03-02T09:00:00Z");
  const auto story = log("ada");
  EXPECT_EQ(std::count_if(story.begin(), story.end(),
                          [](const std::string& line) { return line.starts_with("goal "); }),
            1);
}

// Of somebody unknown it is the morning; of somebody who reads at night, the night.
TEST_F(Sending, TheBestTimeIsThePersonsOwn) {
  begin(R"(
    journey reads { enter on login reenter always send m2 }
    journey j { enter on signup send m1 at best time }
  )");
  for (int night = 2; night < 20; ++night) {
    until(fmt::format("2026-03-{:02}T02:10:00Z", night));
    track("owl", "login");
    for (const char* what : {"opened", "clicked"}) {
      EXPECT_EQ(
          daemon
              ->post("/v1/engagements",
                     {{"email", "owl@example.com"}, {"engagement", what}, {"campaignId", 102}})
              .status,
          200);
    }
  }
  until("2026-03-20T18:00:00Z");
  track("owl", "signup");
  track("ada", "signup");
  kill_and_restart();
  EXPECT_THAT(log("ada"), Contains(HasSubstr("by best_time")));
  until("2026-03-21T03:59:59Z");
  EXPECT_EQ(received("owl").back(), 101);
  EXPECT_THAT(received("ada"), IsEmpty());
  until("2026-03-21T12:00:00Z");
  EXPECT_THAT(received("ada"), ElementsAre(101));
}

TEST_F(Sending, AffinityFollowsFromEngagement) {
  begin(R"(
    journey mails { enter on login reenter always send m1 }
    journey loved { enter when user.affinity == "loyal" send m2 }
    journey lost { enter when user.affinity == "negative" send m3 }
  )");
  const auto engage = [&](const char* who, const char* what) {
    const Json body{
        {"email", std::string(who) + "@example.com"}, {"engagement", what}, {"campaignId", 101}};
    EXPECT_EQ(daemon->post("/v1/engagements", body).status, 200);
    settle();
  };
  for (int i = 0; i < 3; ++i) {
    track("ada", "login");
    track("bob", "login");
    engage("ada", "opened");
    engage("ada", "clicked");
    if (i == 1) kill_and_restart();
  }
  EXPECT_THAT(received("ada"), ElementsAre(101, 101, 101, 102));
  engage("bob", "complained");
  EXPECT_THAT(log("bob"), Contains("skipped lost m3 no_consent")) << "to complain is to say no";
}

}  // namespace
}  // namespace sojourn::e2e
