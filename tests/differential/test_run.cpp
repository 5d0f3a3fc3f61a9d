#include "tests/differential/test_run.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

#include "engine/best_time.h"
#include "engine/fan_out.h"
#include "engine/place.h"
#include "graph/reserved.h"
#include "testing/person.h"
#include "tests/differential/service.h"

namespace sojourn::differential {
namespace {

using oracle::Input;
using oracle::Told;

// More timers than this between two inputs go on for ever.
constexpr int kMostTimers = 20'000;

class Run final : private testing::Watcher {
 public:
  Run(const dsl::Program& program, calendar::ZoneSource& zones, std::int64_t user,
      const History& history)
      : program_(program),
        places_(program.journeys.size()),
        world_{.program = program_,
               .zones = zones,
               .now = history.inputs.empty() ? history.end : history.inputs.front().at,
               .places = &places_,
               .only_assigned_held_out = false},
        person_(world_, *this) {
    person_.set_id(static_cast<std::uint64_t>(user));
    for (const graph::Field& field : history.profile) person_.set_field(field);
    person_.begin();
  }

  std::vector<Told> live(const History& history) {
    for (const Input& input : history.inputs) {
      run_until(input.at);
      take(input);
    }
    run_until(history.end);
    return std::move(story_);
  }

 private:
  struct Answer {
    base::Instant due;
    testing::CallMade made;
    std::optional<Fields> reply;
  };

  // A timer due at an instant comes before an answer of that instant, and both before an input.
  void run_until(base::Instant until) {
    for (int timers = 0;; ++timers) {
      const auto due = person_.next_due();
      const auto answer = std::ranges::min_element(answers_, {}, &Answer::due);
      const base::Instant answered = answer == answers_.end() ? base::kNever : answer->due;
      if (std::min(due.value_or(base::kNever), answered) > until) break;
      if (timers > kMostTimers) throw std::runtime_error("the engine does not come to rest");
      if (due && *due <= answered) {
        world_.now = std::max(world_.now, *due);
        person_.wake();
      } else {
        take(answer);
      }
    }
    world_.now = std::max(world_.now, until);
  }

  void take(std::vector<Answer>::iterator answer) {
    Answer given = std::move(*answer);
    answers_.erase(answer);
    world_.now = given.due;
    person_.answer_call(given.made, std::move(given.reply));
  }

  void take(const Input& input) {
    switch (input.kind) {
      case Input::Kind::kEvent: {
        const graph::FanOut* rule = program_.fan_out(input.name);
        if (rule != nullptr && !engine::is_for(*rule, person_, input.fields)) return;
        return person_.event_arrives(input.name, input.fields, input.created_at);
      }
      case Input::Kind::kChange:
        return person_.profile_changes(input.fields);
      case Input::Kind::kJoined:
        return person_.list_changes(input.name, true);
      case Input::Kind::kLeft:
        return person_.list_changes(input.name, false);
      case Input::Kind::kEngaged:
        person_.engages(input.engagement, input.name);
        return;
      case Input::Kind::kEnter:
        return person_.event_arrives(graph::api_event(input.name), input.fields, world_.now);
    }
  }

  void tell(testing::JourneyIndex journey, std::string what) {
    story_.push_back({world_.now, program_.journeys()[journey].graph().journey, std::move(what)});
  }

  void entered(testing::Seat seat, const engine::EventFact& /*event*/) override {
    tell(seat.journey, "enter");
  }
  void entry_updated(testing::Seat seat, const engine::EventFact& /*event*/) override {
    tell(seat.journey, "entry updated");
  }
  void refused(testing::JourneyIndex journey, const engine::EventFact& /*event*/,
               std::string_view rule) override {
    tell(journey, "refused " + std::string(rule));
  }
  void met_goal(testing::Seat seat, const engine::GoalMet& met) override {
    std::string what = "goal " + program_.journeys()[seat.journey].graph().goals[met.goal].name;
    if (!met.value.is_missing()) {
      what += " ";
      graph::append_json(what, met.value);
    }
    tell(seat.journey, std::move(what));
  }
  void noted(testing::Seat seat, const engine::Note& note) override {
    if (note.kind == engine::Note::Kind::kExited) tell(seat.journey, "exit " + note.text);
    if (note.kind != engine::Note::Kind::kBranch) return;
    const graph::Graph& graph = program_.journeys()[seat.journey].graph();
    const auto* call = std::get_if<graph::Call>(&graph.steps[note.step].action);
    if (call == nullptr) return;
    const bool answered = note.way == graph::Edge::Way::kNext;
    tell(seat.journey, (answered ? "answered " : "unanswered ") + call->webhook);
  }
  void called(testing::Seat seat, const engine::CallWebhook& call) override {
    const std::string data = oracle::text_of(call.fields);
    tell(seat.journey, "call " + call.webhook + " " + data);
    if (auto served = answer_of(call.webhook, data, world_.now)) {
      answers_.push_back({world_.now + served->after,
                          {seat.index, call.step, call.occurrence},
                          std::move(served->reply)});
    }
  }
  void wrote(testing::Seat seat, const Fields& fields) override {
    tell(seat.journey, "update " + oracle::text_of(fields));
  }
  void tracked(testing::Seat seat, const engine::TrackEvent& event, bool /*fed_back*/) override {
    tell(seat.journey, "track " + event.event + " " + oracle::text_of(event.fields));
  }
  void changed_list(testing::Seat seat, const engine::ChangeList& change) override {
    tell(seat.journey, (change.joins ? "add to list " : "remove from list ") + change.list);
  }
  void changed_subscription(testing::Seat seat, const engine::ChangeSubscription& change) override {
    const char* what = change.subscribes ? "subscribe to " : "unsubscribe from ";
    tell(seat.journey, what + change.message_type);
  }
  void started(testing::Seat seat, const engine::StartJourney& start,
               bool /*carried_out*/) override {
    tell(seat.journey, "start " + start.journey + " " + oracle::text_of(start.fields));
  }
  void sent(testing::Seat seat, graph::StepIndex /*step*/, const std::string& campaign,
            Fields data) override {
    tell(seat.journey, "send " + campaign + " " + oracle::text_of_message(data));
  }
  void skipped(testing::Seat seat, graph::StepIndex /*step*/, const std::string& campaign,
               const std::string& reason) override {
    // Whoever left is told to have left.
    if (reason != "exited") tell(seat.journey, "skip " + campaign + " as " + reason);
  }
  void deferred(testing::Seat seat, graph::StepIndex /*step*/, const std::string& campaign,
                const engine::SendDeferred& deferred) override {
    tell(seat.journey, "put off " + campaign + " until " + base::to_iso8601(deferred.until));
  }

  testing::TestProgram program_;
  std::vector<engine::Places> places_;
  testing::WorldContext world_;
  testing::Person person_;
  std::vector<Answer> answers_;
  std::vector<Told> story_;
};

oracle::UsualHours usual_hours(calendar::ZoneSource& zones) {
  const engine::HourScores scores = engine::score_hours({}, *zones.find("UTC"), base::Instant{});
  oracle::UsualHours hours{};
  for (std::size_t i = 0; i < hours.size(); ++i) hours[i] = std::llround(200 * scores[i]);
  return hours;
}

}  // namespace

oracle::World oracle_world(const dsl::Program& program, calendar::ZoneSource& zones,
                           std::int64_t user) {
  std::vector<const graph::Graph*> journeys;
  for (const dsl::CompiledJourney& journey : program.journeys) journeys.push_back(&journey.graph);
  return {program.catalog, std::move(journeys), zones, user, engine::place_of,
          answer_of,       usual_hours(zones)};
}

std::vector<Told> live_in_test(const dsl::Program& program, calendar::ZoneSource& zones,
                               std::int64_t user, const History& history) {
  return Run(program, zones, user, history).live(history);
}

}  // namespace sojourn::differential
