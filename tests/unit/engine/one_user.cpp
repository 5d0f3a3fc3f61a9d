#include "tests/unit/engine/one_user.h"

#include <algorithm>
#include <fmt/core.h>
#include <utility>

#include "base/check.h"
#include "graph/expression_text.h"

namespace sojourn::engine::test {
namespace {

constexpr std::int32_t kHour = 3600;

struct Describe {
  const graph::Graph& graph;
  std::string name(graph::StepIndex step) const {
    return step == graph::kCompleted ? "nowhere" : graph.steps[step].identity;
  }
  std::string operator()(const PlanSend& e) const {
    return fmt::format("send {} {}", name(e.step), e.occurrence);
  }
  std::string operator()(const CancelSend& e) const {
    return fmt::format("cancel {} {}", name(e.step), e.occurrence);
  }
  std::string operator()(const ChangeProfile& e) const {
    return fmt::format("update {} {}", name(e.step), e.occurrence);
  }
  std::string operator()(const TrackEvent& e) const {
    return fmt::format("track {} {}", e.event, e.occurrence);
  }
  std::string operator()(const CallWebhook& e) const {
    return fmt::format("call {} {} {}", e.webhook, e.occurrence,
                       graph::to_string(graph::Value(graph::Object(e.fields))));
  }
  std::string operator()(const ChangeList& e) const {
    return fmt::format("{} {} {}", e.joins ? "add to" : "remove from", e.list, e.occurrence);
  }
  std::string operator()(const ChangeSubscription& e) const {
    return fmt::format("{} {} {}", e.subscribes ? "subscribe to" : "unsubscribe from",
                       e.message_type, e.occurrence);
  }
  std::string operator()(const StartJourney& e) const { return "start " + e.journey; }
  std::string operator()(const Note& e) const {
    switch (e.kind) {
      case Note::Kind::kReached:
        return {};
      case Note::Kind::kBranch:
        return fmt::format("{} -> {}", name(e.step), e.text);
      case Note::Kind::kRungBegun:
        return {};
      case Note::Kind::kRungSkipped:
        return fmt::format("skip rung {}", e.number);
      case Note::Kind::kExited:
        return fmt::format("exit {}", e.text);
    }
    return {};
  }
};

}  // namespace

base::Instant instant(std::string_view text) {
  const auto t = base::parse_timestamp(text);
  SOJOURN_CHECK(t.has_value(), "a test writes timestamps that can be read");
  return *t;
}

const graph::Value& TestProfile::field(std::string_view name) const {
  static const graph::Value kMissing;
  if (const auto it = fields.find(name); it != fields.end()) return it->second;
  const auto fallback = fallbacks.find(name);
  return fallback == fallbacks.end() ? kMissing : fallback->second;
}

graph::Value TestProfile::cleared(std::string_view name) const {
  const auto fallback = fallbacks.find(name);
  return fallback == fallbacks.end() ? graph::Value() : fallback->second;
}

TestZones::TestZones() {
  zones_.emplace_back("UTC", 0, std::vector<calendar::Zone::Transition>{});
  zones_.emplace_back("Asia/Tokyo", 9 * kHour, std::vector<calendar::Zone::Transition>{});
  zones_.emplace_back(
      "Europe/Berlin", kHour,
      std::vector<calendar::Zone::Transition>{{instant("2026-03-29T01:00Z"), 2 * kHour},
                                              {instant("2026-10-25T01:00Z"), kHour}});
  zones_.emplace_back(
      "America/New_York", -5 * kHour,
      std::vector<calendar::Zone::Transition>{{instant("2026-03-08T07:00Z"), -4 * kHour},
                                              {instant("2026-11-01T06:00Z"), -5 * kHour}});
}

const calendar::Zone* TestZones::find(std::string_view name) {
  const auto it = std::ranges::find(zones_, name, &calendar::Zone::name);
  return it == zones_.end() ? nullptr : &*it;
}

void TestZones::replace(calendar::Zone zone, std::string new_version) {
  *std::ranges::find(zones_, zone.name(), &calendar::Zone::name) = std::move(zone);
  version = std::move(new_version);
}

OneUser::OneUser(graph::Graph graph) : graph_(std::move(graph)) {}

const EventFact& OneUser::add_event(std::string name, std::vector<graph::Field> fields,
                                    std::optional<base::Instant> created_at) {
  history.push_back({.number = history.size() + 1,
                     .name = std::move(name),
                     .created_at = created_at.value_or(now),
                     .arrived_at = now,
                     .fields = std::move(fields)});
  return history.back();
}

void OneUser::enters(std::vector<graph::Field> fields) {
  const EventFact event = add_event("signup", std::move(fields));
  keep(enter(graph_, graph::Version{1, 2}, id, 1, base::Hash128{3, 4}, facts(), event, now));
}

void OneUser::event(std::string name, std::vector<graph::Field> fields,
                    std::optional<base::Instant> created_at) {
  const EventFact fact = add_event(std::move(name), std::move(fields), created_at);
  take(EventArrived{fact});
}

void OneUser::change(std::string field, graph::Value value) {
  if (value.is_missing()) {
    profile.fields.erase(field);
  } else {
    profile.fields[std::move(field)] = std::move(value);
  }
  take(ProfileChanged{});
}

void OneUser::wakes() {
  take(TimerDue{});
}

void OneUser::passes_until(std::string_view text) {
  const base::Instant until = test::instant(text);
  while (enrollment->next_due() && *enrollment->next_due() <= until) {
    now = std::max(now, *enrollment->next_due());
    wakes();
  }
  now = until;
}

void OneUser::delivered(DeliveryEnded::Result result) {
  const auto& sends = enrollment->sends;
  const auto count = std::ranges::find(sends, enrollment->at, &SendCount::step);
  SOJOURN_CHECK(count != sends.end(), "the user waits for a delivery");
  take(DeliveryEnded{enrollment->at, count->times, result, {}});
}

void OneUser::take(const Input& input) {
  keep(advance(graph_, std::move(*enrollment), facts(), input, now));
}

void OneUser::keep(Advanced advanced) {
  enrollment = std::move(advanced.enrollment);
  last_ = std::move(advanced.effects);
  for (const Effect& effect : last_) {
    const auto* note = std::get_if<Note>(&effect);
    if (note != nullptr && note->kind == Note::Kind::kReached) {
      path_.push_back(graph_.steps[note->step].identity);
    }
    const std::string text = std::visit(Describe{graph_}, effect);
    if (!text.empty()) log_ += (log_.empty() ? "" : "; ") + text;
  }
}

std::string OneUser::place() const {
  return enrollment->exit_reason ? "ended: " + *enrollment->exit_reason
                                 : graph_.steps[enrollment->at].identity;
}

std::string OneUser::due() const {
  const auto due = enrollment->next_due();
  return due ? base::to_iso8601(*due) : "none";
}

std::string OneUser::effects() {
  return std::exchange(log_, {});
}

SendDecision OneUser::decides(const SendPolicy& policy) {
  return decide_send(graph_, *enrollment, enrollment->at, policy, facts(), now);
}

}  // namespace sojourn::engine::test
