#include "tests/unit/proof/walker.h"

#include <algorithm>
#include <map>
#include <variant>

#include "engine/advance.h"
#include "proof/delay.h"
#include "tests/unit/engine/one_user.h"

namespace sojourn::proof::test {
namespace {

using engine::DeliveryEnded;
using engine::test::instant;
using graph::Value;

constexpr std::int32_t kHour = 3600;
constexpr int kMostInputs = 60;

// On list `vips` or not; of no journey.
class Member final : public engine::MembershipView {
 public:
  const graph::MessageType* message_type(std::string_view) const override { return nullptr; }
  bool in_list(std::string_view) const override { return on_list; }
  bool in_journey(std::string_view) const override { return false; }
  std::optional<base::Instant> left_at(std::string_view, std::string_view) const override {
    return {};
  }

  bool on_list = false;
};

class Walk {
 public:
  Walk(const graph::Graph& graph, WalkZones& zones, base::Random& random)
      : graph_(graph), zones_(zones), random_(random) {
    // Runs that hurry find the most messages, those that dawdle the latest end.
    haste_ = below(10) < 6 ? Haste::kHurry : below(2) == 0 ? Haste::kDawdle : Haste::kAny;
  }

  Walked run() {
    enter();
    for (int i = 0; i < kMostInputs && !enrollment_.exit_reason; ++i) {
      take_one();
      work_off();
    }
    if (enrollment_.exit_reason) {
      walked_.ended = enrollment_.arrived_at;
      walked_.reason = *enrollment_.exit_reason;
    }
    return std::move(walked_);
  }

 private:
  enum class Haste { kHurry, kDawdle, kAny };

  std::uint64_t below(std::uint64_t bound) { return base::random_below(random_, bound); }
  engine::Facts facts() {
    return {.profile = profile_, .history = history_, .zones = zones_, .memberships = &member_};
  }

  void enter() {
    constexpr std::array kStarts{"2026-03-06T00:00Z", "2026-03-27T00:00Z", "2026-10-23T00:00Z",
                                 "2026-01-30T00:00Z"};
    now_ = instant(kStarts[below(kStarts.size())]) +
           base::Millis{static_cast<std::int64_t>(below(2 * 86'400'000))};
    walked_.entered = now_;
    change_profile();
    engine::EventFact& event = add_event("signup");
    if (below(8) != 0) event.fields.emplace_back("t", Value(some_time()));
    const engine::EventFact entry = event;
    keep(engine::enter(graph_, {1, 2}, below(1000), 1, {3, 4}, facts(), entry, now_));
    work_off();
  }

  engine::EventFact& add_event(std::string name) {
    engine::EventFact event;
    event.number = history_.size() + 1;
    event.name = std::move(name);
    event.created_at = now_;
    event.arrived_at = now_;
    history_.push_back(std::move(event));
    return history_.back();
  }

  base::Instant some_time() {
    return now_ + base::Millis{static_cast<std::int64_t>(below(8 * 86'400'000)) - 2 * 86'400'000};
  }

  void change_profile() {
    profile_.fields["flag"] = Value(below(2) == 0);
    profile_.fields["other"] = Value(below(2) == 0);
    member_.on_list = below(2) == 0;
    // Sometimes just now, where what waits for it hurries most.
    profile_.fields["t"] = below(8) == 0   ? Value()
                           : below(3) == 0 ? Value(now_ + base::Millis{1})
                                           : Value(some_time());
  }

  void take(const engine::Input& input) {
    keep(engine::advance(graph_, std::move(enrollment_), facts(), input, now_));
  }

  void keep(engine::Advanced advanced) {
    enrollment_ = std::move(advanced.enrollment);
    for (engine::Effect& effect : advanced.effects) {
      if (const auto* note = std::get_if<engine::Note>(&effect)) {
        if (note->kind == engine::Note::Kind::kReached) walked_.reached.push_back(note->step);
      } else if (const auto* tracked = std::get_if<engine::TrackEvent>(&effect)) {
        tracked_.push_back(tracked->event);
      } else if (auto* change = std::get_if<engine::ChangeProfile>(&effect)) {
        for (auto& [name, value] : change->fields) profile_.fields[name] = std::move(value);
        profile_changed_ = true;
      } else if (const auto* list = std::get_if<engine::ChangeList>(&effect)) {
        member_.on_list = list->joins;
        profile_changed_ = true;
      }
    }
  }

  void work_off() {
    while (!enrollment_.exit_reason && (profile_changed_ || !tracked_.empty())) {
      if (std::exchange(profile_changed_, false)) {
        take(engine::ProfileChanged{});
        continue;
      }
      const std::string name = tracked_.front();
      tracked_.erase(tracked_.begin());
      arrive(name);
    }
  }

  void arrive(const std::string& name) {
    events_.push_back(name);
    const engine::EventFact event = add_event(name);
    take(engine::EventArrived{event});
  }

  // Something that comes from outside.
  void happen() {
    switch (below(8)) {
      case 0:
        return arrive("stop");
      case 1:
      case 2:
        return arrive("login");
      case 3:
      case 4:
        return arrive("click");
      default:
        change_profile();
        return take(engine::ProfileChanged{});
    }
  }

  // How much of `most` passes.
  base::Millis part_of(base::Millis most) {
    if (haste_ == Haste::kHurry && below(4) != 0) return base::Millis{0};
    if (haste_ == Haste::kDawdle && below(4) != 0) return most;
    return base::Millis{static_cast<std::int64_t>(
        below(static_cast<std::uint64_t>(std::max<std::int64_t>(most.count, 0)) + 1))};
  }

  void take_one() {
    const auto* send = std::get_if<graph::Send>(&graph_.steps[enrollment_.at].action);
    if (send != nullptr) return take_send(*send);
    const auto due = enrollment_.next_due();
    const bool quietly = below(haste_ == Haste::kDawdle ? 6 : 2) != 0;
    if (due && (quietly || *due <= now_)) {
      now_ = std::max(now_, *due);
      return take(engine::TimerDue{});
    }
    const base::Instant until = due.value_or(now_ + base::days24(2));
    now_ = now_ + part_of(until - now_);
    if (due && now_ >= *due) return take(engine::TimerDue{});
    happen();
  }

  void take_send(const graph::Send& send) {
    const base::Instant deadline =
        enrollment_.arrived_at + send.deadline.value_or(kDefaultDeadline);
    if (below(6) == 0) {
      now_ = now_ + part_of(deadline - now_);
      return happen();
    }
    now_ = now_ + part_of(deadline - now_);
    DeliveryEnded ended;
    ended.step = enrollment_.at;
    const auto count = std::ranges::find(enrollment_.sends, ended.step, &engine::SendCount::step);
    ended.occurrence = count->times;
    ended.result = result();
    if (ended.result == DeliveryEnded::Result::kAccepted) {
      walked_.sent.push_back({now_, ended.step, events_});
    }
    take(ended);
  }

  // As the engine decides at this moment, and then as chance will have it.
  DeliveryEnded::Result result() {
    engine::SendPolicy policy;
    policy.deadline = kDefaultDeadline;
    const auto decided =
        engine::decide_send(graph_, enrollment_, enrollment_.at, policy, facts(), now_);
    const std::uint64_t chance = below(16);
    if (chance == 0) return DeliveryEnded::Result::kSkipped;
    if (chance <= 2) return DeliveryEnded::Result::kUnreachable;
    return std::holds_alternative<engine::SendNow>(decided) ? DeliveryEnded::Result::kAccepted
                                                            : DeliveryEnded::Result::kSkipped;
  }

  const graph::Graph& graph_;
  WalkZones& zones_;
  base::Random& random_;
  Haste haste_ = Haste::kAny;
  base::Instant now_;
  engine::test::TestProfile profile_;
  Member member_;
  std::vector<engine::EventFact> history_;
  std::vector<std::string> events_;
  std::vector<std::string> tracked_;
  bool profile_changed_ = false;
  engine::Enrollment enrollment_;
  Walked walked_;
};

}  // namespace

WalkZones::WalkZones() {
  using Transitions = std::vector<calendar::Zone::Transition>;
  zones_.emplace_back("UTC", 0, Transitions{});
  zones_.emplace_back("Europe/Berlin", kHour,
                      Transitions{{instant("2026-03-29T01:00Z"), 2 * kHour},
                                  {instant("2026-10-25T01:00Z"), kHour}});
  zones_.emplace_back("America/New_York", -5 * kHour,
                      Transitions{{instant("2026-03-08T07:00Z"), -4 * kHour},
                                  {instant("2026-11-01T06:00Z"), -5 * kHour}});
  zones_.emplace_back(
      "Antarctica/Troll", 0,
      Transitions{{instant("2026-03-29T01:00Z"), 2 * kHour}, {instant("2026-10-25T01:00Z"), 0}});
}

const calendar::Zone* WalkZones::find(std::string_view name) {
  const auto found = std::ranges::find(zones_, name, &calendar::Zone::name);
  return found == zones_.end() ? nullptr : &*found;
}

Walked walk(const graph::Graph& graph, WalkZones& zones, base::Random& random) {
  return Walk(graph, zones, random).run();
}

}  // namespace sojourn::proof::test
