#include "proof/value_flow.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "graph/walk.h"
#include "proof/constant_condition.h"

namespace sojourn::proof {

using graph::ConditionArm;
using graph::EventArm;
using graph::ExprId;
using graph::kNoExpr;
using graph::StepIndex;
using Root = Path::Root;

namespace {

ValueSet field_of(const graph::EventType* event, std::string_view field) {
  if (event == nullptr) return ValueSet::anything();
  const auto found = std::ranges::find(event->fields, field, &graph::TypedField::name);
  return found == event->fields.end() ? ValueSet::anything() : ValueSet::of(found->type);
}

}  // namespace

// What a step does to what is known, and where it then goes.
struct FlowOfStep {
  ValueFlow& flow;
  StepIndex at;
  KnownValues known;

  void operator()(const graph::Branch& step) {
    flow.decides_[at] = false;
    for (const ConditionArm& arm : step.arms) {
      if (flow.is_switch(arm.condition)) {
        flow.arrive(arm.next, known);
        continue;
      }
      Outcomes ways = decide(arm.condition);
      if (ways.yes) flow.arrive(arm.next, std::move(*ways.yes));
      if (!ways.no) return;
      known = std::move(*ways.no);
    }
    flow.arrive(step.otherwise, std::move(known));
  }

  void operator()(const graph::WaitFor& step) {
    flow.decides_[at] = false;
    flow.rest(known);
    for (const auto& arm : step.arms) std::visit([&](const auto& any) { take(any); }, arm);
    flow.arrive(step.timeout, std::move(known));
  }

  void operator()(const graph::Let& step) {
    ValueSet value = flow.assumptions_.value_of(known, step.value);
    forget_local(step.slot);
    const PathIndex path = flow.paths_.find_local(step.slot, {});
    if (path != kNoPath) known.set(path, std::move(value));
    flow.arrive(step.next, std::move(known));
  }

  void operator()(const graph::UpdateUser& step) { write(step.next); }
  void operator()(const graph::ChangeList& step) { write(step.next); }
  void operator()(const graph::ChangeSubscription& step) { write(step.next); }

  void operator()(const graph::Track& step) { flow.arrive(step.next, std::move(known)); }
  void operator()(const graph::Split& step) {
    for (const graph::SplitArm& arm : step.arms) flow.arrive(arm.next, known);
  }
  void operator()(const graph::Exit&) {}

  // It may be left for having gone round often enough.
  void operator()(const graph::Repeat& step) {
    flow.decides_[at] = false;
    flow.arrive(step.next, known);
    if (step.until == kNoExpr || flow.is_switch(step.until)) {
      return flow.arrive(step.body, std::move(known));
    }
    Outcomes ways = decide(step.until);
    if (ways.no) flow.arrive(step.body, std::move(*ways.no));
  }

  void operator()(const graph::Call& step) {
    flow.rest(known);
    if (step.bind) forget_local(*step.bind);
    flow.arrive(step.next, known);
    flow.arrive(step.otherwise, std::move(known));
  }

  // The others take time and look at nothing that is known.
  template <typename Resting>
  void operator()(const Resting&) {
    flow.rest(known);
    for (const graph::Edge& edge : graph::edges_of(flow.graph_.steps[at])) {
      flow.arrive(edge.to, known);
    }
  }

  void write(StepIndex next) {
    flow.write(known, flow.graph_.steps[at]);
    if (flow.assume_no_exit(known)) flow.arrive(next, std::move(known));
  }

  Outcomes decide(ExprId condition) {
    Outcomes ways = flow.assumptions_.decide(known, condition);
    if (!ways.yes || !ways.no) flow.decides_[at] = true;
    return ways;
  }

  void take(const ConditionArm& arm) {
    if (flow.is_switch(arm.condition)) return flow.arrive(arm.next, known);
    Outcomes ways = decide(arm.condition);
    if (ways.yes) flow.arrive(arm.next, std::move(*ways.yes));
  }

  void take(const EventArm& arm) {
    KnownValues taken = flow.with_event(known, arm.event);
    if (arm.where != kNoExpr && !flow.is_switch(arm.where) &&
        !flow.assumptions_.assume(taken, arm.where, true)) {
      flow.decides_[at] = true;
      return;
    }
    if (arm.bind) bind(taken, *arm.bind);
    flow.rest(taken);
    flow.arrive(arm.next, std::move(taken));
  }

  void forget_local(std::uint32_t slot) {
    known.forget_if([&](PathIndex place) {
      const Path& path = flow.paths_[place];
      return path.root == Root::kLocal && path.slot == slot;
    });
  }

  // The local is the event, and so are its fields.
  void bind(KnownValues& taken, std::uint32_t slot) const {
    const PathIndex local = flow.paths_.find_local(slot, {});
    if (local == kNoPath) return;
    taken.forget_if([&](PathIndex place) { return flow.paths_.is_within(place, local); });
    taken.set(local, ValueSet::set());
    for (const Known& event : std::vector<Known>(taken.all())) {
      const Path& path = flow.paths_[event.path];
      if (path.root != Root::kEvent || path.inside != kNoPath) continue;
      const PathIndex field = flow.paths_.find_local(slot, path.field);
      if (field != kNoPath) taken.set(field, *event.values, event.because);
    }
  }
};

ValueFlow::ValueFlow(const graph::Graph& graph, const graph::Catalog& catalog)
    : graph_(graph),
      catalog_(catalog),
      paths_(graph),
      assumptions_(graph, catalog, paths_),
      at_(graph.steps.size()),
      visits_(graph.steps.size(), 0),
      open_(graph.steps.size(), false),
      decides_(graph.steps.size(), false) {
  find_what_changes();
  judge_entries();
  judge_exits();
  flow();
}

bool ValueFlow::takes_new_entry() const {
  return graph_.while_enrolled.kind == graph::WhileEnrolled::Kind::kUpdate;
}

void ValueFlow::find_what_changes() {
  std::vector<bool> gathered(std::size_t{graph_.local_count} + 1, false);  // by slot
  for (const graph::Step& step : graph_.steps) {
    const auto* collect = std::get_if<graph::Collect>(&step.action);
    if (collect == nullptr) continue;
    gathered.at(collect->slot) = true;
    gathered.at(std::size_t{collect->slot} + 1) = true;
  }
  changes_.resize(paths_.size());
  for (PathIndex i = 0; i < paths_.size(); ++i) {
    const Root root = paths_[i].root;
    changes_[i] = paths_[i].is_of_person() || root == Root::kEvent ||
                  (root == Root::kEntry && takes_new_entry()) ||
                  (root == Root::kLocal && gathered.at(paths_[i].slot));
  }
}

bool ValueFlow::fires_at_once(const graph::ExitWhen& rule) const {
  return rule.held == base::Millis{} && !is_switch(rule.condition);
}

bool ValueFlow::is_switch(ExprId condition) const {
  return constant_truth(graph_, condition).has_value();
}

Verdict ValueFlow::judge(KnownValues known, ExprId condition) const {
  Verdict out;
  if (condition == kNoExpr) {
    out.can_fail = false;
  } else if (is_switch(condition)) {
    out.is_switch = true;
  } else {
    const Outcomes ways = assumptions_.decide(known, condition);
    out.can_hold = ways.yes.has_value();
    out.can_fail = ways.no.has_value();
  }
  out.before = std::move(known);
  return out;
}

KnownValues ValueFlow::with_event(KnownValues known, std::string_view event) const {
  const graph::EventType* type = catalog_.find_event(event);
  for (PathIndex i = 0; i < paths_.size(); ++i) {
    if (paths_[i].root != Root::kEvent || paths_[i].inside != kNoPath) continue;
    known.set(i, field_of(type, paths_[i].field));
  }
  return known;
}

KnownValues ValueFlow::entry_of(const KnownValues& known, std::string_view event) const {
  const graph::EventType* type = catalog_.find_event(event);
  KnownValues out;
  for (PathIndex i = 0; i < paths_.size(); ++i) {
    if (paths_[i].root != Root::kEntry || paths_[i].inside != kNoPath) continue;
    const PathIndex field = paths_.find(Root::kEvent, paths_[i].field);
    const Known* told = field == kNoPath ? nullptr : known.find(field);
    if (told != nullptr) {
      out.set(i, *told->values, told->because);
    } else {
      out.set(i, field_of(type, paths_[i].field));
    }
  }
  return out;
}

void ValueFlow::judge_entries() {
  for (const graph::EventEntry& entry : graph_.entries) {
    KnownValues known = with_event({}, entry.event);
    const Verdict& verdict = entries_.emplace_back(judge(known, entry.where));
    if (!verdict.can_hold) continue;
    if (entry.where != kNoExpr && !verdict.is_switch) {
      assumptions_.assume(known, entry.where, true);
    }
    KnownValues fields = entry_of(known, entry.event);
    entered_ = entered_ ? joined(*entered_, fields) : std::move(fields);
  }
}

void ValueFlow::judge_exits() {
  KnownValues known = entered_.value_or(KnownValues());
  for (std::size_t i = 0; i < graph_.exits.size(); ++i) {
    if (const auto* rule = std::get_if<graph::ExitWhen>(&graph_.exits[i])) {
      exits_.push_back(judge(known, rule->condition));
      // Who stays long enough for a rule with `for` has not left by it yet.
      if (!fires_at_once(*rule)) exits_.back().can_fail = true;
      if (fires_at_once(*rule)) assumptions_.assume(known, rule->condition, false);
      continue;
    }
    const auto& rule = std::get<graph::ExitOnEvent>(graph_.exits[i]);
    KnownValues here = with_event(known, rule.event);
    bool is_left = true;
    for (std::size_t j = 0; j < i && is_left; ++j) {
      const auto* earlier = std::get_if<graph::ExitOnEvent>(&graph_.exits[j]);
      if (earlier == nullptr || earlier->event != rule.event) continue;
      if (earlier->where == kNoExpr) is_left = false;
      if (earlier->where == kNoExpr || is_switch(earlier->where)) continue;
      is_left = assumptions_.assume(here, earlier->where, false);
    }
    Verdict& verdict = exits_.emplace_back(judge(std::move(here), rule.where));
    if (!is_left) verdict.can_hold = false;
  }
}

bool ValueFlow::assume_no_exit(KnownValues& known) const {
  return std::ranges::all_of(graph_.exits, [&](const auto& exit) {
    const auto* rule = std::get_if<graph::ExitWhen>(&exit);
    return rule == nullptr || !fires_at_once(*rule) ||
           assumptions_.assume(known, rule->condition, false);
  });
}

void ValueFlow::rest(KnownValues& known) const {
  known.forget_if([&](PathIndex path) { return changes_[path]; });
  known.add(rested_);
}

void ValueFlow::arrive(StepIndex step, KnownValues known) {
  if (step == graph::kCompleted) return;
  std::optional<KnownValues>& here = at_[step];
  if (here) {
    KnownValues both = joined(*here, known);
    if (same_values(both, *here)) return;
    if (++visits_[step] > kMostVisits) both = KnownValues();
    known = std::move(both);
  }
  here = std::move(known);
  open_[step] = true;
}

void ValueFlow::flow() {
  if (!entered_) return;
  KnownValues known = *entered_;
  if (!assume_no_exit(known)) return;
  rested_ = known;
  rested_.forget_if([&](PathIndex path) { return !changes_[path]; });
  arrive(graph_.first, std::move(known));
  // Steps mostly lead to later ones.
  while (true) {
    const auto next = std::find(open_.begin(), open_.end(), true);
    if (next == open_.end()) return;
    const auto step = static_cast<StepIndex>(next - open_.begin());
    open_[step] = false;
    std::visit(FlowOfStep{*this, step, *at_[step]}, graph_.steps[step].action);
  }
}

void ValueFlow::write(KnownValues& known, const graph::Step& step) const {
  if (const auto* update = std::get_if<graph::UpdateUser>(&step.action)) {
    write_fields(known, *update);
  } else if (const auto* list = std::get_if<graph::ChangeList>(&step.action)) {
    write_membership(known, paths_.find(Root::kOnList, list->list), list->joins);
  } else if (const auto* change = std::get_if<graph::ChangeSubscription>(&step.action)) {
    for (const std::string& name : change->message_types) {
      const graph::MessageType* type = catalog_.find_message_type(name);
      // Nobody is subscribed by being asked.
      if (type == nullptr || (change->subscribes && graph::is_asked_first(*type))) continue;
      write_membership(known, paths_.find(Root::kSubscribed, name), change->subscribes);
    }
  }
}

void ValueFlow::write_membership(KnownValues& known, PathIndex path, bool belongs) const {
  if (path == kNoPath) return;
  known.set(path, ValueSet::just(graph::Value(belongs)));
}

void ValueFlow::write_fields(KnownValues& known, const graph::UpdateUser& step) const {
  const graph::Expression& object = graph_.expressions[step.fields];
  const KnownValues before = known;
  for (std::size_t i = 0; i < object.names.size(); ++i) {
    const PathIndex path = paths_.find(Root::kUser, object.names[i]);
    if (path == kNoPath) continue;
    known.forget_if([&](PathIndex place) { return paths_.is_within(place, path); });
    ValueSet value = assumptions_.value_of(before, object.arguments[i]);
    // What is cleared reads as its declaration says.
    const ValueSet declared = assumptions_.value_at(known, path);
    if (value.may_be_missing() && !declared.may_be_missing()) value = united(value, declared);
    known.set(path, common(value, declared), object.arguments[i]);
  }
}

}  // namespace sojourn::proof
