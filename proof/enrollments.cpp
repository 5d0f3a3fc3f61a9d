#include "proof/enrollments.h"

#include <algorithm>
#include <variant>

#include "proof/day_gap.h"
#include "proof/delay.h"

namespace sojourn::proof {
namespace {

using graph::Reentry;

// Nothing leaves between an enrollment's end and the next entry, so a stretch no longer
// than that meets messages of one of them only: what leaves exactly at its end is outside.
Count within(base::Millis stretch, const Reentry& rule, Count in_all) {
  const bool apart =
      rule.kind == Reentry::Kind::kAfter && delay_of(rule.after, std::nullopt).least >= stretch;
  return apart ? Count(1) : in_all;
}

Count lower(Count a, Count b) {
  if (!a || !b) return a ? a : b;
  return std::min(*a, *b);
}

Count sum(Count a, Count b) {
  return a && b ? Count(*a + *b) : std::nullopt;
}

bool is_constant(const graph::Graph& graph, graph::ExprId id) {
  return graph.expressions[id].op == graph::Op::kConstant;
}

// Local times that are so many days apart are nearer to each other in real time by no more
// than this: the clock changes, and a person who travels comes from one end of the zones
// to the other.
base::Millis largest_shift(const graph::Graph& graph) {
  constexpr base::Millis kAcrossAllZones = base::hours(26);
  const bool stays = std::ranges::all_of(
      graph.zone_chain, [&](graph::ExprId link) { return is_constant(graph, link); });
  return stays ? kLargestClockChange : kAcrossAllZones;
}

// How often the rule comes in any stretch of that length, its end outside: n times span at
// least n - 1 periods, less the shift.
Count most_in(const graph::ScheduleEntry& rule, base::Millis stretch, base::Millis shift) {
  const base::Millis period = base::days24(smallest_gap_days(rule.day));
  const std::int64_t length = plus(stretch, shift).count;
  return static_cast<std::size_t>((length + period.count - 1) / period.count);
}
Count most_in(const graph::OneTimeEntry&, base::Millis, base::Millis) {
  return 1;
}
template <typename Other>
Count most_in(const Other&, base::Millis, base::Millis) {
  return std::nullopt;
}

// Every entry is one that people are watched for.
bool is_watched_only(const graph::Graph& graph) {
  return !graph.entries.empty() && graph.watched.size() == graph.entries.size();
}

// Entries in any stretch of that length. Who queues may enter together with the next.
Count entries_in(const graph::Graph& graph, base::Millis stretch) {
  if (graph.pace || !is_watched_only(graph)) return std::nullopt;
  const base::Millis shift = largest_shift(graph);
  std::size_t entries = 0;
  for (const graph::WatchedEntry& watched : graph.watched) {
    const Count most =
        std::visit([&](const auto& rule) { return most_in(rule, stretch, shift); }, watched.rule);
    if (!most) return std::nullopt;
    entries += *most;
  }
  return entries;
}

// Entries that come once each.
Count entries_in_all(const graph::Graph& graph) {
  const bool all_once = std::ranges::all_of(graph.watched, [](const auto& watched) {
    return std::holds_alternative<graph::OneTimeEntry>(watched.rule);
  });
  if (!all_once || !is_watched_only(graph)) return std::nullopt;
  return graph.watched.size();
}

}  // namespace

Enrollments enrollments_of(const graph::Graph& graph, std::optional<base::Millis> lasts) {
  Enrollments out;
  if (graph.while_enrolled.kind == graph::WhileEnrolled::Kind::kRestart) {
    out.in_a_row += graph.while_enrolled.times;
  }
  // A schedule's entry has no fields, so the values of `one per` do not part its enrollments
  // more than the entries do.
  out.in_all = entries_in_all(graph);
  if (lasts) {
    // What has messages in a stretch has begun in it, or not longer than `lasts` before.
    out.per_day = lower(out.in_all, entries_in(graph, plus(base::days24(1), *lasts)));
    out.per_week = lower(out.in_all, entries_in(graph, plus(base::days24(7), *lasts)));
  }
  const bool one_unit =
      std::ranges::all_of(graph.one_per, [&](graph::ExprId id) { return is_constant(graph, id); });
  if (!one_unit) return out;
  // One at a time, so of those that have begun before a stretch only the last is in it.
  out.per_day = lower(out.per_day, sum(entries_in(graph, base::days24(1)), 1));
  out.per_week = lower(out.per_week, sum(entries_in(graph, base::days24(7)), 1));
  const Reentry& rule = graph.reentry;
  if (rule.kind == Reentry::Kind::kNever) {
    out.in_all = 1;
  } else if (rule.times) {
    out.in_all = lower(out.in_all, std::size_t{*rule.times} + 1);
  }
  out.per_day = lower(out.per_day, within(base::days24(1), rule, out.in_all));
  out.per_week = lower(out.per_week, within(base::days24(7), rule, out.in_all));
  return out;
}

Count times(Count sends, Count enrollments) {
  if (sends == Count(0)) return 0;
  if (!sends || !enrollments) return std::nullopt;
  return *sends * *enrollments;
}

}  // namespace sojourn::proof
