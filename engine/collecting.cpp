#include "engine/collecting.h"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <variant>

#include "engine/evaluate.h"
#include "engine/history.h"

namespace sojourn::engine {
namespace {

// What is kept of the event.
graph::Value part_of(const graph::Collect& step, const EventFact& event) {
  EventFact part = event;
  std::erase_if(part.fields, [&](const graph::Field& field) {
    return std::ranges::find(step.fields, field.first) == step.fields.end();
  });
  return event_object(part);
}

graph::Value local(const Turn& turn, std::uint32_t slot) {
  const auto& locals = turn.enrollment.locals;
  return slot < locals.size() ? locals[slot] : graph::Value();
}

void take_in(Turn& turn, const graph::Collect& step, const EventFact& event) {
  open_collection(turn, step, /*anew=*/false);
  graph::List events = local(turn, step.slot).as_list();
  events.push_back(part_of(step, event));
  if (events.size() > step.keep) events.erase(events.begin());
  const std::int64_t count = local(turn, step.slot + 1).as_integer() + 1;
  turn.set_local(step.slot, graph::Value(std::move(events)));
  turn.set_local(step.slot + 1, graph::Value(count));
}

}  // namespace

void collect(Turn& turn, const EventFact& event) {
  for (const graph::Step& step : turn.graph.steps) {
    const auto* collecting = std::get_if<graph::Collect>(&step.action);
    if (collecting == nullptr || collecting->event != event.name) continue;
    if (holds(turn.scope(&event), collecting->where)) take_in(turn, *collecting, event);
  }
}

void open_collection(Turn& turn, const graph::Collect& step, bool anew) {
  if (!anew && !local(turn, step.slot).is_missing()) return;
  turn.set_local(step.slot, graph::Value(graph::List()));
  turn.set_local(step.slot + 1, graph::Value(std::int64_t{0}));
}

}  // namespace sojourn::engine
