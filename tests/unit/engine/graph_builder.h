// Small graphs, written back to front: a step is added after those it leads to
// (`place` keeps a seat for one that must be named earlier). `build` verifies.
#pragma once

#include <gtest/gtest.h>
#include <string>
#include <utility>
#include <vector>

#include "graph/graph.h"
#include "graph/verify.h"

namespace sojourn::engine::test {

using graph::ExprId;
using graph::Op;
using graph::StepIndex;
using graph::Value;

class GraphBuilder {
 public:
  GraphBuilder() {
    graph_.journey = "trial";
    graph_.entries.push_back({"signup", graph::kNoExpr});
  }

  graph::Graph& graph() { return graph_; }

  ExprId add(graph::Expression expression) {
    graph_.expressions.push_back(std::move(expression));
    return static_cast<ExprId>(graph_.expressions.size() - 1);
  }
  ExprId constant(Value value) { return add({.op = Op::kConstant, .constant = std::move(value)}); }
  ExprId text(const char* value) { return constant(Value(value)); }
  ExprId integer(std::int64_t value) { return constant(Value(value)); }
  ExprId user(const char* field) { return add({.op = Op::kUserField, .name = field}); }
  ExprId event(const char* field) { return add({.op = Op::kEventField, .name = field}); }
  ExprId entry(const char* field) {
    auto& fields = graph_.entry_fields;
    for (std::uint32_t i = 0; i < fields.size(); ++i) {
      if (fields[i] == field) return add({.op = Op::kEntryField, .slot = i});
    }
    fields.emplace_back(field);
    return add({.op = Op::kEntryField, .slot = static_cast<std::uint32_t>(fields.size() - 1)});
  }
  ExprId local(std::uint32_t slot) {
    use_slot(slot);
    return add({.op = Op::kLocal, .slot = slot});
  }
  ExprId member(ExprId object, const char* field) {
    return add({.op = Op::kMember, .arguments = {object}, .name = field});
  }
  ExprId op(Op op, std::vector<ExprId> arguments) {
    return add({.op = op, .arguments = std::move(arguments)});
  }
  ExprId equal(ExprId a, ExprId b) { return op(Op::kEqual, {a, b}); }
  ExprId object(const std::vector<std::pair<std::string, ExprId>>& fields) {
    graph::Expression node{.op = Op::kObject};
    for (const auto& [name, value] : fields) {
      node.names.push_back(name);
      node.arguments.push_back(value);
    }
    return add(std::move(node));
  }

  template <typename Action>
  StepIndex step(std::string identity, Action action) {
    const StepIndex index = place(std::move(identity));
    set(index, std::move(action));
    return index;
  }
  StepIndex place(std::string identity) {
    graph_.steps.push_back({.identity = std::move(identity), .action = graph::Exit{"placed"}});
    return static_cast<StepIndex>(graph_.steps.size() - 1);
  }
  template <typename Action>
  void set(StepIndex index, Action action) {
    graph_.steps[index].action = std::move(action);
  }

  StepIndex send(const char* campaign, StepIndex next = graph::kCompleted) {
    return step(campaign, graph::Send{.campaign = campaign, .next = next, .unreachable = next});
  }
  StepIndex wait(const char* identity, graph::Duration duration,
                 StepIndex next = graph::kCompleted) {
    return step(identity, graph::Wait{.duration = duration, .at = {}, .next = next});
  }
  StepIndex exit(const char* reason) { return step(reason, graph::Exit{reason}); }

  void use_slot(std::uint32_t slot) { graph_.local_count = std::max(graph_.local_count, slot + 1); }
  void exit_on(const char* event, ExprId where = graph::kNoExpr, const char* reason = nullptr) {
    graph_.exits.emplace_back(graph::ExitOnEvent{event, where, reason != nullptr ? reason : event});
  }
  void exit_when(ExprId condition, const char* reason, base::Millis held = {}) {
    graph_.exits.emplace_back(graph::ExitWhen{condition, reason, held});
  }
  void zone(ExprId link) { graph_.zone_chain.push_back(link); }

  graph::Graph build(StepIndex first) {
    graph_.first = first;
    graph_.zone_chain.push_back(text("Europe/Berlin"));
    graph::compute_needs(graph_);
    const base::Status status = graph::verify(graph_);
    EXPECT_TRUE(status.has_value()) << status.error().message;
    return graph_;
  }

 private:
  graph::Graph graph_;
};

inline constexpr graph::Duration calendar_days(std::int32_t n) {
  return {.months = 0, .days = n, .millis = 0};
}
inline constexpr graph::Duration elapsed_hours(std::int64_t n) {
  return {.months = 0, .days = 0, .millis = n * 3'600'000};
}
inline constexpr graph::TimeOfDay clock(std::int32_t hour, std::int32_t minute = 0) {
  return {hour * 60 + minute};
}

}  // namespace sojourn::engine::test
