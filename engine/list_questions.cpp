#include "engine/list_questions.h"

#include <cstdint>
#include <utility>
#include <vector>

#include "engine/totals.h"
#include "graph/graph.h"
#include "graph/operation.h"

namespace sojourn::engine {
namespace {

using graph::Op;
using graph::Value;

std::vector<const Value*> matching(const Scope& scope, const graph::Expression& question,
                                   const graph::List& list) {
  const graph::ExprId condition = graph::condition_of(question);
  std::vector<const Value*> items;
  Scope inner = scope;
  for (const Value& item : list) {
    inner.item = &item;
    if (holds(inner, condition)) items.push_back(&item);
  }
  return items;
}

// What the operand gives for each of the items; missing values left out.
std::vector<Value> values_of(const Scope& scope, const graph::Expression& question,
                             const std::vector<const Value*>& items) {
  std::vector<Value> values;
  Scope inner = scope;
  for (const Value* item : items) {
    inner.item = item;
    Value value = evaluate(inner, question.arguments[1]);
    if (!value.is_missing()) values.push_back(std::move(value));
  }
  return values;
}

}  // namespace

Value ask_list(const Scope& scope, const graph::Expression& question) {
  static const graph::List kNone;
  const Value source = evaluate(scope, question.arguments[0]);
  const bool is_list = source.kind() == Value::Kind::kList;
  const auto items = matching(scope, question, is_list ? source.as_list() : kNone);
  switch (question.op) {
    case Op::kCountItems:
      return Value(static_cast<std::int64_t>(items.size()));
    case Op::kSumItems:
      return sum(values_of(scope, question, items));
    case Op::kAvgItems:
      return average(values_of(scope, question, items));
    case Op::kMinItems:
      return smallest(values_of(scope, question, items));
    case Op::kMaxItems:
      return largest(values_of(scope, question, items));
    case Op::kListItems:
      return first_few(values_of(scope, question, items), question.slot);
    case Op::kFirstItem:
      return items.empty() ? Value() : *items.front();
    case Op::kLastItem:
      return items.empty() ? Value() : *items.back();
    default:
      return {};
  }
}

}  // namespace sojourn::engine
