// Each kind of pending time in a journey whose clock stands for a while, through the real store:
// whether it moves or stays, as docs/running.md says it.
#include <algorithm>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <ostream>
#include <string>

#include "tests/unit/runtime/shard_world.h"

namespace sojourn::runtime {
namespace {

using base::hours;
using base::minutes;
using What = JourneyCommand::What;

constexpr const char* kDeclared = R"(
  user { plan string  endsAt timestamp }
  event signup
  event login
  event done
  event noticed
  webhook scoring = "https://scores.example.com/one"
  policy { timezone "UTC" }
)";

std::string email(int user) {
  return fmt::format("u{}@example.com", user);
}

void track(ShardWorld& shard, std::string_view event, int user) {
  EXPECT_EQ(shard.track(fmt::format(R"({{"email":"{}","eventName":"{}"}})", email(user), event)),
            "200 Success");
}

base::Instant at(const char* text) {
  return base::parse_timestamp(text).value();
}

// In a journey that people enter on 1 March at 09:00 and whose clock stands from 09:30 on for
// 20 hours. When it is over, to the millisecond.
struct Row {
  const char* clauses;
  const char* steps;
  const char* by_running_clock;
  const char* after_freeze;
};

void PrintTo(const Row& row, std::ostream* out) {
  *out << row.clauses << ' ' << row.steps;
}

class FreezeRows : public ::testing::TestWithParam<Row> {
 protected:
  // At 09:30 somebody waits. Another who came before is in the queue of `pace` before them.
  FreezeRows() {
    EXPECT_EQ(shard.update(R"({"email":"u1@example.com","dataFields":{"plan":"free",)"
                           R"("endsAt":"2026-03-03 06:00:00 +00:00"}})"),
              "200 Success");
    track(shard, "login", 1);
    track(shard, "signup", 0);
    track(shard, "signup", 1);
    shard.pass(minutes(30));
  }

  bool is_over() {
    const auto log = shard.log(email(1));
    return std::ranges::any_of(log, [](const std::string& line) {
      return line.starts_with("event done") || line.starts_with("exited j");
    });
  }
  void expect_over_at(const char* when) {
    const base::Instant before = at(when) - base::Millis{1};
    // What was held back is on its new times within a second.
    shard.pass_until(std::min(shard.now() + base::seconds(1), before));
    shard.pass_until(before);
    EXPECT_FALSE(is_over());
    shard.pass_until(at(when));
    EXPECT_TRUE(is_over());
  }

  ShardWorld shard{fmt::format("{} journey j {{ enter on signup {} {} track done wait 60d }}",
                               kDeclared, GetParam().clauses, GetParam().steps)};
};

TEST_P(FreezeRows, IsOverByARunningClock) {
  expect_over_at(GetParam().by_running_clock);
}

TEST_P(FreezeRows, MovesOrStays) {
  shard.freeze("j");
  shard.pass_until(shard.now() + hours(20));
  EXPECT_FALSE(is_over());
  shard.command(What::kResume, "j");
  expect_over_at(GetParam().after_freeze);
}

// What a journey writes as a length goes on from where it was.
INSTANTIATE_TEST_SUITE_P(
    Lengths, FreezeRows,
    ::testing::Values(
        Row{"", "wait 24h", "2026-03-02T09:00:00Z", "2026-03-03T05:00:00Z"},
        Row{"", "wait 3d", "2026-03-04T09:00:00Z", "2026-03-05T05:00:00Z"},
        Row{"", "wait 1d at 12:00", "2026-03-02T12:00:00Z", "2026-03-03T12:00:00Z"},
        Row{"", "wait for noticed up to 2d {} timeout {}", "2026-03-03T09:00:00Z",
            "2026-03-04T05:00:00Z"},
        Row{"", "wait up to 5h { on noticed {} timeout {} }", "2026-03-01T14:00:00Z",
            "2026-03-02T10:00:00Z"},
        Row{"", "collect noticed as seen for 2h", "2026-03-01T11:00:00Z", "2026-03-02T07:00:00Z"},
        Row{"", "call scoring up to 6h", "2026-03-01T15:00:00Z", "2026-03-02T11:00:00Z"},
        Row{"", "repeat up to 2 times { wait 2h }", "2026-03-01T13:00:00Z", "2026-03-02T09:00:00Z"},
        Row{R"(exit when user.plan == "free" for 1d as long)", "wait 9d", "2026-03-02T09:00:00Z",
            "2026-03-03T05:00:00Z"},
        Row{"pace 1 per 6h", "", "2026-03-01T15:00:00Z", "2026-03-02T11:00:00Z"}));

// What hangs on the calendar, on a field or on what people did stays; what has gone by when the
// journey is resumed is late.
INSTANTIATE_TEST_SUITE_P(
    Dates, FreezeRows,
    ::testing::Values(
        Row{"", "wait until user.endsAt past continue missing exit", "2026-03-03T06:00:00Z",
            "2026-03-03T06:00:00Z"},
        Row{"", "wait until user.endsAt - 36h past continue missing exit", "2026-03-01T18:00:00Z",
            "2026-03-02T05:30:00.1Z"},
        Row{"", "wait until 12:00", "2026-03-01T12:00:00Z", "2026-03-02T05:30:00.1Z"},
        Row{"", "wait until tuesday 12:00", "2026-03-03T12:00:00Z", "2026-03-03T12:00:00Z"},
        Row{"", "schedule around user.endsAt missing exit { 6h before { track noticed } }",
            "2026-03-03T00:00:00Z", "2026-03-03T00:00:00Z"},
        Row{"", "wait for no login within 1d up to 9d {} timeout {}", "2026-03-02T09:00:00.001Z",
            "2026-03-02T09:00:00.001Z"},
        Row{"exit when any login before entry and no login within 1d as asleep", "wait 9d",
            "2026-03-02T09:00:00.001Z", "2026-03-02T09:00:00.001Z"}));

}  // namespace
}  // namespace sojourn::runtime
