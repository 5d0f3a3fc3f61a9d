// Entries and exits that are decided beforehand, and steps that end the journey by its own
// exit rules (proof/value_flow.h).
#include <fmt/core.h>
#include <utility>
#include <variant>
#include <vector>

#include "dsl/lint_journey.h"
#include "graph/walk.h"

namespace sojourn::dsl {
namespace {

using graph::StepIndex;
using proof::Verdict;

class Exits {
 public:
  Exits(JourneyLint& lint, const proof::ValueFlow& flow) : lint_(lint), flow_(flow) {}

  void look_at_entries() {
    for (std::size_t i = 0; i < flow_.entries().size(); ++i) {
      const graph::ExprId where = lint_.graph.entries[i].where;
      if (flow_.entries()[i].can_hold || where == graph::kNoExpr) continue;
      lint_.report(diagnose(messages::kEmptyEntry, lint_.span_of(where)));
    }
  }

  // True when somebody stays.
  bool look_at_rules() {
    bool stays = true;
    for (std::size_t i = 0; i < flow_.exits().size(); ++i) {
      const Verdict& verdict = flow_.exits()[i];
      if (verdict.is_switch) continue;
      const auto* when = std::get_if<graph::ExitWhen>(&lint_.graph.exits[i]);
      if (!verdict.can_hold) {
        never_fires(i, verdict);
      } else if (when != nullptr && !verdict.can_fail) {
        Diagnostic found = diagnose(messages::kExitAtEntry, lint_.exit_line(i));
        lint_.explain(found, flow_, verdict, when->condition);
        lint_.report(std::move(found));
        stays = false;
      }
    }
    return stays;
  }

  void look_at_steps() {
    for (StepIndex at = 0; at < lint_.graph.steps.size(); ++at) {
      if (!flow_.reaches(at)) continue;
      if (const auto* wait = std::get_if<graph::WaitFor>(&lint_.graph.steps[at].action)) {
        look_at_wait(at, *wait);
      } else if (const auto exit = flow_.exit_by(at); exit && goes_on(at)) {
        lint_.report(
            diagnose(messages::kOwnExit, lint_.place_of(at))
                .note(lint_.exit_line(*exit), "it ends the journey by this rule")
                .help("put the step last, or change the rule so that it does not fire here"),
            at);
      }
    }
  }

 private:
  void never_fires(std::size_t exit, const Verdict& verdict) {
    const auto condition = std::visit(Condition{}, lint_.graph.exits[exit]);
    Diagnostic found = diagnose(messages::kDeadExit, lint_.exit_line(exit));
    if (condition != graph::kNoExpr) lint_.explain(found, flow_, verdict, condition);
    const auto* on = std::get_if<graph::ExitOnEvent>(&lint_.graph.exits[exit]);
    for (std::size_t i = 0; i < exit && on != nullptr; ++i) {
      if (!flow_.is_taken_by(on->event, on->where, i)) continue;
      found.secondary.push_back({lint_.exit_line(i), "this one fires first"});
      break;
    }
    lint_.report(std::move(found));
  }

  void look_at_wait(StepIndex at, const graph::WaitFor& wait) {
    for (std::size_t i = 0; i < wait.arms.size(); ++i) {
      const auto* on = std::get_if<graph::EventArm>(&wait.arms[i]);
      if (on == nullptr) continue;
      for (std::size_t exit = 0; exit < lint_.graph.exits.size(); ++exit) {
        if (!flow_.is_taken_by(on->event, on->where, exit)) continue;
        // What never comes is a matter of its own.
        if (!flow_.arms(at)[i].can_hold) continue;
        lint_.report(diagnose(messages::kWaitForExit, lint_.place_of(at), on->event)
                         .note(lint_.exit_line(exit), "this exit comes first"),
                     at);
        break;
      }
    }
  }

  // Does anything come after the step that an exit would prevent? What takes no time after
  // a `track` still happens, since its event comes back when the person rests.
  bool goes_on(StepIndex from) const {
    const bool stops_at_once = graph::changes_person(lint_.graph.steps[from]);
    std::vector<bool> seen(lint_.graph.steps.size(), false);
    std::vector<StepIndex> open{from};
    while (!open.empty()) {
      const StepIndex step = open.back();
      open.pop_back();
      for (const graph::Edge& edge : graph::edges_of(lint_.graph.steps[step])) {
        if (edge.to == graph::kCompleted || seen[edge.to]) continue;
        const graph::Step& next = lint_.graph.steps[edge.to];
        if (graph::is_resting_place(next)) return true;
        if (stops_at_once &&
            (graph::changes_person(next) || std::holds_alternative<graph::Track>(next.action))) {
          return true;
        }
        seen[edge.to] = true;
        open.push_back(edge.to);
      }
    }
    return false;
  }

  struct Condition {
    graph::ExprId operator()(const graph::ExitOnEvent& rule) const { return rule.where; }
    graph::ExprId operator()(const graph::ExitWhen& rule) const { return rule.condition; }
  };

  JourneyLint& lint_;
  const proof::ValueFlow& flow_;
};

}  // namespace

void lint_exits(JourneyLint& lint, const proof::ValueFlow& flow) {
  Exits exits(lint, flow);
  exits.look_at_entries();
  if (exits.look_at_rules()) exits.look_at_steps();
}

}  // namespace sojourn::dsl
