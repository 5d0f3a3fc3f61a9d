// Small graphs that several tests look at. Each is verified and has its needs.
#pragma once

#include <string>
#include <vector>

#include "graph/graph.h"

namespace sojourn::graph::samples {

// A pool of expressions under construction: each call adds one and gives its id.
class Pool {
 public:
  explicit Pool(std::vector<Expression>& expressions) : expressions_(expressions) {}

  ExprId constant(Value value);
  ExprId user(std::string field) { return named(Op::kUserField, std::move(field)); }
  ExprId event(std::string field) { return named(Op::kEventField, std::move(field)); }
  ExprId entry(std::uint32_t slot) { return slotted(Op::kEntryField, slot); }
  ExprId local(std::uint32_t slot) { return slotted(Op::kLocal, slot); }
  ExprId apply(Op op, std::vector<ExprId> arguments);
  ExprId object(std::vector<std::string> names, std::vector<ExprId> arguments);
  ExprId named(Op op, std::string name, std::vector<ExprId> arguments = {});

 private:
  ExprId slotted(Op op, std::uint32_t slot);
  ExprId add(Expression expression);

  std::vector<Expression>& expressions_;
};

// send, wait, wait for an order (or the condition that one is known), remind.
Graph welcome();
// An arm that waits for any event of this name.
EventArm on_event(std::string event, StepIndex next);

// One of every kind of step: a trial with a split, a schedule and exit rules.
Graph trial();
// Nothing but an entry: who enters completes at once.
Graph empty();

}  // namespace sojourn::graph::samples
