// An endpoint that answers with errors for an hour while thousands wait for it, and messages that
// get nowhere: what it costs in attempts, and that others do not notice.

#include <algorithm>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <map>

#include "tests/e2e/people_fixture.h"

namespace sojourn::e2e {
namespace {

using testing::Contains;
using testing::Each;
using testing::HasSubstr;
using testing::Pair;

constexpr int kLetter = 101;
constexpr int kNudge = 131;
constexpr int kPoison = 132;

constexpr const char* kJourneys = R"(
  campaign nudge  = 131 push account
  campaign poison = 132 sms account
  journey welcome { enter on signup send m1 }
  journey nudges { enter on login reenter always send nudge }
  journey poisoned { enter on bought send poison wait 1m send m2 }
)";

class Outages : public PeopleTest {
 protected:
  static std::string name(int number) { return fmt::format("p{}", number); }

  // So many people sign up, in requests of 500.
  void sign_up(int people) {
    constexpr int kAtOnce = 500;
    for (int from = 0; from < people; from += kAtOnce) {
      Json events = Json::array();
      for (int i = from; i < std::min(people, from + kAtOnce); ++i) {
        events.push_back({{"email", name(i) + "@example.com"},
                          {"eventName", "signup"},
                          {"id", fmt::format("s{}", i)}});
      }
      const Answer answer = daemon->post("/api/events/trackBulk", {{"events", events}});
      ASSERT_EQ(answer.status, 200) << answer.body;
      ASSERT_EQ(answer.json().at("failCount"), 0);
    }
    settle();
  }

  // How many of a campaign everybody has received.
  std::map<std::string, int> received_of(int campaign) {
    std::map<std::string, int> people;
    for (const Json& message : sandbox.messages()) {
      if (message.at("campaignId") == campaign) ++people[message.at("recipientEmail")];
    }
    return people;
  }
};

TEST_F(Outages, AnHourOfErrorsCostsFewAttemptsAndNobodyElseNotices) {
  constexpr int kPeople = 4'000;
  begin(kJourneys);
  sandbox.misbehave({"POST /api/email/target every 1 503"});
  sign_up(kPeople);
  for (int second = 10; second <= 3'600; second += 10) {
    daemon->jump_to(fmt::format("2026-03-01T{:02}:{:02}:{:02}Z", 9 + second / 3'600,
                                second / 60 % 60, second % 60));
    if (second % 300 != 0) continue;
    track(fmt::format("n{}", second), "login");
    EXPECT_EQ(received_of(kNudge).size(), static_cast<std::size_t>(second / 300)) << "at once";
  }
  EXPECT_THAT(received_of(kLetter), testing::IsEmpty());
  const std::uint64_t in_vain = sandbox.hits();
  EXPECT_GT(in_vain, 0U);
  EXPECT_LE(in_vain, kPeople / 10U) << "attempts are at most 1.1 for each message";
  RecordProperty("attempts_in_vain", static_cast<int>(in_vain));

  sandbox.misbehave({"POST /api/email/target every 1 delay 1ms"});
  for (int minute = 1; minute <= 30; ++minute) {
    daemon->jump_to(fmt::format("2026-03-01T10:{:02}:00Z", minute));
  }
  const auto letters = received_of(kLetter);
  EXPECT_EQ(letters.size(), static_cast<std::size_t>(kPeople)) << "nothing is lost";
  EXPECT_THAT(letters, Each(Pair(testing::_, 1)));
  EXPECT_EQ(sandbox.hits(), static_cast<std::uint64_t>(kPeople))
      << "each once, now that it is well";
  expect_no_repeats();
  EXPECT_EQ(log_lines(daemon->process().err(), "endpoint_well").size(), 1U);
}

// One that the provider never takes, of a person whom it does not take at all, and one that fails
// whenever it is tried.
TEST_F(Outages, APoisonedMessageAndAPoisonedPersonDelayNobodyElse) {
  constexpr int kOthers = 40;
  begin(kJourneys);
  sandbox.misbehave({"POST /api/sms/target every 1 500"});
  update("victim", {{"phoneNumber", "+4930123456"}});
  track("victim", "bought", {{"amount", 1}});
  // An address that we take and Iterable does not.
  track("poi..son", "signup");
  for (int i = 0; i < kOthers; ++i) {
    track(name(i), "signup");
    EXPECT_EQ(received_of(kLetter).size(), static_cast<std::size_t>(i + 1)) << "at once";
    track("poi..son", "login");
    if (i % 10 == 5) until(fmt::format("2026-03-01T1{}:00:00Z", i / 10));
  }
  EXPECT_THAT(log("poi..son"), Contains("skipped welcome m1 refused"));
  EXPECT_THAT(received_of(kPoison), testing::IsEmpty());
  EXPECT_THAT(log("victim"), Contains(HasSubstr("retried poisoned poison")));
  until("2026-03-06T09:00:00Z");
  EXPECT_THAT(log("victim"), Contains("skipped poisoned poison late")) << "it is given up";
  EXPECT_THAT(received("victim"), Contains(102)) << "and they go on";
  expect_no_repeats();
}

}  // namespace
}  // namespace sojourn::e2e
