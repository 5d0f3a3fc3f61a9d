#include "engine/pace.h"

#include <algorithm>
#include <gtest/gtest.h>

#include "tests/unit/engine/graph_builder.h"
#include "tests/unit/engine/one_user.h"

namespace sojourn::engine {
namespace {

using graph::Value;
using test::calendar_days;
using test::GraphBuilder;
using test::instant;
using test::OneUser;

graph::Pace two_an_hour(std::optional<base::Millis> up_to = std::nullopt) {
  return {.most = 2, .per = base::hours(1), .up_to = up_to};
}

// Where people who come at these times get their places, in minutes after nine.
std::vector<int> places(const graph::Pace& pace, const std::vector<int>& arrivals) {
  const base::Instant nine = instant("2026-03-01T09:00Z");
  Places given;
  std::vector<int> out;
  for (const int minute : arrivals) {
    const auto place = next_place(pace, given, nine + base::minutes(minute));
    out.push_back(place ? static_cast<int>((*place - nine).count / 60'000) : -1);
    if (place) take_place(pace, given, *place);
  }
  return out;
}

TEST(Pace, SoManyEnterAtOnceAndTheRestInOrder) {
  EXPECT_EQ(places(two_an_hour(), {0, 0, 0, 0, 0}), (std::vector{0, 0, 60, 60, 120}));
}

TEST(Pace, ItSlides) {
  EXPECT_EQ(places(two_an_hour(), {0, 40, 50, 50}), (std::vector{0, 40, 60, 100}));
  EXPECT_EQ(places(two_an_hour(), {0, 40, 60}), (std::vector{0, 40, 60}))
      << "exactly an hour later a place is free";
}

TEST(Pace, WhoComesLaterIsNotBeforeThoseWhoWait) {
  EXPECT_EQ(places({.most = 1, .per = base::hours(1)}, {0, 1, 2, 200}),
            (std::vector{0, 60, 120, 200}));
}

TEST(Pace, AWiderPaceLetsNobodyOvertakeThoseWhoWait) {
  const base::Instant nine = instant("2026-03-01T09:00Z");
  const graph::Pace narrow{.most = 1, .per = base::hours(1)};
  Places given;
  for (int i = 0; i < 3; ++i) take_place(narrow, given, *next_place(narrow, given, nine));
  EXPECT_EQ(next_place({.most = 5, .per = base::hours(1)}, given, nine), nine + base::hours(2));
}

TEST(Pace, FurtherOffThanUpToThereIsNoPlace) {
  EXPECT_EQ(places(two_an_hour(base::hours(1)), {0, 0, 0, 0, 0, 30}),
            (std::vector{0, 0, 60, 60, -1, -1}));
  EXPECT_EQ(places(two_an_hour(base::hours(1)), {0, 0, 0, 0, 60}),
            (std::vector{0, 0, 60, 60, 120}));
}

TEST(Pace, InNoStretchDoMoreEnterThanItSays) {
  std::vector<int> arrivals;
  for (int i = 0; i < 300; ++i) arrivals.push_back(i * i % 37 + i / 3);
  std::sort(arrivals.begin(), arrivals.end());
  const std::vector<int> given = places({.most = 7, .per = base::minutes(45)}, arrivals);
  for (std::size_t i = 7; i < given.size(); ++i) ASSERT_GE(given[i] - given[i - 7], 45) << i;
}

// Somebody whose place comes an hour after their entry.
OneUser queued(GraphBuilder& b) {
  OneUser user(b.build(b.send("welcome")));
  const EventFact event = user.add_event("signup", {{"plan", Value("pro")}});
  Advanced entered = enter(user.graph(), {}, user.id, 1, {}, user.facts(), event, user.now,
                           instant("2026-03-01T10:00Z"));
  user.enrollment = std::move(entered.enrollment);
  EXPECT_TRUE(entered.effects.empty());
  return user;
}

TEST(Pace, TheFirstStepIsReachedWhenThePlaceHasCome) {
  GraphBuilder b;
  OneUser user = queued(b);
  EXPECT_TRUE(user.enrollment->queued);
  EXPECT_EQ(user.due(), "2026-03-01T10:00:00Z");
  user.at("2026-03-01T09:59:59.999Z");
  user.wakes();
  EXPECT_EQ(user.effects(), "");
  user.at("2026-03-01T10:00Z");
  user.wakes();
  EXPECT_EQ(user.effects(), "send welcome 1");
  EXPECT_FALSE(user.enrollment->queued);
  EXPECT_EQ(user.enrollment->entry_created_at, instant("2026-03-01T09:00Z"));
}

TEST(Pace, ExitsHoldInTheQueue) {
  GraphBuilder b;
  b.exit_on("login");
  b.exit_when(b.equal(b.user("plan"), b.text("free")), "downgraded");
  OneUser user = queued(b);
  user.event("page");
  user.change("plan", Value("pro"));
  EXPECT_TRUE(user.enrollment->queued);
  OneUser other = user;
  user.event("login");
  EXPECT_EQ(user.place(), "ended: login");
  EXPECT_EQ(user.effects(), "exit login") << "no message has to be taken back";
  other.change("plan", Value("free"));
  EXPECT_EQ(other.place(), "ended: downgraded");
}

TEST(Pace, AnEventInTheQueueIsSeenByTheWaitsBehindIt) {
  GraphBuilder b;
  const auto wait =
      b.step("wait for 1",
             graph::WaitFor{.arms = {graph::EventArm{.event = "login", .next = b.exit("in")}},
                            .up_to = base::days24(2),
                            .timeout = graph::kCompleted});
  OneUser user(b.build(wait));
  const EventFact event = user.add_event("signup");
  user.enrollment = enter(user.graph(), {}, user.id, 1, {}, user.facts(), event, user.now,
                          instant("2026-03-01T10:00Z"))
                        .enrollment;
  user.at("2026-03-01T09:30Z");
  user.event("login");
  EXPECT_TRUE(user.enrollment->queued);
  user.at("2026-03-01T10:00Z");
  user.wakes();
  EXPECT_EQ(user.place(), "ended: in");
}

}  // namespace
}  // namespace sojourn::engine
