#include "engine/enrollment_codec.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "tests/unit/engine/graph_builder.h"
#include "tests/unit/engine/one_user.h"

namespace sojourn::engine {
namespace {

using graph::Value;
using test::instant;

const StepNumbers& numbers() {
  static const StepNumbers kNumbers({7, 3, 900'000});
  return kNumbers;
}

// As one waits in the welcome journey: two entry fields, one message sent, a delay.
Enrollment waiting() {
  Enrollment e;
  e.user = 42;
  e.number = 3;
  e.version = {0x1111'2222'3333'4444, 0x5555'6666'7777'8888};
  e.unit = {0x9999'aaaa'bbbb'cccc, 0xdddd'eeee'ffff'0000};
  e.entered_at = instant("2026-03-01T09:00:00.250Z");
  e.entry_created_at = instant("2026-03-01T08:59:58Z");
  e.entry_event = 12;
  e.entry_fields = {Value("premium"), Value("n1234567")};
  e.at = 1;
  e.arrived_at = instant("2026-03-01T09:00:01.5Z");
  e.timers.push_back({Timer::Purpose::kWait, 0, instant("2026-03-02T09:00:01.5Z"), std::nullopt});
  e.sends.push_back({0, 1});
  return e;
}

Enrollment full() {
  Enrollment e = waiting();
  e.entry_fields.emplace_back();
  e.locals = {Value(), Value(graph::Object{{"amount", Value(2.5)}})};
  e.timers[0].intent = Intent{{20'514, 36'000'000}, "Europe/Berlin", "2026a"};
  e.timers.push_back({Timer::Purpose::kRung, 63, instant("2026-05-02T09:00Z"),
                      Intent{{20'575, 36'001'234}, "Asia/Kathmandu", ""}});
  e.used_events = {13, 15, 14};
  e.sends.push_back({2, 200});
  e.schedules = {{2, instant("2026-03-01T09:00Z"), UINT64_MAX, 63},
                 {1, instant("2026-03-02T09:00Z"), 0, std::nullopt}};
  e.reached = {{0, instant("2026-03-01T09:30Z")}};
  e.queued = true;
  e.timers.push_back({Timer::Purpose::kPlace, 0, instant("2026-05-02T09:00Z"), std::nullopt});
  e.measure = {true,
               true,
               UINT64_MAX,
               {{2, 1}, {0, 0}},
               {{2, instant("2026-03-01T09:00Z")}, {0, instant("2026-02-28T09:00Z")}}};
  e.held = {{1, instant("2026-03-01T09:10Z")}};
  e.clock_followed = {base::days24(400), base::days24(3)};
  return e;
}

std::string message(const base::Result<Enrollment>& result) {
  return result.has_value() ? "decoded" : result.error().message;
}

base::Result<Enrollment> read(std::string_view bytes) {
  return decode(bytes, 42, 3, numbers());
}

TEST(EnrollmentCodec, WhatIsStoredComesBackAsItWas) {
  Enrollment ended = waiting();
  ended.timers.clear();
  ended.at = graph::kCompleted;
  ended.exit_reason = "converted";
  Enrollment bare;
  bare.user = 42;
  bare.number = 3;
  for (const Enrollment& e : {waiting(), full(), ended, bare}) {
    const auto decoded = read(encode(e, numbers()));
    ASSERT_TRUE(decoded.has_value()) << message(decoded);
    EXPECT_EQ(*decoded, e);
  }
}

TEST(EnrollmentCodec, OneWhoWaitsTakesFewBytes) {
  EXPECT_LE(encode(waiting(), numbers()).size(), 80U);
  Enrollment by_calendar = waiting();
  by_calendar.timers[0].intent = Intent{{20'514, 36'001'500}, "Europe/Berlin", "2026a"};
  EXPECT_LE(encode(by_calendar, numbers()).size(), 105U);
}

TEST(EnrollmentCodec, AClockThatNeverStoodTakesNoByte) {
  Enrollment frozen = waiting();
  frozen.clock_followed = {base::days24(2), base::hours(3)};
  EXPECT_EQ(encode(frozen, numbers()).size(), encode(waiting(), numbers()).size() + 9);
  EXPECT_EQ(read(encode(waiting(), numbers()))->clock_followed, ClockFollowed{});
}

TEST(EnrollmentCodec, TheVersionIsReadAlone) {
  EXPECT_EQ(*stored_version(encode(full(), numbers())), full().version);
  EXPECT_FALSE(stored_version("").has_value());
  EXPECT_FALSE(stored_version("\x01too short").has_value());
}

TEST(EnrollmentCodec, StepsAreNamedByNumberSoAnotherOrderOfThemReadsTheSame) {
  const StepNumbers reordered({900'000, 7, 3});
  const auto decoded = decode(encode(waiting(), numbers()), 42, 3, reordered);
  EXPECT_EQ(decoded->at, 2U);
  EXPECT_EQ(decoded->sends[0].step, 1U);
}

TEST(EnrollmentCodec, AnUnknownStepNumberIsNamed) {
  const StepNumbers fewer({7, 5, 900'000});
  const auto decoded = decode(encode(waiting(), numbers()), 42, 3, fewer);
  ASSERT_FALSE(decoded.has_value());
  EXPECT_EQ(decoded.error().message,
            "a stored enrollment names step number 3, which its version does not have");
  EXPECT_EQ(decoded.error().kind, base::Error::Kind::kConflict);
}

TEST(EnrollmentCodec, EveryShorteningIsRefused) {
  const std::string bytes = encode(full(), numbers());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(read(std::string_view(bytes).substr(0, size)).has_value()) << size;
  }
}

TEST(EnrollmentCodec, WhatFollowsTheEndIsRefused) {
  EXPECT_EQ(message(read(encode(full(), numbers()) + "x")), "a stored enrollment is damaged");
}

TEST(EnrollmentCodec, AnotherFormatIsRefused) {
  std::string bytes = encode(waiting(), numbers());
  bytes[0] = 99;
  EXPECT_FALSE(read(bytes).has_value());
  EXPECT_FALSE(stored_version(bytes).has_value());
}

// Whatever is in the row, decoding answers; and what it accepts, it writes back.
TEST(EnrollmentCodec, DamagedBytesNeverCrashIt) {
  base::SeededRandom random(20'260'301);
  const std::string whole = encode(full(), numbers());
  int accepted = 0;
  for (int i = 0; i < 50'000; ++i) {
    std::string bytes = whole;
    const std::uint64_t changes = 1 + base::random_below(random, 4);
    for (std::uint64_t c = 0; c < changes; ++c) {
      const std::size_t at = base::random_below(random, bytes.size());
      switch (base::random_below(random, 3)) {
        case 0:
          bytes[at] = static_cast<char>(random.next());
          break;
        case 1:
          bytes.erase(at, 1 + base::random_below(random, 3));
          break;
        default:
          bytes.insert(at, 1, static_cast<char>(random.next()));
          break;
      }
      if (bytes.empty()) break;
    }
    const auto decoded = read(bytes);
    if (!decoded) continue;
    ++accepted;
    const auto again = read(encode(*decoded, numbers()));
    ASSERT_TRUE(again.has_value());
    ASSERT_EQ(*again, *decoded);
  }
  EXPECT_GT(accepted, 0);
  EXPECT_LT(accepted, 50'000);
}

}  // namespace
}  // namespace sojourn::engine
