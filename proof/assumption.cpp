#include "proof/assumption.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "graph/built_in.h"

namespace sojourn::proof {
namespace {

using graph::Expression;
using graph::ExprId;
using graph::Op;
using Order = ValueSet::Order;

ValueSet declared_values(const graph::Catalog& catalog, std::string_view field) {
  const graph::UserField* found = catalog.find_user_field(field);
  if (found == nullptr) {
    const auto built_in = graph::built_in_user_fields();
    const auto at = std::ranges::find(built_in, field, &graph::UserField::name);
    if (at != built_in.end()) found = &*at;
  }
  if (found == nullptr) return ValueSet::anything();
  return ValueSet::of(found->type).with_missing(found->fallback.is_missing());
}

Order opposite(Order order) {
  switch (order) {
    case Order::kLess:
      return Order::kGreaterEqual;
    case Order::kLessEqual:
      return Order::kGreater;
    case Order::kGreater:
      return Order::kLessEqual;
    case Order::kGreaterEqual:
      return Order::kLess;
  }
  return Order::kLess;
}

Order mirrored(Order order) {
  switch (order) {
    case Order::kLess:
      return Order::kGreater;
    case Order::kLessEqual:
      return Order::kGreaterEqual;
    case Order::kGreater:
      return Order::kLess;
    case Order::kGreaterEqual:
      return Order::kLessEqual;
  }
  return Order::kLess;
}

Order order_of(Op op) {
  switch (op) {
    case Op::kLess:
      return Order::kLess;
    case Op::kLessEqual:
      return Order::kLessEqual;
    case Op::kGreater:
      return Order::kGreater;
    default:
      return Order::kGreaterEqual;
  }
}

// Is it one of the operations that give true or false, whatever they are given?
bool is_question(Op op) {
  return op == Op::kNot || op == Op::kAnd || op == Op::kOr || op == Op::kIsSet || op == Op::kIn ||
         (op >= Op::kEqual && op <= Op::kGreaterEqual) ||
         (op >= Op::kContains && op <= Op::kEndsWith);
}

ValueSet both_booleans() {
  return united(ValueSet::just(graph::Value(true)), ValueSet::just(graph::Value(false)));
}

using Possible = std::optional<KnownValues>;

// What is known if one of two ways is taken.
Possible either(Possible a, Possible b) {
  if (!a) return b;
  if (!b) return a;
  return joined(*a, *b);
}

// One condition taken apart. What narrows returns false when that cannot be, and leaves
// something of no use behind.
class Look {
 public:
  Look(const graph::Graph& graph, const ValuePaths& paths, const std::vector<ValueSet>& declared,
       const std::vector<ValueSet>& constants)
      : graph_(graph), paths_(paths), declared_(declared), constants_(constants) {}

  Outcomes decide(KnownValues known, ExprId id);
  // Where the set lies, or in `scratch`. It stays while `known` does.
  const ValueSet& value_of(const KnownValues& known, ExprId id, ValueSet& scratch);

 private:
  // The value is one of `values`.
  bool narrow(KnownValues& known, ExprId id, const ValueSet& values);
  Possible narrowed(KnownValues known, ExprId id, const ValueSet& values) {
    return narrow(known, id, values) ? Possible(std::move(known)) : std::nullopt;
  }
  bool narrow_place(KnownValues& known, PathIndex path, const ValueSet& values) const;
  bool narrow_default(KnownValues& known, const Expression& node, const ValueSet& values);
  bool narrow_choice(KnownValues& known, const Expression& node, const ValueSet& values);

  Outcomes decide_all(KnownValues known, const Expression& node);
  Outcomes decide_some(KnownValues known, const Expression& node);
  Outcomes decide_choice(KnownValues known, const Expression& node);
  Outcomes decide_default(const KnownValues& known, const Expression& node);
  bool be_equal(KnownValues& known, ExprId a, ExprId b);
  bool be_unequal(KnownValues& known, ExprId a, ExprId b);
  bool be_ordered(KnownValues& known, const Expression& node);
  bool be_unordered(KnownValues& known, const Expression& node);
  bool be_among(KnownValues& known, const Expression& node, bool outcome);
  bool pass_text_test(KnownValues& known, const Expression& node, bool outcome);
  bool be_true(KnownValues& known, ExprId id, bool outcome);
  // Of a question about values: the answer is `outcome`.
  bool answer(KnownValues& known, ExprId id, bool outcome);

  const Expression& at(ExprId id) const { return graph_.expressions[id]; }
  const ValueSet& value_at(const KnownValues& known, PathIndex path) const {
    const Known* found = known.find(path);
    return found != nullptr ? *found->values : declared_[path];
  }

  const graph::Graph& graph_;
  const ValuePaths& paths_;
  const std::vector<ValueSet>& declared_;
  const std::vector<ValueSet>& constants_;
  int looks_ = 0;
};

const ValueSet& Look::value_of(const KnownValues& known, ExprId id, ValueSet& scratch) {
  const Expression& node = at(id);
  if (++looks_ > Assumptions::kMostLooks) return scratch = ValueSet::anything();
  if (paths_.of(id) != kNoPath) return value_at(known, paths_.of(id));
  if (node.op == Op::kConstant) return constants_[id];
  if (is_question(node.op)) return scratch = both_booleans();
  ValueSet other;
  if (node.op == Op::kIf) {
    return scratch = united(value_of(known, node.arguments[1], scratch),
                            value_of(known, node.arguments[2], other));
  }
  if (node.op == Op::kDefault) {
    const ValueSet& value = value_of(known, node.arguments[0], scratch);
    if (!value.may_be_missing()) return value;
    return scratch = united(value.without_missing(), value_of(known, node.arguments[1], other));
  }
  return scratch = ValueSet::anything();
}

bool Look::narrow_place(KnownValues& known, PathIndex path, const ValueSet& values) const {
  const ValueSet& before = value_at(known, path);
  ValueSet after = common(before, values);
  if (after.is_empty()) return false;
  if (!(after == before)) known.set(path, std::move(after));
  return true;
}

bool Look::narrow_default(KnownValues& known, const Expression& node, const ValueSet& values) {
  Possible missing = narrowed(known, node.arguments[0], ValueSet::missing());
  if (missing && !narrow(*missing, node.arguments[1], values)) missing.reset();
  Possible way = either(narrowed(std::move(known), node.arguments[0], values.without_missing()),
                        std::move(missing));
  if (way) known = std::move(*way);
  return way.has_value();
}

bool Look::narrow_choice(KnownValues& known, const Expression& node, const ValueSet& values) {
  Outcomes ways = decide(std::move(known), node.arguments[0]);
  if (ways.yes && !narrow(*ways.yes, node.arguments[1], values)) ways.yes.reset();
  if (ways.no && !narrow(*ways.no, node.arguments[2], values)) ways.no.reset();
  Possible way = either(std::move(ways.yes), std::move(ways.no));
  if (way) known = std::move(*way);
  return way.has_value();
}

bool Look::narrow(KnownValues& known, ExprId id, const ValueSet& values) {
  if (++looks_ > Assumptions::kMostLooks) return true;
  if (paths_.of(id) != kNoPath) return narrow_place(known, paths_.of(id), values);
  const Expression& node = at(id);
  if (node.op == Op::kDefault) return narrow_default(known, node, values);
  if (node.op == Op::kIf) return narrow_choice(known, node, values);
  ValueSet scratch;
  return !common(value_of(known, id, scratch), values).is_empty();
}

// Does not hold when the first part fails, or the second after the first held, …
Outcomes Look::decide_all(KnownValues known, const Expression& node) {
  Outcomes out{std::move(known), std::nullopt};
  for (const ExprId part : node.arguments) {
    if (!out.yes) break;
    Outcomes here = decide(std::move(*out.yes), part);
    out.yes = std::move(here.yes);
    out.no = either(std::move(out.no), std::move(here.no));
  }
  return out;
}

Outcomes Look::decide_some(KnownValues known, const Expression& node) {
  Outcomes out{std::nullopt, std::move(known)};
  for (const ExprId part : node.arguments) {
    if (!out.no) break;
    Outcomes here = decide(std::move(*out.no), part);
    out.no = std::move(here.no);
    out.yes = either(std::move(out.yes), std::move(here.yes));
  }
  return out;
}

Outcomes Look::decide_choice(KnownValues known, const Expression& node) {
  Outcomes condition = decide(std::move(known), node.arguments[0]);
  Outcomes then_way;
  Outcomes else_way;
  if (condition.yes) then_way = decide(std::move(*condition.yes), node.arguments[1]);
  if (condition.no) else_way = decide(std::move(*condition.no), node.arguments[2]);
  return {either(std::move(then_way.yes), std::move(else_way.yes)),
          either(std::move(then_way.no), std::move(else_way.no))};
}

Outcomes Look::decide_default(const KnownValues& known, const Expression& node) {
  Outcomes value;
  Outcomes fallback;
  Possible set = narrowed(known, node.arguments[0], ValueSet::set());
  Possible missing = narrowed(known, node.arguments[0], ValueSet::missing());
  if (set) value = decide(std::move(*set), node.arguments[0]);
  if (missing) fallback = decide(std::move(*missing), node.arguments[1]);
  return {either(std::move(value.yes), std::move(fallback.yes)),
          either(std::move(value.no), std::move(fallback.no))};
}

bool Look::be_equal(KnownValues& known, ExprId a, ExprId b) {
  ValueSet left;
  ValueSet right;
  const ValueSet shared =
      common(value_of(known, a, left), value_of(known, b, right)).without_missing();
  return !shared.is_empty() && narrow(known, a, shared) && narrow(known, b, shared);
}

bool Look::be_unequal(KnownValues& known, ExprId a, ExprId b) {
  ValueSet scratch_a;
  ValueSet scratch_b;
  const ValueSet& left = value_of(known, a, scratch_a);
  const ValueSet& right = value_of(known, b, scratch_b);
  const ValueSet rest_of_left = without(left, right);
  const ValueSet rest_of_right = without(right, left);
  return narrow(known, a, rest_of_left) && narrow(known, b, rest_of_right);
}

bool Look::be_ordered(KnownValues& known, const Expression& node) {
  const ExprId a = node.arguments[0];
  const ExprId b = node.arguments[1];
  ValueSet scratch_a;
  ValueSet scratch_b;
  const ValueSet& left = value_of(known, a, scratch_a);
  const ValueSet& right = value_of(known, b, scratch_b);
  if (!left.may_be_set() || !right.may_be_set()) return false;
  const Order order = order_of(node.op);
  const ValueSet rest_of_left = ordered(left, order, right);
  const ValueSet rest_of_right = ordered(right, mirrored(order), left);
  return narrow(known, a, rest_of_left) && narrow(known, b, rest_of_right);
}

// What has no order is neither less nor greater, and the missing value has none.
bool Look::be_unordered(KnownValues& known, const Expression& node) {
  const ExprId a = node.arguments[0];
  const ExprId b = node.arguments[1];
  ValueSet scratch_a;
  ValueSet scratch_b;
  const ValueSet& left = value_of(known, a, scratch_a);
  const ValueSet& right = value_of(known, b, scratch_b);
  if (!have_order(left, right)) return true;
  const auto rest = [](const ValueSet& mine, Order order, const ValueSet& other) {
    if (other.may_be_missing()) return mine;
    return ordered(mine, order, other).with_missing(mine.may_be_missing());
  };
  const Order order = opposite(order_of(node.op));
  const ValueSet rest_of_left = rest(left, order, right);
  const ValueSet rest_of_right = rest(right, mirrored(order), left);
  return narrow(known, a, rest_of_left) && narrow(known, b, rest_of_right);
}

// `x in [a, b]`; a candidate that is a list stands for its items.
bool Look::be_among(KnownValues& known, const Expression& node, bool outcome) {
  const ExprId value = node.arguments[0];
  ValueSet scratch;
  if (outcome) {
    ValueSet candidates;
    for (std::size_t i = 1; i < node.arguments.size(); ++i) {
      candidates = united(candidates, value_of(known, node.arguments[i], scratch));
    }
    return narrow(known, value, candidates.without_missing());
  }
  ValueSet rest = value_of(known, value, scratch);
  for (std::size_t i = 1; i < node.arguments.size(); ++i) {
    rest = without(rest, value_of(known, node.arguments[i], scratch));
  }
  return narrow(known, value, rest);
}

// `contains`, `starts with`, `ends with`: of a text among few, asked for a written text,
// each is tried.
bool Look::pass_text_test(KnownValues& known, const Expression& node, bool outcome) {
  const ExprId whole = node.arguments[0];
  const ExprId part = node.arguments[1];
  if (outcome && !(narrow(known, whole, ValueSet::set()) && narrow(known, part, ValueSet::set()))) {
    return false;
  }
  ValueSet scratch;
  const ValueSet values = value_of(known, whole, scratch);
  const TextSet* texts = values.texts();
  const graph::Value& wanted = at(part).constant;
  if (texts == nullptr || texts->all_but() || wanted.kind() != graph::Value::Kind::kString) {
    return true;
  }
  const std::string& word = wanted.as_string();
  ValueSet rest = values;
  for (const std::string& text : texts->named()) {
    const bool holds = node.op == Op::kContains     ? text.find(word) != std::string::npos
                       : node.op == Op::kStartsWith ? text.starts_with(word)
                                                    : text.ends_with(word);
    if (holds != outcome) rest = without(rest, ValueSet::just(graph::Value(text)));
  }
  return narrow(known, whole, rest);
}

bool Look::be_true(KnownValues& known, ExprId id, bool outcome) {
  const ValueSet yes = ValueSet::just(graph::Value(true));
  ValueSet scratch;
  return narrow(known, id, outcome ? yes : without(value_of(known, id, scratch), yes));
}

bool Look::answer(KnownValues& known, ExprId id, bool outcome) {
  const Expression& node = at(id);
  const auto& arguments = node.arguments;
  switch (node.op) {
    case Op::kIsSet:
      return narrow(known, arguments[0], outcome ? ValueSet::set() : ValueSet::missing());
    case Op::kEqual:
    case Op::kNotEqual:
      return outcome == (node.op == Op::kEqual) ? be_equal(known, arguments[0], arguments[1])
                                                : be_unequal(known, arguments[0], arguments[1]);
    case Op::kLess:
    case Op::kLessEqual:
    case Op::kGreater:
    case Op::kGreaterEqual:
      return outcome ? be_ordered(known, node) : be_unordered(known, node);
    case Op::kIn:
      return be_among(known, node, outcome);
    case Op::kContains:
    case Op::kStartsWith:
    case Op::kEndsWith:
      return pass_text_test(known, node, outcome);
    default:
      return be_true(known, id, outcome);
  }
}

Outcomes Look::decide(KnownValues known, ExprId id) {
  if (++looks_ > Assumptions::kMostLooks) return {known, known};
  const Expression& node = at(id);
  switch (node.op) {
    case Op::kNot: {
      Outcomes inner = decide(std::move(known), node.arguments[0]);
      return {std::move(inner.no), std::move(inner.yes)};
    }
    case Op::kAnd:
      return decide_all(std::move(known), node);
    case Op::kOr:
      return decide_some(std::move(known), node);
    case Op::kIf:
      return decide_choice(std::move(known), node);
    case Op::kDefault:
      return decide_default(known, node);
    default: {
      Outcomes out{known, std::move(known)};
      if (!answer(*out.yes, id, true)) out.yes.reset();
      if (!answer(*out.no, id, false)) out.no.reset();
      return out;
    }
  }
}

ValueSet declared_at(const graph::Catalog& catalog, const Path& path) {
  graph::Type yes_or_no;
  yes_or_no.kind = graph::Type::Kind::kBoolean;
  if (path.inside != kNoPath) return ValueSet::anything();
  switch (path.root) {
    case Path::Root::kUser:
      return declared_values(catalog, path.field);
    case Path::Root::kOnList:
    case Path::Root::kSubscribed:
      return ValueSet::of(yes_or_no);
    case Path::Root::kEntry:
    case Path::Root::kEvent:
    case Path::Root::kLocal:
      break;
  }
  return ValueSet::anything();
}

}  // namespace

Assumptions::Assumptions(const graph::Graph& graph, const graph::Catalog& catalog,
                         const ValuePaths& paths)
    : graph_(graph), paths_(paths) {
  declared_.reserve(paths.size());
  for (PathIndex i = 0; i < paths.size(); ++i) {
    const Path& path = paths[i];
    declared_.push_back(declared_at(catalog, path));
  }
  constants_.resize(graph.expressions.size());
  for (ExprId id = 0; id < graph.expressions.size(); ++id) {
    const Expression& node = graph.expressions[id];
    if (node.op == Op::kConstant) constants_[id] = ValueSet::just(node.constant);
  }
}

Outcomes Assumptions::decide(const KnownValues& known, ExprId condition) const {
  Outcomes out = Look(graph_, paths_, declared_, constants_).decide(known, condition);
  if (out.yes) out.yes->explain_changes(known, condition);
  if (out.no) out.no->explain_changes(known, condition);
  return out;
}

bool Assumptions::assume(KnownValues& known, ExprId condition, bool outcome) const {
  Outcomes ways = decide(known, condition);
  std::optional<KnownValues>& way = outcome ? ways.yes : ways.no;
  if (way) known = std::move(*way);
  return way.has_value();
}

ValueSet Assumptions::value_of(const KnownValues& known, ExprId id) const {
  ValueSet scratch;
  return Look(graph_, paths_, declared_, constants_).value_of(known, id, scratch);
}

const ValueSet& Assumptions::value_at(const KnownValues& known, PathIndex path) const {
  const Known* found = known.find(path);
  return found != nullptr ? *found->values : declared_[path];
}

}  // namespace sojourn::proof
