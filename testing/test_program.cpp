#include "testing/test_program.h"

#include <algorithm>
#include <functional>

#include "base/check.h"
#include "graph/encode.h"
#include "graph/history.h"
#include "graph/operation.h"

namespace sojourn::testing {
namespace {

template <typename Map>
const auto& found_in(const Map& map, std::string_view name) {
  const auto found = map.find(name);
  SOJOURN_CHECK(found != map.end(), "a checked test names only what is declared");
  return found->second;
}

// Of all journeys, or of `only`.
std::vector<const graph::Graph*> graphs_of(const dsl::Program& program, std::string_view only) {
  std::vector<const graph::Graph*> graphs;
  for (const dsl::CompiledJourney& compiled : program.journeys) {
    if (only.empty() || compiled.graph.journey == only) graphs.push_back(&compiled.graph);
  }
  return graphs;
}

}  // namespace

TestProgram::TestProgram(const dsl::Program& program, std::string_view only)
    : watch_plan_(graphs_of(program, only)), sending_(&program.catalog.sending) {
  for (const dsl::CompiledJourney& compiled : program.journeys) {
    if (!only.empty() && compiled.graph.journey != only) continue;
    const auto index = static_cast<JourneyIndex>(journeys_.size());
    journeys_.push_back({&compiled, graph::version_of(compiled.graph)});
    by_name_.emplace(compiled.graph.journey, index);
    for (const graph::EventEntry& entry : compiled.graph.entries) {
      heard_.insert(entry.event);
      auto& entered = entered_by_[entry.event];
      if (entered.empty() || entered.back() != index) entered.push_back(index);
    }
    heard_.merge(graph::events_heard(compiled.graph));
    asked_about_.merge(graph::journeys_asked_about(compiled.graph));
  }
  for (auto& [event, entered] : entered_by_) {
    std::ranges::stable_sort(entered, std::ranges::greater(), [&](JourneyIndex journey) {
      return journeys_[journey].graph().priority;
    });
  }
  for (const graph::Campaign& campaign : program.catalog.campaigns) {
    campaigns_.emplace(campaign.name, &campaign);
  }
  // Iterable's ids are positive, so these are nobody's.
  std::int64_t stand_in = 0;
  for (graph::MessageType type : program.catalog.message_types) {
    if (!type.id) type.id = --stand_in;
    message_types_.emplace(type.name, type);
  }
  for (const graph::UserField& field : program.catalog.user_fields) {
    if (!field.fallback.is_missing()) fallbacks_.emplace(field.name, field.fallback);
  }
  for (const graph::EventType& event : program.catalog.events) {
    if (event.fan_out) fan_outs_.emplace(event.name, *event.fan_out);
  }
}

const std::vector<JourneyIndex>& TestProgram::entered_by(std::string_view event) const {
  static const std::vector<JourneyIndex> kNone;
  const auto found = entered_by_.find(event);
  return found == entered_by_.end() ? kNone : found->second;
}

JourneyIndex TestProgram::journey(std::string_view name) const {
  return found_in(by_name_, name);
}

const graph::Campaign& TestProgram::campaign(std::string_view name) const {
  return *found_in(campaigns_, name);
}

const graph::MessageType& TestProgram::message_type(std::string_view name) const {
  return found_in(message_types_, name);
}

const graph::FanOut* TestProgram::fan_out(std::string_view event) const {
  const auto found = fan_outs_.find(event);
  return found == fan_outs_.end() ? nullptr : &found->second;
}

bool TestProgram::is_holdout(std::string_view name) const {
  return std::ranges::find(sending_->holdouts, name, &graph::GlobalHoldout::name) !=
         sending_->holdouts.end();
}

const graph::Value& TestProgram::fallback(std::string_view user_field) const {
  static const graph::Value kMissing;
  const auto found = fallbacks_.find(user_field);
  return found == fallbacks_.end() ? kMissing : found->second;
}

}  // namespace sojourn::testing
