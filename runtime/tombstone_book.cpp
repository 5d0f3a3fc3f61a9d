#include "runtime/tombstone_book.h"

#include <fmt/format.h>
#include <string_view>

#include "runtime/turn_context.h"

namespace sojourn::runtime {
namespace {

constexpr std::int64_t kDayMillis = base::days24(1).count;

constexpr std::string_view kKept = "tombstones_kept";
constexpr std::string_view kApplied = "tombstones_applied";
constexpr std::string_view kWaiting = "tombstones_waiting";
// As they were in the last report, and its day.
constexpr std::string_view kKeptThen = "tombstones_reported/kept";
constexpr std::string_view kAppliedThen = "tombstones_reported/applied";
constexpr std::string_view kDay = "tombstones_reported/day";

}  // namespace

base::Status TombstoneBook::load(store::Store& store) {
  const auto counters = store.counters();
  if (!counters) return tl::unexpected(counters.error());
  for (const auto& [name, value] : *counters) {
    if (name == kKept) kept_.now = value;
    if (name == kApplied) applied_.now = value;
    if (name == kKeptThen) kept_.reported = value;
    if (name == kAppliedThen) applied_.reported = value;
    if (name == kDay) day_ = value;
  }
  return {};
}

void TombstoneBook::changed(bool before, bool now, TurnRecord& record) {
  if (before == now) return;
  Count& count = now ? kept_ : applied_;
  // One that was made before anything was counted.
  if (!now && applied_.now == kept_.now) return;
  ++count.now;
  record.count(now ? kKept : kApplied);
  record.count(kWaiting, now ? 1 : -1);
}

void TombstoneBook::report(TurnRecord& record) {
  const std::int64_t today = record.now.millis / kDayMillis;
  if (kept_.now == 0 || today <= day_) return;
  record.count(kDay, today - day_);
  const bool is_first = day_ == 0;
  day_ = today;
  if (is_first) return;
  record.output.notes.push_back(
      {"consent_report",
       fmt::format("tombstones: kept={} (+{}) applied={} (+{}) waiting={}", kept_.now,
                   kept_.now - kept_.reported, applied_.now, applied_.now - applied_.reported,
                   waiting()),
       OperatorNote::Weight::kNews});
  record.count(kKeptThen, kept_.now - kept_.reported);
  record.count(kAppliedThen, applied_.now - applied_.reported);
  kept_.reported = kept_.now;
  applied_.reported = applied_.now;
}

}  // namespace sojourn::runtime
