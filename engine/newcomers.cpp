#include "engine/newcomers.h"

#include <algorithm>
#include <string_view>
#include <variant>

#include "graph/reads.h"
#include "graph/time_dependence.h"

namespace sojourn::engine {
namespace {

// The two by which people are told apart, which are known from the first moment.
bool reads_who_it_is(const WatchRule& rule) {
  graph::ReadCollector reads = graph::reads_of(*rule.graph, rule.what());
  for (const graph::ExprId link : rule.graph->zone_chain) reads.read(link);
  return std::ranges::any_of(
      reads.fields(), [](std::string_view field) { return field == "email" || field == "userId"; });
}

// A date that nobody has, or that went by, stays so; a condition that does not ask for the
// time is what it is. What a schedule brings depends on when somebody comes.
bool finds_the_same(const WatchRule& rule, const Watch& found) {
  if (reads_who_it_is(rule)) return false;
  if (const auto* when = std::get_if<graph::WhenEntry>(&rule.what().rule)) {
    return !graph::reads_now(*rule.graph, when->condition) && !found.due;
  }
  const auto* date = std::get_if<graph::DateEntry>(&rule.what().rule);
  return date != nullptr && !graph::reads_now(*rule.graph, date->date) && found == Watch{};
}

}  // namespace

Newcomers find_newcomers(const WatchPlan& plan, const Facts& nobody, base::Instant now) {
  Newcomers out;
  for (RuleIndex rule = 0; rule < plan.rules().size(); ++rule) {
    const Watch found = look_at(plan.rules()[rule], Watch{}, nobody, now, now).watch;
    if (!finds_the_same(plan.rules()[rule], found)) {
      out.others.push_back(rule);
    } else if (found != Watch{}) {
      out.alike.push_back({rule, found});
    }
  }
  return out;
}

}  // namespace sojourn::engine
