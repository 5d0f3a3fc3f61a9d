#include "graph/causes.h"

#include <variant>

#include "graph/built_in.h"
#include "graph/reserved.h"

namespace sojourn::graph {

std::vector<std::string> events_caused_by(const Graph& graph, const Step& step) {
  if (const auto* track = std::get_if<Track>(&step.action)) return {track->event};
  if (const auto* start = std::get_if<Start>(&step.action)) return {api_event(start->journey)};
  if (const auto* change = std::get_if<ChangeList>(&step.action)) {
    return {change->joins ? list_event(change->list) : left_list_event(change->list)};
  }
  if (std::holds_alternative<ChangeSubscription>(step.action)) {
    return {change_event(kSubscribedIds), change_event(kUnsubscribedIds)};
  }
  std::vector<std::string> events;
  if (const auto* update = std::get_if<UpdateUser>(&step.action)) {
    for (const std::string& field : graph.expressions[update->fields].names) {
      events.push_back(change_event(field));
    }
  }
  return events;
}

}  // namespace sojourn::graph
