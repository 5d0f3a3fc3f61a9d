// What tests have reached of the journeys: steps, branches, exits, and the edges
// that time takes. Filled while tests run, one Coverage a thread, and added up
// afterwards. A value; refers to the program.
//
// Counted are
//   steps     every step;
//   branches  every way of an `if`, `match`, `split`, `repeat`, `call` and `wait for`
//             (but its timeout), and `past`, `missing` and `else` where they lead elsewhere.
//             The way round an `if` without `else` counts; that of a `match` which
//             covers all values does not exist;
//   timers    the end of a wait, a timeout, a rung of a schedule;
//   exits     every `exit` rule.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "dsl/source.h"
#include "engine/effect.h"
#include "graph/walk.h"
#include "testing/test_program.h"

namespace sojourn::testing {

// The last step that an enrollment was seen at, and whether a way out of it has
// been named since.
struct Trail {
  graph::StepIndex step = graph::kCompleted;
  bool named = false;
};

class Coverage {
 public:
  enum class Kind : std::uint8_t { kStep, kBranch, kTimer, kExit };
  static constexpr int kKinds = 4;

  struct Item {
    Kind kind = Kind::kStep;
    std::uint32_t index = 0;  // a step, or an exit rule
    graph::Edge edge;         // of a branch or timer
    bool reached = false;
  };

  struct Count {
    int reached = 0;
    int total = 0;
  };
  struct Missed {
    dsl::Span place;
    std::string what;  // `the way "else" of if 1`
  };
  struct Report {
    std::string journey;
    Count counts[kKinds];  // by Kind
    std::vector<Missed> missed;
    Count sum() const;
  };

  explicit Coverage(const TestProgram& program);

  // What one call of the engine did, and where it left the enrollment.
  void follow(JourneyIndex journey, Trail& trail, const std::vector<engine::Effect>& effects,
              graph::StepIndex at);
  void add(const Coverage& other);
  // Of the journeys that have a test, in their order.
  std::vector<Report> report(const std::vector<bool>& has_test) const;

 private:
  void reach(JourneyIndex journey, Kind kind, std::uint32_t index, graph::Edge::Way way,
             std::uint32_t arm);
  void leave(JourneyIndex journey, const Trail& trail);
  void take(JourneyIndex journey, Trail& trail, const engine::Note& note);

  const TestProgram* program_;
  std::vector<std::vector<Item>> items_;  // by journey; those of a step stand together
  std::vector<std::vector<std::uint32_t>> first_item_;  // by journey and step; then of the exits
};

// Whole percents, rounded down, so that 100 means all. 100 when there is nothing.
int percent(Coverage::Count count);

}  // namespace sojourn::testing
