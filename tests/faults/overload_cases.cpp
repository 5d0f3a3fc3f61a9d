// Ten times as many events as the daemon can take, with no more memory than a cap. What is turned
// away costs little, so what is taken stays close to the peak; and the kernel kills nobody.
#include <algorithm>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/faults/all_cases.h"
#include "tests/faults/drill.h"
#include "tests/faults/memory_group.h"
#include "tests/faults/offered_load.h"
#include "tests/faults/process_use.h"

namespace sojourn::faults {
namespace {

constexpr std::uint64_t kCapBytes = std::uint64_t{160} << 20;
// Peak and overload take turns, so that whatever else the machine does meets both.
constexpr int kRounds = 3;
constexpr std::int64_t kMillisOfPart = 4'000;
// As many as never have to be turned away: 50 events each, and 1,000 may wait.
constexpr int kPeakConnections = 20;
constexpr int kOverloadConnections = 64;
constexpr double kTimes = 10;
constexpr double kLeastShare = 0.8;

// What parts of one kind add up to.
struct Sum {
  std::uint64_t offered = 0;
  std::uint64_t acknowledged = 0;
  std::uint64_t turned_away = 0;
  std::int64_t millis = 0;
  std::uint64_t most_in_group = 0;  // bytes
  std::int64_t most_resident = 0;   // kilobytes

  static double per_second(std::uint64_t events, std::int64_t millis) {
    return static_cast<double>(events) * 1'000 /
           static_cast<double>(std::max<std::int64_t>(millis, 1));
  }
  double taken_per_second() const { return per_second(acknowledged, millis); }
};

// A daemon of its own with an empty store, so that no part has to do what another left behind.
// Answers how many events a second were taken.
double run_part(Context& context, const std::string& name, int connections, double rate, Sum& sum) {
  const MemoryGroup group(kCapBytes);
  Drill drill(context, {.people = 0, .is_real_time = true, .intake = "max_waiting_items = 1000"});
  const auto daemon = drill.start(group.before());
  EXPECT_NE(daemon->port(), 0) << daemon->process().err();
  if (daemon->port() == 0) return 0;
  const LoadResult got = offer({.connections = connections,
                                .events_per_second = rate,
                                .millis = kMillisOfPart,
                                .people = drill.name()},
                               *daemon);
  EXPECT_EQ(got.others, 0U) << "answers other than 200 and 429";
  for (const std::string& email : got.acknowledged) drill.add_acknowledged(email);
  EXPECT_TRUE(drill.run_to_the_end(*daemon)) << daemon->process().err();
  sum.offered += got.offered;
  sum.acknowledged += got.acknowledged.size();
  sum.turned_away += got.turned_away;
  sum.millis += got.millis;
  sum.most_in_group = std::max(sum.most_in_group, group.most_bytes());
  sum.most_resident = std::max(sum.most_resident, most_resident_kilobytes(daemon->process().pid()));
  EXPECT_EQ(group.kills(), 0U) << "the kernel killed it";
  EXPECT_EQ(daemon->stop(), 0);
  drill.finish(fmt::format("{}: offered {}, taken {} in {} ms,", name, got.offered,
                           got.acknowledged.size(), got.millis));
  return got.per_second();
}

void overload(Context& context) {
  Sum peak;
  Sum over;
  std::string shares;  // of each round
  for (int round = 1; round <= kRounds; ++round) {
    const double now = run_part(context, "peak", kPeakConnections, 0, peak);
    const double taken = run_part(context, "overload", kOverloadConnections, kTimes * now, over);
    shares +=
        fmt::format("{}{:.0f} %", shares.empty() ? "" : ", ", 100 * taken / std::max(now, 1.0));
  }
  const double share = over.taken_per_second() / peak.taken_per_second();
  const double turned_away =
      static_cast<double>(over.turned_away) / static_cast<double>(over.offered);
  auto& figures = context.tally().figures;
  figures.emplace_back("peak, events a second", fmt::format("{:.0f}", peak.taken_per_second()));
  figures.emplace_back("offered",
                       fmt::format("{:.0f}", Sum::per_second(over.offered, over.millis)));
  figures.emplace_back("taken", fmt::format("{:.0f}", over.taken_per_second()));
  figures.emplace_back("share of the peak", fmt::format("{:.0f} %", 100 * share));
  figures.emplace_back("share in each round", shares);
  figures.emplace_back("turned away", fmt::format("{:.0f} %", 100 * turned_away));
  figures.emplace_back("cap, MiB", fmt::format("{}", kCapBytes >> 20));
  figures.emplace_back("most in the group, MiB", fmt::format("{}", over.most_in_group >> 20));
  figures.emplace_back("most resident, MiB", fmt::format("{}", over.most_resident >> 10));
  EXPECT_GE(share, kLeastShare) << "of the peak is taken under overload";
  EXPECT_GT(over.turned_away, 0U) << "or it was no overload";
}

}  // namespace

void add_overload_cases(Cases& cases) {
  cases.push_back({.name = "overload.memory_cap",
                   .injected = fmt::format("10 times the peak of events is offered, in a memory "
                                           "cgroup of {} MiB",
                                           kCapBytes >> 20),
                   .needs = {Means::kRoot, Means::kMemoryCgroup},
                   .is_quick = false,
                   .run = overload});
}

}  // namespace sojourn::faults
