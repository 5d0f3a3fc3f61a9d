#include "engine/watch_plan.h"

#include <variant>

#include "base/bytes.h"
#include "base/hash.h"
#include "graph/expression_text.h"
#include "graph/reads.h"
#include "graph/wording.h"

namespace sojourn::engine {
namespace {

std::span<const RuleIndex> found_in(
    const std::map<std::string, std::vector<RuleIndex>, std::less<>>& readers,
    std::string_view name) {
  const auto found = readers.find(name);
  if (found == readers.end()) return {};
  return found->second;
}

void write_days(base::ByteWriter& out, const graph::DayRule& rule) {
  out.u8(rule.weekdays);
  out.varint(rule.except.size());
  for (const graph::Date& day : rule.except) out.signed_varint(day.days);
}

}  // namespace

WatchPlan::WatchPlan(std::span<const graph::Graph* const> graphs) {
  base::ByteWriter keys;
  for (const graph::Graph* graph : graphs) {
    for (std::uint32_t i = 0; i < graph->watched.size(); ++i) {
      const auto rule = static_cast<RuleIndex>(rules_.size());
      base::ByteWriter bytes;
      bytes.string(graph->journey);
      bytes.string(graph::wording(*graph, graph->watched[i]));
      // A line that a journey has twice is two rules.
      while (!by_key_.emplace(base::stable_hash64(bytes.bytes()), rule).second) bytes.u8(0);
      rules_.push_back({graph, i, base::stable_hash64(bytes.bytes())});
      keys.fixed64(rules_.back().key);
      if (const auto* schedule = std::get_if<graph::ScheduleEntry>(&graph->watched[i].rule)) {
        write_days(keys, schedule->day);
        for (const graph::ExprId link : graph->zone_chain) {
          keys.string(graph::to_string(*graph, link));
        }
      }
      graph::ReadCollector reads = graph::reads_of(*graph, graph->watched[i]);
      for (const graph::ExprId link : graph->zone_chain) reads.read(link);
      for (const std::string& field : reads.fields()) of_field_[field].push_back(rule);
      for (const std::string& event : reads.events()) of_event_[event].push_back(rule);
      if (reads.memberships()) of_memberships_.push_back(rule);
    }
  }
  fingerprint_ = base::stable_hash64(keys.bytes());
}

std::optional<RuleIndex> WatchPlan::find(std::uint64_t key) const {
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return std::nullopt;
  return found->second;
}

std::span<const RuleIndex> WatchPlan::reading_field(std::string_view field) const {
  return found_in(of_field_, field);
}

std::span<const RuleIndex> WatchPlan::reading_event(std::string_view event) const {
  return found_in(of_event_, event);
}

}  // namespace sojourn::engine
