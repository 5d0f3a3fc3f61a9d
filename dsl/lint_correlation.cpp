// Where there is an enrollment for each of something (`one per entry.cart`), an event about
// one of them must not end the others, or their waits.
#include <algorithm>
#include <fmt/core.h>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "dsl/lint_journey.h"

namespace sojourn::dsl {
namespace {

// The fields of a root that stand under an expression.
void add_fields(const graph::Graph& graph, graph::ExprId id, graph::Op root,
                std::vector<std::string_view>& fields) {
  const graph::Expression& node = graph.expressions[id];
  if (node.op == root) {
    fields.push_back(root == graph::Op::kEntryField
                         ? std::string_view(graph.entry_fields[node.slot])
                         : std::string_view(node.name));
  }
  for (const graph::ExprId argument : node.arguments) add_fields(graph, argument, root, fields);
}

class Correlation {
 public:
  explicit Correlation(JourneyLint& lint) : lint_(lint) {
    // What is computed from a field need not be the same where the field is.
    for (const graph::ExprId value : lint.graph.one_per) {
      if (lint.graph.expressions[value].op != graph::Op::kEntryField) continue;
      add_fields(lint.graph, value, graph::Op::kEntryField, unit_);
    }
  }

  void look() {
    if (unit_.empty()) return;
    for (std::size_t i = 0; i < lint_.graph.exits.size(); ++i) {
      const auto* rule = std::get_if<graph::ExitOnEvent>(&lint_.graph.exits[i]);
      if (rule != nullptr)
        look_at(rule->event, rule->where, "exit on", lint_.exit_line(i), graph::kCompleted);
    }
    for (graph::StepIndex at = 0; at < lint_.graph.steps.size(); ++at) {
      const auto& action = lint_.graph.steps[at].action;
      if (const auto* collect = std::get_if<graph::Collect>(&action)) {
        look_at(collect->event, collect->where, "collect", lint_.place_of(at), at);
      } else if (const auto* wait = std::get_if<graph::WaitFor>(&action)) {
        look_at_arms(*wait, at);
      }
    }
  }

 private:
  void look_at_arms(const graph::WaitFor& wait, graph::StepIndex at) {
    for (const auto& arm : wait.arms) {
      const auto* on = std::get_if<graph::EventArm>(&arm);
      if (on != nullptr) look_at(on->event, on->where, "wait for", lint_.place_of(at), at);
    }
  }

  // An event that has no such field cannot tell.
  void look_at(const std::string& event, graph::ExprId where, std::string_view word, Span place,
               graph::StepIndex step) {
    const graph::EventType* type = lint_.program.world.catalog.find_event(event);
    if (type == nullptr) return;
    std::vector<std::string_view> read;
    if (where != graph::kNoExpr) add_fields(lint_.graph, where, graph::Op::kEventField, read);
    std::string_view could_tell;
    for (const std::string_view field : unit_) {
      if (std::ranges::find(read, field) != read.end()) return;
      const bool has_field =
          std::ranges::find(type->fields, field, &graph::TypedField::name) != type->fields.end();
      if (could_tell.empty() && has_field) could_tell = field;
    }
    if (could_tell.empty()) return;
    lint_.report(diagnose(messages::kUncorrelated, place, word, event, could_tell)
                     .note(lint_.one_per_line(), "one enrollment for each of these")
                     .help(fmt::format("say which is meant: `where event.{} == entry.{}`",
                                       could_tell, could_tell)),
                 step);
  }

  JourneyLint& lint_;
  std::vector<std::string_view> unit_;  // fields of the entry that tell enrollments apart
};

}  // namespace

void lint_correlation(JourneyLint& lint) {
  Correlation(lint).look();
}

}  // namespace sojourn::dsl
