// What time alone brings: ends of waits, dates, conditions that read the clock.
#include <algorithm>

#include "base/check.h"
#include "tests/oracle/moments.h"
#include "tests/oracle/person.h"

namespace sojourn::oracle {
namespace {

using graph::Value;

// Between two inputs; more would go on for ever.
constexpr int kMostHappenings = 20'000;

bool reads_days(const graph::Graph& graph) {
  return std::ranges::any_of(graph.expressions, [](const graph::Expression& node) {
    switch (node.op) {
      case graph::Op::kDate:
      case graph::Op::kWeekday:
      case graph::Op::kYear:
      case graph::Op::kMonth:
      case graph::Op::kDay:
      case graph::Op::kDaysBetween:
        return true;
      default:
        return false;
    }
  });
}

}  // namespace

// Every instant at which the answer to a question may change without anything happening:
// moments that are known, as far away as some length of time in the text, and midnights.
class Candidates {
 public:
  Candidates(const Person& person, base::Instant until) : person_(person), until_(until) {
    gather_lengths();
    for (const Event& event : person.events_) {
      around(event.created_at);
      for (const auto& [name, value] : event.fields) around(value);
    }
    for (const auto& [name, value] : person.profile_) around(value);
    for (const Enrolled& enrolled : person.enrolled_) {
      around(enrolled.entry.created_at);
      for (const Value& value : enrolled.locals) around(value);
      for (const Visit& visit : enrolled.visits) around(visit.at);
      if (enrolled.exit) around(enrolled.ended);
    }
    for (std::size_t i = 0; i < person.world_.journeys.size(); ++i) {
      const graph::Graph& graph = *person.world_.journeys[i];
      for (const graph::Expression& node : graph.expressions) around(node.constant);
      if (reads_days(graph)) midnights(i);
    }
    std::ranges::sort(instants_);
    const auto same = std::ranges::unique(instants_);
    instants_.erase(same.begin(), same.end());
  }

  const std::vector<base::Instant>& instants() const { return instants_; }

 private:
  void gather_lengths() {
    lengths_.push_back({});
    for (const graph::Graph* graph : person_.world_.journeys) {
      for (const graph::Expression& node : graph->expressions) {
        if (node.window.within.count > 0) lengths_.push_back({0, 0, node.window.within.count});
        if (node.constant.kind() != Value::Kind::kDuration) continue;
        const graph::Duration& length = node.constant.as_duration();
        lengths_.push_back(length);
        lengths_.push_back({0, 0, length.millis + length.days * 86'400'000LL});
      }
    }
    std::ranges::sort(lengths_, [](const auto& a, const auto& b) {
      return std::tie(a.months, a.days, a.millis) < std::tie(b.months, b.days, b.millis);
    });
    const auto same = std::ranges::unique(lengths_);
    lengths_.erase(same.begin(), same.end());
  }

  void around(const Value& value) {
    if (value.kind() == Value::Kind::kTimestamp) around(value.as_timestamp());
    if (value.kind() == Value::Kind::kList) {
      for (const Value& item : value.as_list()) around(item);
    }
    if (value.kind() == Value::Kind::kObject) {
      for (const auto& [name, field] : value.as_object()) around(field);
    }
  }

  void around(base::Instant at) {
    for (const graph::Duration& length : lengths_) {
      for (const bool before : {false, true}) {
        const base::Millis elapsed{length.millis + length.days * 86'400'000LL};
        add(before ? at - elapsed : at + elapsed);
      }
    }
  }

  // Just after it as well, where a thing that long ago is outside a window.
  void add(base::Instant at) {
    for (const base::Millis more : {base::Millis{0}, base::Millis{1}}) {
      if (at + more > person_.now_ && at + more < until_) instants_.push_back(at + more);
    }
  }

  // In the zone of the journey, as somebody has it now.
  void midnights(std::size_t journey) {
    const Asker asks = person_.asker_of_nobody(journey, nullptr);
    const calendar::Zone& zone = zone_of(asks, asks.graph.zone_chain);
    const std::int32_t today = zone.to_local(person_.now_).day;
    for (std::int32_t day = today; zone.to_instant({day, 0}) < until_; ++day) {
      add(zone.to_instant({day, 0}));
    }
  }

  const Person& person_;
  base::Instant until_;
  std::vector<graph::Duration> lengths_;
  std::vector<base::Instant> instants_;
};

// When the step where it waits is over by itself.
std::optional<base::Instant> Person::due_of(const Enrolled& enrolled) const {
  if (enrolled.place) return enrolled.place;
  const graph::Step& step = graph_of(enrolled).steps[enrolled.at];
  const Asker asks = asker(enrolled);
  const base::Instant reached = enrolled.visits.back().at;
  if (const auto* wait = std::get_if<graph::WaitFor>(&step.action)) return reached + wait->up_to;
  if (const auto* collect = std::get_if<graph::Collect>(&step.action)) {
    return reached + collect->length;
  }
  if (const auto* call = std::get_if<graph::Call>(&step.action)) return reached + call->up_to;
  if (!enrolled.aim.is_set) return std::nullopt;
  const calendar::Zone& zone = zone_of(asks, asks.graph.zone_chain);
  const bool moved = enrolled.aim.local && zone.name() != enrolled.aim.zone;
  return moved ? zone.to_instant(*enrolled.aim.local) : enrolled.aim.at;
}

// The first instant at which a wait ends, a rule has held for long enough, a message is to
// be looked at again, or a date comes.
std::optional<base::Instant> Person::next_timer() const {
  std::optional<base::Instant> first;
  const auto at = [&](base::Instant due) {
    if (!first || due < *first) first = std::max(due, now_);
  };
  for (const Enrolled& enrolled : enrolled_) {
    if (enrolled.exit) continue;
    if (const auto due = due_of(enrolled)) at(*due);
    const graph::Graph& graph = graph_of(enrolled);
    for (std::size_t i = 0; i < graph.exits.size(); ++i) {
      const auto* when = std::get_if<graph::ExitWhen>(&graph.exits[i]);
      if (when != nullptr && enrolled.held_since[i]) at(*enrolled.held_since[i] + when->held);
    }
  }
  for (const Planned& planned : planned_) at(planned.due);
  for (const Watched& watched : watched_) {
    if (watched.coming) at(*watched.coming);
  }
  return first;
}

// All conditions that somebody waits for, as they were or will be then.
std::vector<bool> Person::truths(base::Instant then) const {
  std::vector<bool> out;
  for (const Enrolled& enrolled : enrolled_) {
    if (enrolled.exit) continue;
    const graph::Graph& graph = graph_of(enrolled);
    Asker asks = asker(enrolled);
    asks.now = then;
    for (const auto& rule : graph.exits) {
      const auto* when = std::get_if<graph::ExitWhen>(&rule);
      if (when != nullptr) out.push_back(holds(asks, when->condition));
    }
    if (enrolled.place) continue;
    const auto* wait = std::get_if<graph::WaitFor>(&graph.steps[enrolled.at].action);
    if (wait == nullptr) continue;
    for (const auto& arm : wait->arms) {
      const auto* when = std::get_if<graph::ConditionArm>(&arm);
      if (when != nullptr) out.push_back(holds(asks, when->condition));
    }
  }
  for (const Watched& watched : watched_) {
    const auto* when = std::get_if<graph::WhenEntry>(&watched.entry->rule);
    if (when == nullptr) continue;
    Asker asks = asker_of_nobody(watched.journey, nullptr);
    asks.now = then;
    out.push_back(holds(asks, when->condition));
  }
  return out;
}

std::optional<base::Instant> Person::next_flip(base::Instant until) const {
  const std::vector<bool> now = truths(now_);
  if (now.empty()) return std::nullopt;
  const Candidates candidates(*this, until);
  for (const base::Instant at : candidates.instants()) {
    if (truths(at) != now) return at;
  }
  return std::nullopt;
}

void Person::run_until(base::Instant until) {
  for (int happenings = 0;; ++happenings) {
    SOJOURN_CHECK(happenings < kMostHappenings, "a life goes on");
    // What comes by itself at an instant comes before an answer of that instant.
    const auto answer = next_answer();
    const bool answered = answer != calls_.end() && answer->due <= until;
    const base::Instant end = answered ? answer->due : until;
    const auto timer = next_timer();
    const bool timer_in_time = timer && *timer <= end;
    const auto flip = next_flip(timer_in_time ? *timer : end + base::Millis{1});
    if (flip || timer_in_time) {
      come_due(flip ? *flip : *timer);
    } else if (answered) {
      take_answer(answer);
    } else {
      break;
    }
  }
  now_ = std::max(now_, until);
}

// Dates and conditions that start something come first, then the enrollments, and messages
// that were put off after what happens by itself.
void Person::come_due(base::Instant at) {
  now_ = at;
  look_at_watches();
  if (!caused_.empty()) {
    work_off();
    deliver_all();
  }
  for (std::size_t i = 0; i < enrolled_.size(); ++i) {
    if (enrolled_[i].exit) continue;
    const std::size_t visits = enrolled_[i].visits.size();
    const graph::StepIndex was_at = enrolled_[i].at;
    tell_enrolled(i, nullptr);
    work_off();
    const Enrolled& is = enrolled_[i];
    if (is.exit || is.at != was_at || is.visits.size() != visits) deliver_all();
  }
  deliver_all();
}

}  // namespace sojourn::oracle
