// A compiled program, made ready to be tested: what every test of it looks up, made
// once. Immutable; any number of threads may read it. It refers to the program it
// was made of, which outlives it.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/program.h"
#include "engine/watch_plan.h"
#include "graph/catalog.h"
#include "graph/graph.h"

namespace sojourn::testing {

// Counts in TestProgram::journeys().
using JourneyIndex = std::uint32_t;

struct TestedJourney {
  const dsl::CompiledJourney* compiled = nullptr;
  graph::Version version;
  const graph::Graph& graph() const { return compiled->graph; }
};

class TestProgram {
 public:
  // With `only`, as if that journey stood alone.
  explicit TestProgram(const dsl::Program& program, std::string_view only = {});

  // By name. One event enters them by priority, then in this order.
  const std::vector<TestedJourney>& journeys() const { return journeys_; }
  const graph::Step& step(JourneyIndex journey, graph::StepIndex step) const {
    return journeys_[journey].graph().steps[step];
  }
  const std::vector<JourneyIndex>& entered_by(std::string_view event) const;
  // Each aborts when there is none: a checked test names only what there is.
  JourneyIndex journey(std::string_view name) const;
  const graph::Campaign& campaign(std::string_view name) const;
  // With an id, its own or one that stands for it: consent goes by ids.
  const graph::MessageType& message_type(std::string_view name) const;
  // To whom the event goes; null: to the user it names.
  const graph::FanOut* fan_out(std::string_view event) const;
  // The policy's rules of sending.
  const graph::SendingRules& sending() const { return *sending_; }
  // One of the policy?
  bool is_holdout(std::string_view name) const;
  // Does the event change anything for anybody, now or later?
  bool is_heard(std::string_view event) const { return heard_.contains(event); }
  // Does some journey ask whether somebody is in this one, or has left it?
  bool is_asked_about(JourneyIndex journey) const {
    return asked_about_.contains(journeys_[journey].graph().journey);
  }
  const engine::WatchPlan& watch_plan() const { return watch_plan_; }
  // What the field reads as when the profile does not have it.
  const graph::Value& fallback(std::string_view user_field) const;

 private:
  engine::WatchPlan watch_plan_;
  const graph::SendingRules* sending_;
  std::vector<TestedJourney> journeys_;
  std::map<std::string, JourneyIndex, std::less<>> by_name_;
  std::map<std::string, std::vector<JourneyIndex>, std::less<>> entered_by_;
  std::map<std::string, const graph::Campaign*, std::less<>> campaigns_;
  std::map<std::string, graph::MessageType, std::less<>> message_types_;
  std::map<std::string, graph::Value, std::less<>> fallbacks_;
  std::map<std::string, graph::FanOut, std::less<>> fan_outs_;
  std::set<std::string_view> asked_about_;  // journeys
  std::set<std::string, std::less<>> heard_;
};

}  // namespace sojourn::testing
