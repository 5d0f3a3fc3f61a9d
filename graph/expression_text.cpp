#include "graph/expression_text.h"

#include <algorithm>
#include <fmt/core.h>

#include "base/text.h"
#include "graph/engagement.h"
#include "graph/graph.h"
#include "graph/operation.h"

namespace sojourn::graph {
namespace {

// How tightly an operation holds its operands (language 6); an operand that holds
// no tighter stands in brackets.
int tightness(Op op) {
  switch (op) {
    case Op::kIf:
      return 0;
    case Op::kOr:
      return 1;
    case Op::kAnd:
      return 2;
    case Op::kNot:
      return 3;
    case Op::kEqual:
    case Op::kNotEqual:
    case Op::kLess:
    case Op::kLessEqual:
    case Op::kGreater:
    case Op::kGreaterEqual:
    case Op::kIn:
    case Op::kContains:
    case Op::kStartsWith:
    case Op::kEndsWith:
    case Op::kMatches:
      return 4;
    case Op::kAdd:
    case Op::kSubtract:
    case Op::kAddDuration:
    case Op::kSubtractDuration:
    case Op::kDifference:
      return 5;
    case Op::kMultiply:
    case Op::kDivide:
      return 6;
    case Op::kNegate:
    case Op::kIsSet:
      return 7;
    case Op::kDefault:
      return 8;
    default:
      return 9;
  }
}

// What is called by a name stands like one.
int tightness(const Expression& e) {
  return e.op == Op::kIf && !e.name.empty() ? tightness(Op::kConstant) : tightness(e.op);
}

std::string quoted(std::string_view text) {
  std::string out;
  base::append_json_string(out, text);
  return out;
}

bool is_plain_name(std::string_view name) {
  const auto is_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  const auto is_rest = [&](char c) { return is_letter(c) || (c >= '0' && c <= '9'); };
  return !name.empty() && is_letter(name[0]) && std::ranges::all_of(name, is_rest);
}

std::string field_name(std::string_view name) {
  return is_plain_name(name) ? std::string(name) : quoted(name);
}

class Text {
 public:
  explicit Text(const Graph& graph) : graph_(graph) {}

  std::string of(ExprId id) const {
    const Expression& e = graph_.expressions[id];
    const Operation& op = operation(e.op);
    switch (op.form) {
      case Operation::Form::kLeaf:
        return leaf(e);
      case Operation::Form::kPrefix:
        return prefix(e, op.name);
      case Operation::Form::kInfix:
        return infix(e, op.name);
      case Operation::Form::kSuffix:
        return operand(e, 0) + " " + std::string(op.name);
      case Operation::Form::kFunction:
        return fmt::format("{}({})", op.name, joined(e, 0));
      case Operation::Form::kSpecial:
        return special(e);
    }
    return {};
  }

 private:
  std::string leaf(const Expression& e) const {
    switch (e.op) {
      case Op::kConstant:
        return to_string(e.constant);
      case Op::kUserField:
        return "user." + field_name(e.name);
      case Op::kEntryField:
        return "entry." + field_name(graph_.entry_fields[e.slot]);
      case Op::kEventField:
        return "event." + field_name(e.name);
      case Op::kLocal:
        return fmt::format("${}", e.slot);
      default:
        return std::string(operation(e.op).name);
    }
  }

  std::string prefix(const Expression& e, std::string_view name) const {
    return fmt::format("{}{}{}", name, e.op == Op::kNot ? " " : "", operand(e, 0));
  }

  std::string infix(const Expression& e, std::string_view name) const {
    std::string out = operand(e, 0);
    for (std::size_t i = 1; i < e.arguments.size(); ++i) {
      out += fmt::format(" {} {}", name, operand(e, i));
    }
    return out;
  }

  std::string special(const Expression& e) const {
    switch (e.op) {
      case Op::kIf:
        if (!e.name.empty()) return e.name;
        return fmt::format("if {} then {} else {}", of(e.arguments[0]), of(e.arguments[1]),
                           of(e.arguments[2]));
      case Op::kIn:
        return fmt::format("{} in [{}]", operand(e, 0), joined(e, 1));
      case Op::kConcat:
        return interpolation(e);
      case Op::kList:
        return fmt::format("[{}]", joined(e, 0));
      case Op::kObject:
        return object(e);
      case Op::kMember:
        return fmt::format("{}.{}", operand(e, 0), field_name(e.name));
      case Op::kSubscribedTo:
      case Op::kInList:
      case Op::kInJourney:
      case Op::kLeftJourney:
        return membership(e);
      case Op::kMatches:
        return fmt::format("{} matches {}", operand(e, 0), to_string(e.constant));
      default:
        return question(e);
    }
  }

  // `sum(purchase.amount where event.amount > 5 within 7d)`, `any` as a count.
  std::string question(const Expression& e) const {
    const bool of_list = asks_list(e.op);
    if (!of_list && !e.names.empty()) return engagement_question(e);
    std::string over = of_list ? operand(e, 0) : std::string(told(e.name));
    // The operand is a path of the event or item at hand, which is one of these.
    const std::string_view root = of_list ? "it" : "event";
    const ExprId value = operand_of(e);
    if (value != kNoExpr) over += of(value).substr(root.size());
    if (e.slot != 0) over += fmt::format(" first {}", e.slot);
    if (const ExprId condition = condition_of(e); condition != kNoExpr) {
      over += " where " + of(condition);
    }
    return fmt::format("{}({}{})", operation(e.op).name, over, window(e.window));
  }

  // `count(clicked tour where event.url == "x" within 7d)`: the author's own condition,
  // without what says which messages are meant.
  std::string engagement_question(const Expression& e) const {
    std::string over = e.names[0];
    const ExprId condition = condition_of(e);
    const Expression* both = condition == kNoExpr ? nullptr : &graph_.expressions[condition];
    if (both != nullptr && both->op == Op::kAnd) over += " where " + of(both->arguments[1]);
    return fmt::format("{}({}{})", operation(e.op).name, over, window(e.window));
  }

  // `in list vips`, `left trial as bought within 7d`.
  static std::string membership(const Expression& e) {
    const std::string reason = e.names.empty() ? std::string() : " as " + e.names[0];
    return fmt::format("{} {}{}{}", operation(e.op).name, e.name, reason, window(e.window));
  }

  static std::string window(const Window& window) {
    switch (window.kind) {
      case Window::Kind::kAll:
        return {};
      case Window::Kind::kWithin:
        return " within " + to_string(window.within);
      case Window::Kind::kSinceEntry:
        return " since entry";
      case Window::Kind::kSinceStep:
        return " since " + window.since_step;
      case Window::Kind::kBeforeEntry:
        return " before entry";
      case Window::Kind::kThisEnrollment:
        return " in this enrollment";
    }
    return {};
  }

  std::string interpolation(const Expression& e) const {
    std::string out = "\"";
    for (const ExprId id : e.arguments) {
      const Expression& part = graph_.expressions[id];
      if (part.op == Op::kConstant && part.constant.kind() == Value::Kind::kString) {
        const std::string text = quoted(part.constant.as_string());
        out.append(text, 1, text.size() - 2);
      } else {
        out += "${" + of(id) + "}";
      }
    }
    return out + "\"";
  }

  std::string object(const Expression& e) const {
    std::string out;
    for (std::size_t i = 0; i < e.arguments.size(); ++i) {
      if (i != 0) out += ", ";
      out += field_name(e.names[i]) + ": " + of(e.arguments[i]);
    }
    return out.empty() ? "{}" : "{ " + out + " }";
  }

  // The arguments from `first` on, between commas.
  std::string joined(const Expression& e, std::size_t first) const {
    std::string out;
    for (std::size_t i = first; i < e.arguments.size(); ++i) {
      if (i != first) out += ", ";
      out += of(e.arguments[i]);
    }
    return out;
  }

  // Operations of equal tightness read from left to right, but comparisons do not chain.
  std::string operand(const Expression& e, std::size_t index) const {
    const ExprId id = e.arguments[index];
    const int own = tightness(e.op);
    const int inner = tightness(graph_.expressions[id]);
    const bool chains = index == 0 && own != 4;
    return inner > own || (chains && inner == own) ? of(id) : "(" + of(id) + ")";
  }

  const Graph& graph_;
};

std::string list_text(const List& items) {
  std::string out;
  for (const Value& item : items) {
    if (!out.empty()) out += ", ";
    out += to_string(item);
  }
  return "[" + out + "]";
}

std::string object_text(const Object& fields) {
  std::string out;
  for (const auto& [name, value] : fields) {
    if (!out.empty()) out += ", ";
    out += field_name(name) + ": " + to_string(value);
  }
  return out.empty() ? "{}" : "{ " + out + " }";
}

}  // namespace

std::string to_string(const Graph& graph, ExprId id) {
  return Text(graph).of(id);
}

std::string to_string(base::Millis limit) {
  constexpr std::int64_t kMillisPerDay = 86'400'000;
  Duration d;
  d.days = static_cast<std::int32_t>(limit.count / kMillisPerDay);
  d.millis = limit.count % kMillisPerDay;
  return to_string(d);
}

std::string to_string(const Value& value) {
  switch (value.kind()) {
    case Value::Kind::kMissing:
      return "missing";
    case Value::Kind::kString:
      return quoted(value.as_string());
    case Value::Kind::kTimestamp:
      return base::to_iso8601(value.as_timestamp());
    case Value::Kind::kDate:
      return to_string(value.as_date());
    case Value::Kind::kTimeOfDay:
      return to_string(value.as_time_of_day());
    case Value::Kind::kDuration:
      return to_string(value.as_duration());
    case Value::Kind::kList:
      return list_text(value.as_list());
    case Value::Kind::kObject:
      return object_text(value.as_object());
    case Value::Kind::kBoolean:
    case Value::Kind::kInteger:
    case Value::Kind::kNumber:
      break;
  }
  std::string out;
  append_json(out, value);
  return out;
}

}  // namespace sojourn::graph
