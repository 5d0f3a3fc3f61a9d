// What is counted of splits that measure: who took an arm, and did what makes an arm good.
#include <algorithm>

#include "graph/engagement.h"
#include "graph/history.h"
#include "tests/oracle/person.h"
#include "tests/oracle/values.h"

namespace sojourn::oracle {

using graph::SplitMeasure;
using graph::Value;

// Also after they have left.
void Person::meet_measures(const Event& event) {
  for (Enrolled& enrolled : enrolled_) {
    for (auto& [at, taken] : enrolled.measured) {
      const auto& split = std::get<graph::Split>(graph_of(enrolled).steps[at].action);
      if (!taken.counts || taken.met || !meets(enrolled, *split.measure, taken.at, event)) continue;
      taken.met = true;
      tell(enrolled.journey, "measure " + split.name + " " + split.arms[taken.arm].name);
    }
  }
}

bool Person::meets(const Enrolled& enrolled, const SplitMeasure& measure, base::Instant since,
                   const Event& event) const {
  const graph::Graph& graph = graph_of(enrolled);
  if (event.name != graph::event_of(graph, measure)) return false;
  const base::Instant end = since + measure.within;
  if (event.created_at < since || event.created_at > end || now_ > end) return false;
  if (measure.kind == SplitMeasure::Kind::kGoal) {
    const graph::ExprId where = graph.goals[measure.goal].where;
    return where == graph::kNoExpr || holds(asker(enrolled, &event), where);
  }
  // Of a message of theirs, sent since then.
  const Value& message = graph::find_field(event.fields, graph::kMessageField);
  return std::ranges::any_of(sent_, [&](const SentMessage& sent) {
    return sent.enrollment == enrolled.number && sent.at >= since &&
           equal(Value(sent.message), message);
  });
}

}  // namespace sojourn::oracle
