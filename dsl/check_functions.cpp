// Calls of the language's functions. Every argument must be there.
#include <array>
#include <fmt/core.h>
#include <optional>
#include <utility>

#include "dsl/expression_parts.h"
#include "dsl/types.h"

namespace sojourn::dsl {
namespace {

using Kind = graph::Type::Kind;

enum class Takes : std::uint8_t { kText, kTextOrList, kNumber, kTime, kTimestamp, kAnything };
enum class Gives : std::uint8_t {
  kString,
  kInteger,
  kDate,
  kTimeOfDay,
  kWeekday,
  kSame,  // the common type of the arguments
};

struct Function {
  std::string_view name;
  graph::Op op;
  std::size_t arguments;
  Takes takes;
  Gives gives;
};

constexpr std::array kFunctions = {
    Function{"lower", graph::Op::kLower, 1, Takes::kText, Gives::kString},
    Function{"upper", graph::Op::kUpper, 1, Takes::kText, Gives::kString},
    Function{"trim", graph::Op::kTrim, 1, Takes::kText, Gives::kString},
    Function{"length", graph::Op::kLength, 1, Takes::kTextOrList, Gives::kInteger},
    Function{"round", graph::Op::kRound, 1, Takes::kNumber, Gives::kInteger},
    Function{"floor", graph::Op::kFloor, 1, Takes::kNumber, Gives::kInteger},
    Function{"ceil", graph::Op::kCeil, 1, Takes::kNumber, Gives::kInteger},
    Function{"min", graph::Op::kMin, 2, Takes::kNumber, Gives::kSame},
    Function{"max", graph::Op::kMax, 2, Takes::kNumber, Gives::kSame},
    Function{"abs", graph::Op::kAbs, 1, Takes::kNumber, Gives::kSame},
    Function{"date", graph::Op::kDate, 1, Takes::kTime, Gives::kDate},
    Function{"time", graph::Op::kTime, 1, Takes::kTimestamp, Gives::kTimeOfDay},
    Function{"weekday", graph::Op::kWeekday, 1, Takes::kTime, Gives::kWeekday},
    Function{"month", graph::Op::kMonth, 1, Takes::kTime, Gives::kInteger},
    Function{"day", graph::Op::kDay, 1, Takes::kTime, Gives::kInteger},
    Function{"year", graph::Op::kYear, 1, Takes::kTime, Gives::kInteger},
    Function{"days_between", graph::Op::kDaysBetween, 2, Takes::kTime, Gives::kInteger},
    Function{"hash", graph::Op::kHash, 1, Takes::kAnything, Gives::kInteger},
};

const Function* find_function(std::string_view name) {
  for (const Function& function : kFunctions) {
    if (function.name == name) return &function;
  }
  return nullptr;
}

bool accepts(Takes takes, const graph::Type& type) {
  switch (takes) {
    case Takes::kText:
      return is_text(type);
    case Takes::kTextOrList:
      return is_text(type) || type.kind == Kind::kList;
    case Takes::kNumber:
      return is_numeric(type);
    case Takes::kTime:
      return type.kind == Kind::kTimestamp || type.kind == Kind::kDate;
    case Takes::kTimestamp:
      return type.kind == Kind::kTimestamp;
    case Takes::kAnything:
      return true;
  }
  return false;
}

graph::Type weekday_type() {
  graph::Type type = type_of(Kind::kOneOf);
  type.choices = {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
  return type;
}

graph::Type result_type(Gives gives, const std::vector<Typed>& arguments) {
  switch (gives) {
    case Gives::kString:
      return type_of(Kind::kString);
    case Gives::kInteger:
      return type_of(Kind::kInteger);
    case Gives::kDate:
      return type_of(Kind::kDate);
    case Gives::kTimeOfDay:
      return type_of(Kind::kTimeOfDay);
    case Gives::kWeekday:
      return weekday_type();
    case Gives::kSame:
      break;
  }
  graph::Type type = arguments[0].type;
  for (const Typed& argument : arguments) type = common_type(type, argument.type).value_or(type);
  return type;
}

}  // namespace

Typed check_call(ExpressionContext& context, const Scope& scope, const ast::Call& call, Span span) {
  const Function* function = find_function(call.function.text);
  if (function == nullptr) {
    std::vector<std::string_view> known;
    known.reserve(kFunctions.size());
    for (const Function& f : kFunctions) known.push_back(f.name);
    context.report.add(diagnose(messages::kUnknownFunction, call.function.span, call.function.text)
                           .label(suggestion(call.function.text, known)));
    return context.poison(span);
  }
  if (call.arguments.size() != function->arguments) {
    context.report.add(diagnose(messages::kArgumentCount, span, function->name,
                                function->arguments == 1 ? "one argument" : "two arguments"));
    return context.poison(span);
  }
  const std::string needer = fmt::format("`{}`", function->name);
  std::vector<Typed> arguments;
  std::vector<graph::ExprId> ids;
  bool known = true;
  for (const auto& argument : call.arguments) {
    if (!argument) return context.poison(span);
    Typed typed = check_value(context, scope, *argument, needer);
    if (typed.known && !accepts(function->takes, typed.type)) {
      Diagnostic diagnostic =
          diagnose(messages::kWrongOperand, argument->span, function->name, quoted(typed.type));
      note_declared(diagnostic, typed);
      context.report.add(std::move(diagnostic));
      typed.known = false;
    }
    known = known && typed.known;
    ids.push_back(typed.id);
    arguments.push_back(std::move(typed));
  }
  if (!known) return context.poison(span);
  return {result_type(function->gives, arguments),
          context.emit(function->op, std::move(ids), span),
          true,
          {}};
}

}  // namespace sojourn::dsl
