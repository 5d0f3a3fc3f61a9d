// Sends one made-up user through a journey on the real engine, with random timing and
// random facts, and writes down what happened: what proofs must never fall short of.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/random.h"
#include "calendar/zone.h"
#include "graph/graph.h"

namespace sojourn::proof::test {

// Zones with the largest clock changes there are, in 2026.
class WalkZones final : public calendar::ZoneSource {
 public:
  WalkZones();
  const calendar::Zone* find(std::string_view name) override;
  std::string_view tz_version() const override { return "2026a"; }

 private:
  std::vector<calendar::Zone> zones_;
};

struct Walked {
  struct Sent {
    base::Instant at;
    graph::StepIndex step;
    std::vector<std::string> events;  // that had come before
  };
  base::Instant entered;
  std::vector<Sent> sent;
  std::vector<graph::StepIndex> reached;
  std::optional<base::Instant> ended;  // nullopt: given up before the end
  std::string reason;
};

// Timers fire when they are due; a message leaves or is skipped within its limit.
Walked walk(const graph::Graph& graph, WalkZones& zones, base::Random& random);

}  // namespace sojourn::proof::test
