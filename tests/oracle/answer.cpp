// Expressions: what a journey asks, answered from what is so now and what has happened.
#include <algorithm>
#include <regex>
#include <utility>

#include "base/check.h"
#include "base/civil.h"
#include "calendar/arithmetic.h"
#include "graph/operation.h"
#include "tests/oracle/person.h"
#include "tests/oracle/values.h"

namespace sojourn::oracle {
namespace {

using graph::Expression;
using graph::ExprId;
using graph::Op;
using graph::Value;
using graph::Window;
using Kind = Value::Kind;

Value integer(std::size_t count) {
  return Value(static_cast<std::int64_t>(count));
}

Value as_object(const Event& event) {
  std::map<std::string, Value> fields;
  for (const auto& [name, value] : event.fields) fields[name] = value;
  fields["createdAt"] = Value(event.created_at);
  return Value(graph::Object(fields.begin(), fields.end()));
}

const Visit* last_visit(const Enrolled& enrolled, const graph::Graph& graph,
                        std::string_view identity) {
  const Visit* last = nullptr;
  for (const Visit& visit : enrolled.visits) {
    if (graph.steps[visit.step].identity == identity) last = &visit;
  }
  return last;
}

// A question asks something of each thing that it is about.
struct Thing {
  const Event* event = nullptr;
  const Value* item = nullptr;
};

class Question {
 public:
  Question(const Asker& asker, const Expression& node) : asker_(asker), node_(node) {}

  Value of_events() const {
    if (node_.window.kind == Window::Kind::kSinceStep &&
        last_visit(*asker_.enrolled, asker_.graph, node_.window.since_step) == nullptr) {
      return {};
    }
    std::vector<const Event*> events;
    for (const Event& event : asker_.person.events()) {
      if (event.name == node_.name && lies_in(asker_, node_.window, event)) {
        events.push_back(&event);
      }
    }
    std::ranges::sort(events,
                      [](const Event* a, const Event* b) { return happened_before(*a, *b); });
    std::vector<Thing> things;
    for (const Event* event : events) things.push_back({event, nullptr});
    return answer_about(std::move(things), node_.op);
  }

  Value of_items() const {
    const Value list = answer(asker_, node_.arguments.front());
    if (list.is_missing()) return answer_about({}, of_events_like(node_.op));
    std::vector<Thing> things;
    for (const Value& item : list.as_list()) things.push_back({asker_.event, &item});
    return answer_about(std::move(things), of_events_like(node_.op));
  }

 private:
  static Op of_events_like(Op op) {
    return static_cast<Op>(static_cast<int>(op) - static_cast<int>(Op::kCountItems) +
                           static_cast<int>(Op::kCountEvents));
  }

  Asker about(const Thing& thing) const {
    Asker out = asker_;
    out.event = thing.event;
    if (thing.item != nullptr) out.item = thing.item;
    return out;
  }

  Value answer_about(std::vector<Thing> things, Op op) const {
    const ExprId condition = graph::condition_of(node_);
    if (condition != graph::kNoExpr) {
      std::erase_if(things, [&](const Thing& thing) { return !holds(about(thing), condition); });
    }
    if (op == Op::kCountEvents) return integer(things.size());
    if (op == Op::kFirstEvent || op == Op::kLastEvent) {
      if (things.empty()) return {};
      const Thing& chosen = op == Op::kFirstEvent ? things.front() : things.back();
      return chosen.item != nullptr ? *chosen.item : as_object(*chosen.event);
    }
    std::vector<Value> values;
    for (const Thing& thing : things) {
      Value value = answer(about(thing), graph::operand_of(node_));
      if (!value.is_missing()) values.push_back(std::move(value));
    }
    return combine(op, std::move(values));
  }

  Value combine(Op op, std::vector<Value> values) const {
    if (op == Op::kListEvents) {
      if (node_.slot > 0 && values.size() > node_.slot) values.resize(node_.slot);
      return Value(graph::List(values));
    }
    Value sum(std::int64_t{0});
    for (const Value& value : values) sum = calculate(Op::kAdd, sum, value);
    if (op == Op::kSumEvents) return sum;
    if (values.empty()) return {};
    if (op == Op::kAvgEvents) {
      const Value average = calculate(Op::kDivide, sum, integer(values.size()));
      return average;
    }
    return call_function(op == Op::kMinEvents ? Op::kMin : Op::kMax, values);
  }

  const Asker& asker_;
  const Expression& node_;
};

Value day_question(const Asker& asker, Op op, const std::vector<Value>& values) {
  std::vector<std::int64_t> days;
  for (const Value& value : values) {
    if (value.is_missing()) return {};
    days.push_back(value.kind() == Kind::kDate
                       ? value.as_date().days
                       : journey_zone(asker).to_local(value.as_timestamp()).day);
  }
  const base::CivilDay day = base::civil_from_days(days[0]);
  switch (op) {
    case Op::kDate:
      return Value(graph::Date{static_cast<std::int32_t>(days[0])});
    case Op::kWeekday: {
      constexpr std::string_view kNames[] = {"monday", "tuesday",  "wednesday", "thursday",
                                             "friday", "saturday", "sunday"};
      return Value(kNames[calendar::weekday(static_cast<std::int32_t>(days[0])) - 1]);
    }
    case Op::kYear:
      return Value(day.year);
    case Op::kMonth:
      return Value(std::int64_t{day.month});
    case Op::kDay:
      return Value(std::int64_t{day.day});
    default:
      return Value(days[1] - days[0]);
  }
}

Value move_time(const Asker& asker, const Expression& node) {
  const Value from = answer(asker, node.arguments[0]);
  const Value by = answer(asker, node.arguments[1]);
  if (from.is_missing() || by.is_missing()) return {};
  const int sign = node.op == Op::kAddDuration ? 1 : -1;
  const graph::Duration& duration = by.as_duration();
  const calendar::Zone& zone = journey_zone(asker);
  const base::Instant begin =
      from.kind() == Kind::kDate ? zone.to_instant({from.as_date().days, 0}) : from.as_timestamp();
  const auto moved = calendar::add(zone, begin, sign * duration.months, sign * duration.days,
                                   sign * duration.millis);
  return moved ? Value(*moved) : Value();
}

// The events that a `collect` has gathered by now, in the order in which they came.
std::vector<const Event*> gathered(const Asker& asker, graph::StepIndex index) {
  std::vector<const Event*> out;
  const auto known = asker.enrolled->gathered.find(index);
  if (known == asker.enrolled->gathered.end()) return out;
  for (const std::size_t number : known->second) out.push_back(&asker.person.events()[number]);
  return out;
}

Value local(const Asker& asker, std::uint32_t slot) {
  for (graph::StepIndex i = 0; i < asker.graph.steps.size(); ++i) {
    const auto* step = std::get_if<graph::Collect>(&asker.graph.steps[i].action);
    if (step == nullptr || (slot != step->slot && slot != step->slot + 1)) continue;
    std::vector<const Event*> events = gathered(asker, i);
    if (slot == step->slot + 1) return integer(events.size());
    if (events.size() > step->keep) {
      events.erase(events.begin(), events.end() - static_cast<std::ptrdiff_t>(step->keep));
    }
    graph::List list;
    for (const Event* event : events) list.push_back(as_object(*event));
    return Value(std::move(list));
  }
  return asker.enrolled->locals[slot];
}

Value field_of(const Fields& fields, std::string_view name) {
  return graph::find_field(fields, name);
}

std::optional<Value> leaf(const Asker& asker, const Expression& node) {
  switch (node.op) {
    case Op::kConstant:
      return node.constant;
    case Op::kUserField:
      return asker.person.field(node.name);
    case Op::kEntryField:
      return field_of(asker.entry->fields, asker.graph.entry_fields[node.slot]);
    case Op::kEventField:
      return field_of(asker.event->fields, node.name);
    case Op::kLocal:
      return local(asker, node.slot);
    case Op::kNow:
      return Value(asker.now);
    case Op::kEntryCreatedAt:
      return Value(asker.entry->created_at);
    case Op::kEventCreatedAt:
      return Value(asker.event->created_at);
    case Op::kItem:
      return *asker.item;
    default:
      return std::nullopt;
  }
}

std::optional<Value> logic(const Asker& asker, const Expression& node) {
  const auto asks = [&](ExprId each) { return holds(asker, each); };
  switch (node.op) {
    case Op::kNot:
      return Value(!asks(node.arguments[0]));
    case Op::kAnd:
      return Value(std::ranges::all_of(node.arguments, asks));
    case Op::kOr:
      return Value(std::ranges::any_of(node.arguments, asks));
    case Op::kIf:
      return answer(asker, node.arguments[asks(node.arguments[0]) ? 1 : 2]);
    default:
      return std::nullopt;
  }
}

std::optional<Value> membership(const Asker& asker, const Expression& node) {
  const Person& person = asker.person;
  switch (node.op) {
    case Op::kSubscribedTo:
      return Value(person.is_subscribed(*person.world().catalog.find_message_type(node.name)));
    case Op::kInList:
      return Value(person.in_list(node.name));
    case Op::kInJourney:
    case Op::kLeftJourney:
      break;
    default:
      return std::nullopt;
  }
  return Value(std::ranges::any_of(person.enrolled(), [&](const Enrolled& enrolled) {
    if (person.world().journeys[enrolled.journey]->journey != node.name) return false;
    if (node.op == Op::kInJourney) return !enrolled.exit.has_value();
    if (!enrolled.exit || (!node.names.empty() && *enrolled.exit != node.names[0])) return false;
    return node.window.kind != Window::Kind::kWithin ||
           enrolled.ended >= asker.now - node.window.within;
  }));
}

Value compare(Op op, const std::vector<Value>& values) {
  const auto ordered = order(values[0], values[1]);
  switch (op) {
    case Op::kEqual:
      return Value(equal(values[0], values[1]));
    case Op::kNotEqual:
      return Value(!equal(values[0], values[1]));
    case Op::kLess:
      return Value(ordered && *ordered < 0);
    case Op::kLessEqual:
      return Value(ordered && *ordered <= 0);
    case Op::kGreater:
      return Value(ordered && *ordered > 0);
    default:
      return Value(ordered && *ordered >= 0);
  }
}

Value make_object(const Expression& node, const std::vector<Value>& values) {
  std::map<std::string, Value> fields;
  for (std::size_t i = 0; i < values.size(); ++i) fields[node.names[i]] = values[i];
  return Value(graph::Object(fields.begin(), fields.end()));
}

Value of_texts(Op op, const std::vector<Value>& values) {
  if (op == Op::kConcat) {
    std::string out;
    for (const Value& value : values) out += text_of(value);
    return Value(std::move(out));
  }
  if (values[0].is_missing() || values[1].is_missing()) return Value(false);
  return Value(op == Op::kStartsWith ? values[0].as_string().starts_with(values[1].as_string())
                                     : values[0].as_string().ends_with(values[1].as_string()));
}

Value difference(const Value& a, const Value& b) {
  if (a.is_missing() || b.is_missing()) return {};
  return Value(graph::Duration{0, 0, (a.as_timestamp() - b.as_timestamp()).count});
}

Value of_values(const Asker& asker, const Expression& node, const std::vector<Value>& values) {
  switch (node.op) {
    case Op::kEqual:
    case Op::kNotEqual:
    case Op::kLess:
    case Op::kLessEqual:
    case Op::kGreater:
    case Op::kGreaterEqual:
      return compare(node.op, values);
    case Op::kIn:
      return Value(std::any_of(values.begin() + 1, values.end(),
                               [&](const Value& each) { return equal(values[0], each); }));
    case Op::kContains:
      return Value(contains(values[0], values[1]));
    case Op::kStartsWith:
    case Op::kEndsWith:
    case Op::kConcat:
      return of_texts(node.op, values);
    case Op::kMatches:
      // Patterns of the generators, which are the same in both dialects.
      return Value(values[0].kind() == Kind::kString &&
                   std::regex_search(values[0].as_string(), std::regex(node.constant.as_string())));
    case Op::kIsSet:
      return Value(!values[0].is_missing());
    case Op::kDefault:
      return values[0].is_missing() ? values[1] : values[0];
    case Op::kAdd:
    case Op::kSubtract:
    case Op::kMultiply:
    case Op::kDivide:
      return calculate(node.op, values[0], values[1]);
    case Op::kNegate:
      return calculate(Op::kSubtract, Value(std::int64_t{0}), values[0]);
    case Op::kDifference:
      return difference(values[0], values[1]);
    case Op::kDate:
    case Op::kWeekday:
    case Op::kYear:
    case Op::kMonth:
    case Op::kDay:
    case Op::kDaysBetween:
      return day_question(asker, node.op, values);
    case Op::kList:
      return Value(graph::List(values));
    case Op::kObject:
      return make_object(node, values);
    case Op::kMember:
      if (values[0].is_missing()) return {};
      return graph::find_field(values[0].as_object(), node.name);
    default:
      return call_function(node.op, values);
  }
}

}  // namespace

bool happened_before(const Event& a, const Event& b) {
  return a.created_at != b.created_at ? a.created_at < b.created_at : a.order < b.order;
}

// What came before they entered is looked back at for a day.
bool is_looked_back_at(const Asker& asker, const Event& event) {
  if (asker.enrolled == nullptr || event.arrived_at > asker.enrolled->entered) return true;
  return event.created_at >= asker.enrolled->entered - base::hours(24);
}

bool lies_in(const Asker& asker, const Window& window, const Event& event) {
  switch (window.kind) {
    case Window::Kind::kAll:
      return true;
    case Window::Kind::kWithin:
      return event.created_at >= asker.now - window.within;
    case Window::Kind::kSinceEntry:
      return happened_before(*asker.entry, event) && is_looked_back_at(asker, event);
    case Window::Kind::kBeforeEntry:
      return happened_before(event, *asker.entry);
    case Window::Kind::kSinceStep: {
      const Visit* visit = last_visit(*asker.enrolled, asker.graph, window.since_step);
      return visit != nullptr && event.created_at >= visit->at;
    }
    case Window::Kind::kThisEnrollment: {
      const Value number = graph::find_field(event.fields, graph::kEnrollmentField);
      return number.is_missing() || equal(number, Value(asker.enrolled->number));
    }
  }
  return false;
}

Value answer(const Asker& asker, ExprId expression) {
  const Expression& node = asker.graph.expressions[expression];
  if (auto value = leaf(asker, node)) return *value;
  if (auto value = logic(asker, node)) return *value;
  if (auto value = membership(asker, node)) return *value;
  if (graph::asks_history(node.op)) return Question(asker, node).of_events();
  if (graph::asks_list(node.op)) return Question(asker, node).of_items();
  if (node.op == Op::kAddDuration || node.op == Op::kSubtractDuration) {
    return move_time(asker, node);
  }
  std::vector<Value> values;
  for (const ExprId each : node.arguments) values.push_back(answer(asker, each));
  return of_values(asker, node, values);
}

bool holds(const Asker& asker, ExprId condition) {
  const Value value = answer(asker, condition);
  return value.kind() == Kind::kBoolean && value.as_boolean();
}

const calendar::Zone& journey_zone(const Asker& asker) {
  return asker.zone != nullptr ? *asker.zone : zone_of(asker, asker.graph.zone_chain);
}

const calendar::Zone& zone_of(const Asker& asker, const std::vector<ExprId>& chain) {
  for (const ExprId link : chain) {
    const Value name = answer(asker, link);
    if (name.kind() != Kind::kString) continue;
    if (const auto* zone = asker.person.world().zones.find(name.as_string())) return *zone;
  }
  SOJOURN_CHECK(false, "the last link of a zone chain is a zone");
  return *asker.person.world().zones.find("UTC");
}

}  // namespace sojourn::oracle
