#include "graph/verify_expressions.h"

#include <algorithm>
#include <cmath>
#include <fmt/core.h>
#include <set>
#include <string_view>
#include <vector>

#include "graph/graph.h"
#include "graph/operation.h"
#include "graph/verify.h"

namespace sojourn::graph {
namespace {

using Problem = std::optional<std::string>;

bool encodes_to_itself(const Value& value, int depth);

bool encodes_to_itself(const List& items, int depth) {
  return std::ranges::all_of(items,
                             [&](const Value& item) { return encodes_to_itself(item, depth + 1); });
}

bool encodes_to_itself(const Object& fields, int depth) {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (i != 0 && fields[i].first <= fields[i - 1].first) return false;
    if (!encodes_to_itself(fields[i].second, depth + 1)) return false;
  }
  return true;
}

bool encodes_to_itself(const Value& value, int depth) {
  if (depth > kMaxValueDepth) return false;
  switch (value.kind()) {
    case Value::Kind::kNumber:
      return std::isfinite(value.as_number());
    case Value::Kind::kTimeOfDay:
      return value.as_time_of_day().minutes >= 0 && value.as_time_of_day().minutes < 24 * 60;
    case Value::Kind::kList:
      return encodes_to_itself(value.as_list(), depth);
    case Value::Kind::kObject:
      return encodes_to_itself(value.as_object(), depth);
    default:
      return true;
  }
}

Problem check_arguments(const Expression& e, ExprId id) {
  const Operation& op = operation(e.op);
  const std::size_t count = e.arguments.size();
  if (count < op.min_arguments) {
    return fmt::format("takes at least {} arguments, has {}", op.min_arguments, count);
  }
  if (count > op.max_arguments) {
    return fmt::format("takes at most {} arguments, has {}", op.max_arguments, count);
  }
  const auto later = std::ranges::find_if(e.arguments, [&](ExprId a) { return a >= id; });
  if (later != e.arguments.end()) {
    return fmt::format("argument {} does not stand before it", *later);
  }
  return std::nullopt;
}

Problem check_question(const Graph& graph, const Expression& e) {
  if (e.name.empty()) return "it names no event";
  if (e.window.within.count < 0) return "its window is negative";
  const bool known =
      std::ranges::find(graph.steps, e.window.since_step, &Step::identity) != graph.steps.end();
  if (e.window.kind == Window::Kind::kSinceStep && !known) {
    return fmt::format("`since` names the unknown step `{}`", e.window.since_step);
  }
  return std::nullopt;
}

Problem check_membership(const Expression& e) {
  if (e.name.empty()) return "it names nothing to belong to";
  if (e.names.size() > (e.op == Op::kLeftJourney ? 1 : 0)) return "it gives too many names";
  if (e.window.within.count < 0) return "its window is negative";
  const bool is_window = e.window.kind == Window::Kind::kAll ||
                         (e.op == Op::kLeftJourney && e.window.kind == Window::Kind::kWithin);
  return is_window ? Problem() : "its window is of another kind";
}

Problem check_pattern(const Expression& e) {
  if (e.constant.kind() != Value::Kind::kString) return "it has no pattern";
  if (!Pattern::compile(e.constant.as_string())) return "its pattern is no regular expression";
  return std::nullopt;
}

Problem check_members(const Graph& graph, const Expression& e) {
  if (asks_history(e.op)) return check_question(graph, e);
  if (asks_membership(e.op)) return check_membership(e);
  switch (e.op) {
    case Op::kConstant:
      if (!encodes_to_itself(e.constant, 1)) return "its constant cannot be stored";
      return std::nullopt;
    case Op::kMatches:
      return check_pattern(e);
    case Op::kUserField:
    case Op::kEventField:
    case Op::kMember:
      if (e.name.empty()) return "it names no field";
      return std::nullopt;
    case Op::kEntryField:
      if (e.slot >= graph.entry_fields.size()) {
        return fmt::format("entry field {} of {}", e.slot, graph.entry_fields.size());
      }
      return std::nullopt;
    case Op::kLocal:
      if (e.slot >= graph.local_count)
        return fmt::format("local {} of {}", e.slot, graph.local_count);
      return std::nullopt;
    case Op::kObject:
      if (e.names.size() != e.arguments.size()) {
        return fmt::format("{} names for {} values", e.names.size(), e.arguments.size());
      }
      if (std::set<std::string_view>(e.names.begin(), e.names.end()).size() != e.names.size()) {
        return "a field is named twice";
      }
      return std::nullopt;
    default:
      return std::nullopt;
  }
}

// Depth and work of every expression, each from its arguments'.
class Cost {
 public:
  Problem add(const Expression& e) {
    std::size_t depth = 0;
    std::uint64_t work = 1;
    for (const ExprId argument : e.arguments) {
      depth = std::max(depth, depth_[argument]);
      work += work_[argument];
      if (work > kMaxExpressionWork) {
        return fmt::format("takes more than {} operations to evaluate", kMaxExpressionWork);
      }
    }
    if (++depth > kMaxExpressionDepth) {
      return fmt::format("is nested more than {} deep", kMaxExpressionDepth);
    }
    questions_.add(e);
    if (questions_.depth.back() > kMaxQuestionDepth) {
      return fmt::format("questions stand inside it more than {} deep", kMaxQuestionDepth);
    }
    depth_.push_back(depth);
    work_.push_back(work);
    return std::nullopt;
  }

 private:
  std::vector<std::size_t> depth_;
  std::vector<std::uint64_t> work_;
  QuestionDepths questions_;
};

}  // namespace

std::optional<std::string> find_bad_expression(const Graph& graph) {
  Cost cost;
  for (ExprId id = 0; id < graph.expressions.size(); ++id) {
    const Expression& e = graph.expressions[id];
    if (static_cast<std::size_t>(e.op) >= kOpCount) {
      return fmt::format("expression {}: unknown operation", id);
    }
    Problem problem = check_arguments(e, id);
    if (!problem) problem = check_members(graph, e);
    if (!problem) problem = cost.add(e);
    if (problem) return fmt::format("expression {} (`{}`): {}", id, operation(e.op).name, *problem);
  }
  return std::nullopt;
}

}  // namespace sojourn::graph
