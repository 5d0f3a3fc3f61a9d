// How long a start takes that has much to read: a log of changes that is nearly full, and an outbox
// in which tens of thousands of messages wait.
#include <filesystem>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/faults/all_cases.h"
#include "tests/faults/drill.h"
#include "tests/faults/offered_load.h"

namespace sojourn::faults {
namespace {

// Of the first life, for a large outbox; and of the second, again and again, until its log is full.
constexpr std::int64_t kMillisOfLoad = 5'000;
constexpr std::int64_t kMillisOfMore = 200;
constexpr int kMostParts = 100;
constexpr int kConnections = 16;
constexpr std::uint64_t kLogBytes = std::uint64_t{kUsualLogKb} << 10;
// Filled further, the log might be copied into the database and begun anew.
constexpr std::uint64_t kNearlyFull = kLogBytes / 10 * 9;

// No answer within the case, so that whatever is not under way waits.
constexpr const char* kNoAnswers = "POST /api/email/target every 1 delay 60s";
constexpr const char* kPatient = "look_up_after_seconds = 0\ntimeout_seconds = 120";

std::size_t take_events(Drill& drill, e2e::Daemon& daemon, std::int64_t millis, int part) {
  const LoadResult got = offer({.connections = kConnections,
                                .millis = millis,
                                .people = fmt::format("{}.{}", drill.name(), part)},
                               daemon);
  EXPECT_EQ(got.others, 0U) << "answers other than 200 and 429";
  for (const std::string& email : got.acknowledged) drill.add_acknowledged(email);
  return got.acknowledged.size();
}

std::uint64_t log_bytes(const Drill& drill) {
  std::error_code unreadable;
  const auto size = std::filesystem::file_size(drill.data() / "sojourn.db-wal", unreadable);
  return unreadable ? 0 : size;
}

void start_with_a_full_log(Context& context) {
  Drill drill(
      context,
      {.people = 0, .is_real_time = true, .iterable = kPatient, .write_ahead_log_kb = kUsualLogKb});
  context.sandbox().misbehave({kNoAnswers});
  const auto first = drill.start();
  ASSERT_NE(first->port(), 0) << first->process().err();
  std::size_t waiting = take_events(drill, *first, kMillisOfLoad, 0);
  first->kill9();

  const auto second = drill.start();
  ASSERT_NE(second->port(), 0) << second->process().err();
  for (int part = 1; log_bytes(drill) < kNearlyFull && part <= kMostParts; ++part) {
    waiting += take_events(drill, *second, kMillisOfMore, part);
  }
  const std::uint64_t log = log_bytes(drill);
  second->kill9();
  EXPECT_GE(log, kNearlyFull);

  drill.finish("a full log");
  auto& figures = context.tally().figures;
  figures.emplace_back("log, MiB", fmt::format("{:.1f}", static_cast<double>(log) / (1 << 20)));
  figures.emplace_back("messages that wait", fmt::format("{}", waiting));
  figures.emplace_back("from exec to serving, ms",
                       fmt::format("{}", context.tally().restart_millis.back()));
}

}  // namespace

void add_restart_cases(Cases& cases) {
  cases.push_back({.name = "restart.full_log",
                   .injected =
                       "SIGKILL with a log of changes nearly as long as it gets, while tens "
                       "of thousands of messages wait",
                   .needs = {},
                   .is_quick = false,
                   .run = start_with_a_full_log});
}

}  // namespace sojourn::faults
