#include "simulate/life.h"

#include <algorithm>
#include <array>
#include <fmt/core.h>
#include <optional>
#include <queue>
#include <variant>

#include "base/hash.h"
#include "base/random.h"
#include "engine/send_policy.h"
#include "testing/person.h"

namespace sojourn::simulate {
namespace {

using Fields = std::vector<graph::Field>;

std::uint64_t seed_of(std::uint64_t seed, std::uint64_t number) {
  std::array<char, sizeof number> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<char>(number >> (8 * i));
  }
  return base::stable_hash64({bytes.data(), bytes.size()}, seed);
}

// Something that comes to the user from outside.
struct Input {
  enum class Kind : std::uint8_t { kEntry, kEvent, kChange, kAnswer, kEngagement };
  base::Instant at;
  std::uint32_t order = 0;  // of two at one instant, as they were drawn
  Kind kind = Kind::kEvent;
  std::size_t index = 0;      // in Model::events, profile, webhooks or engagement
  graph::StepIndex step = 0;  // kEngagement: which sent the message
  testing::CallMade call;     // kAnswer: of which call
};

struct IsLater {
  bool operator()(const Input& a, const Input& b) const {
    return a.at != b.at ? a.at > b.at : a.order > b.order;
  }
};

class Life final : private testing::Watcher {
 public:
  Life(const Setting& setting, std::uint64_t number, calendar::ZoneSource& zones, Tally& tally)
      : model_(setting.model),
        graph_(setting.graph()),
        end_(setting.end()),
        tally_(tally),
        random_(seed_of(setting.seed, number)),
        world_{.program = setting.program,
               .zones = zones,
               .now = setting.model.start,
               .places = nullptr,
               .only_assigned_held_out = false},
        person_(world_, *this) {
    // Whole-numbered, like the ids of the daemon, and positive.
    person_.set_id(random_.next() >> 1U);
    email_ = fmt::format("user{}@example.com", number);
  }

  void live() {
    begin();
    while (!inputs_.empty() || person_.next_due()) {
      const auto due = person_.next_due();
      const base::Instant next_input = inputs_.empty() ? base::kNever : inputs_.top().at;
      const bool timer_first = due && *due <= next_input;
      const base::Instant next = timer_first ? *due : next_input;
      // What is due on the last instant is still lived.
      if (next > end_) break;
      world_.now = std::max(world_.now, next);
      if (!timer_first) {
        take_input();
      } else if (++timers_ <= kMaxTimersOfALife) {
        person_.wake();
      } else {
        break;
      }
    }
    count();
  }

 private:
  struct Stay {
    base::Instant entered_at;
    graph::StepIndex at = graph::kCompleted;
    bool ended = false;
  };

  // --- What comes to them ---

  void begin() {
    const std::size_t day = draw_weighted(random_, model_.arrivals);
    const std::int64_t within = draw_between(random_, 0, base::days24(1).count - 1);
    entry_ = model_.start + base::days24(static_cast<std::int64_t>(day)) + base::Millis{within};
    draw_profile();
    if (const auto entry_event = draw_entry()) add(Input::Kind::kEntry, *entry_event, entry_);
    for (std::size_t i = 0; i < model_.events.size(); ++i) {
      const EventModel& event = model_.events[i];
      if (event.from != EventModel::From::kEntry) continue;
      for (std::int64_t time = 0; time < event.times; ++time) add_event(i, entry_);
    }
    for (std::size_t i = 0; i < model_.profile.size(); ++i) {
      const FieldModel& field = model_.profile[i];
      if (field.changes <= 0 || draw_unit(random_) >= field.changes) continue;
      add(Input::Kind::kChange, i, entry_ + draw_delay(field.delay));
    }
    // Those who have done things before the entry begin earlier.
    if (!inputs_.empty()) world_.now = std::min(world_.now, inputs_.top().at);
    for (const ListModel& list : model_.lists) {
      if (draw_unit(random_) < list.members) person_.list_changes(list.list, true);
    }
    person_.begin();
  }

  void draw_profile() {
    for (const FieldModel& field : model_.profile) {
      graph::Value value = draw(field.values, random_, drawn_from());
      if (!value.is_missing()) profile_.emplace_back(field.name, std::move(value));
    }
    for (const graph::Field& field : profile_) person_.set_field(field);
    person_.set_field({"email", graph::Value(email_)});
    for (const ConsentModel& consent : model_.consent) {
      const bool subscribed = draw_unit(random_) < consent.subscribed;
      const auto& type = world_.program.message_type(consent.message_type);
      for (const graph::Field& field : engine::with_subscription(person_, type, subscribed)) {
        person_.set_field(field);
      }
    }
  }

  // Which event starts it, with the fields it will have; none where only dates and
  // conditions of the profile do.
  std::optional<std::size_t> draw_entry() {
    std::vector<double> weights;
    weights.reserve(model_.events.size());
    for (const EventModel& event : model_.events) weights.push_back(event.enters);
    if (std::ranges::all_of(weights, [](double weight) { return weight <= 0; })) return {};
    const std::size_t chosen = draw_weighted(random_, weights);
    entry_fields_ = draw_fields(model_.events[chosen].fields);
    return chosen;
  }

  Fields draw_fields(const std::vector<std::pair<std::string, Distribution>>& distributions) {
    Fields fields;
    fields.reserve(distributions.size());
    for (const auto& [name, values] : distributions) {
      graph::Value value = draw(values, random_, drawn_from());
      if (!value.is_missing()) fields.emplace_back(name, std::move(value));
    }
    return fields;
  }

  DrawnFrom drawn_from() const { return {entry_, entry_fields_, profile_}; }

  base::Millis draw_delay(const Delay& delay) {
    return base::Millis{draw_between(random_, delay.from.count, delay.to.count)};
  }

  void add(Input::Kind kind, std::size_t index, base::Instant at, graph::StepIndex step = 0,
           testing::CallMade call = {}) {
    if (drawn_ == kMaxEventsOfALife) return;
    inputs_.push({at, ++drawn_, kind, index, step, call});
  }

  void add_event(std::size_t index, base::Instant after) {
    const EventModel& event = model_.events[index];
    if (event.probability <= 0 || draw_unit(random_) >= event.probability) return;
    add(Input::Kind::kEvent, index, after + draw_delay(event.delay));
  }

  void take_input() {
    const Input input = inputs_.top();
    inputs_.pop();
    if (input.kind == Input::Kind::kChange) {
      const FieldModel& field = model_.profile[input.index];
      return person_.profile_changes({{field.name, draw(field.values, random_, drawn_from())}});
    }
    if (input.kind == Input::Kind::kAnswer) {
      const WebhookModel& answer = model_.webhooks[input.index];
      // Too late when the person has gone on.
      person_.answer_call(input.call, draw_fields(answer.reply));
      return;
    }
    if (input.kind == Input::Kind::kEngagement) {
      const auto& send = std::get<graph::Send>(graph_.steps[input.step].action);
      person_.engages(model_.engagement[input.index].what, send.campaign);
      return;
    }
    const EventModel& event = model_.events[input.index];
    Fields fields = input.kind == Input::Kind::kEntry ? entry_fields_ : draw_fields(event.fields);
    person_.event_arrives(event.event, std::move(fields), world_.now);
  }

  // --- What happens to them ---

  void entered(testing::Seat seat, const engine::EventFact& /*event*/) override {
    ++tally_.entered;
    stays_.resize(std::max(stays_.size(), seat.index + 1));
    stays_[seat.index].entered_at = world_.now;
  }

  void turned(testing::Seat seat, const std::vector<engine::Effect>& effects,
              graph::StepIndex at) override {
    stays_[seat.index].at = at;
    for (const engine::Effect& effect : effects) {
      if (const auto* send = std::get_if<engine::PlanSend>(&effect)) ++tally_.planned[send->step];
      const auto* note = std::get_if<engine::Note>(&effect);
      if (note == nullptr || note->kind != engine::Note::Kind::kReached) continue;
      ++tally_.reached[note->step];
      if (note->step == at) begins_to_rest(at);
    }
  }

  void begins_to_rest(graph::StepIndex at) {
    const auto* wait = std::get_if<graph::WaitFor>(&graph_.steps[at].action);
    if (wait == nullptr) return;
    for (std::size_t i = 0; i < model_.events.size(); ++i) {
      if (model_.events[i].from != EventModel::From::kWait) continue;
      const bool waited_for = std::ranges::any_of(wait->arms, [&](const auto& arm) {
        const auto* event = std::get_if<graph::EventArm>(&arm);
        return event != nullptr && event->event == model_.events[i].event;
      });
      if (waited_for) add_event(i, world_.now);
    }
  }

  void called(testing::Seat seat, const engine::CallWebhook& call) override {
    for (std::size_t i = 0; i < model_.webhooks.size(); ++i) {
      const WebhookModel& answer = model_.webhooks[i];
      if (answer.webhook != call.webhook || draw_unit(random_) >= answer.answers) continue;
      add(Input::Kind::kAnswer, i, world_.now + draw_delay(answer.delay), call.step,
          {seat.index, call.step, call.occurrence});
    }
  }

  void noted(testing::Seat seat, const engine::Note& note) override {
    if (note.kind == engine::Note::Kind::kExited) {
      ++tally_.exits[note.text];
      Stay& stay = stays_[seat.index];
      stay.ended = true;
      tally_.stays.push_back(world_.now - stay.entered_at);
    } else if (note.kind == engine::Note::Kind::kBranch && !tally_.arms[note.step].empty()) {
      ++tally_.arms[note.step][note.number];
      if (note.unit) tally_.units[note.step][note.number].insert(*note.unit);
    }
  }

  void sent(testing::Seat /*seat*/, graph::StepIndex step, const std::string& /*campaign*/,
            Fields /*data*/) override {
    auto& days = tally_.sent[step];
    const std::int64_t day = (world_.now - model_.start).count / base::days24(1).count;
    // The very last instant is of the last day.
    const auto last = static_cast<std::int64_t>(days.size()) - 1;
    ++days[static_cast<std::size_t>(std::clamp<std::int64_t>(day, 0, last))];
    for (std::size_t i = 0; i < model_.engagement.size(); ++i) {
      const EngagementModel& engagement = model_.engagement[i];
      if (draw_unit(random_) >= engagement.share) continue;
      add(Input::Kind::kEngagement, i, world_.now + draw_delay(engagement.delay), step);
    }
  }

  void met_goal(testing::Seat /*seat*/, const engine::GoalMet& met) override {
    ++tally_.goals[met.goal];
  }

  void skipped(testing::Seat /*seat*/, graph::StepIndex step, const std::string& /*campaign*/,
               const std::string& reason) override {
    ++tally_.skipped[step][reason];
  }

  void taken_back(testing::Seat /*seat*/, graph::StepIndex step) override {
    ++tally_.skipped[step]["exited"];
  }

  void count() {
    ++tally_.users;
    if (stays_.empty()) ++tally_.never_entered;
    for (const Stay& stay : stays_) {
      if (!stay.ended) ++tally_.inside[stay.at];
    }
  }

  const Model& model_;
  const graph::Graph& graph_;
  base::Instant end_;
  Tally& tally_;
  base::SeededRandom random_;
  testing::WorldContext world_;
  testing::Person person_;

  std::string email_;
  base::Instant entry_;
  Fields profile_;
  Fields entry_fields_;
  std::priority_queue<Input, std::vector<Input>, IsLater> inputs_;
  std::uint32_t drawn_ = 0;
  std::size_t timers_ = 0;
  std::vector<Stay> stays_;  // by seat
};

}  // namespace

void live(const Setting& setting, std::uint64_t number, calendar::ZoneSource& zones, Tally& tally) {
  Life(setting, number, zones, tally).live();
}

}  // namespace sojourn::simulate
