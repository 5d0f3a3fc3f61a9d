#include "testing/runner.h"

#include <fmt/core.h>
#include <type_traits>
#include <utility>
#include <variant>

#include "base/hash.h"
#include "engine/aim.h"
#include "engine/evaluate.h"
#include "engine/fan_out.h"
#include "engine/holdout.h"
#include "engine/send_policy.h"
#include "engine/zones.h"
#include "graph/reserved.h"
#include "testing/expectations.h"
#include "testing/world.h"

namespace sojourn::testing {
namespace {

using Fields = std::vector<graph::Field>;

// The data that an expectation names; null when it names none.
template <typename Line>
const std::vector<dsl::TestField>* data_of(const Line& line) {
  if constexpr (std::is_same_v<Line, dsl::ExpectSend>) {
    return &line.data;
  } else if constexpr (std::is_same_v<Line, dsl::ExpectUpdate> ||
                       std::is_same_v<Line, dsl::ExpectTrack>) {
    return &line.fields;
  } else {
    return nullptr;
  }
}

class OneRun {
 public:
  OneRun(const TestProgram& program, const TestRun& run, calendar::ZoneSource& zones,
         Coverage& coverage)
      : program_(program),
        plan_(*run.plan),
        zones_(zones),
        journey_(program.journey(plan_.journey)),
        world_(program, zones, coverage),
        expectations_(program, journey_, world_) {
    if (run.row != nullptr) locals_.push_back(value(run.row->fields));
  }

  std::optional<Failure> run() {
    place_ = plan_.place;
    const graph::Value start = value(plan_.start);
    if (start.kind() != graph::Value::Kind::kTimestamp) {
      fail({"the beginning is missing", {std::nullopt, "no such time"}});
      return std::move(failure_);
    }
    world_.begin(start.as_timestamp());
    world_.user().set_id(base::stable_hash64(""));
    world_.other_user().set_id(base::stable_hash64("another user"));
    for (const dsl::TestLine& line : plan_.lines) {
      place_ = line.span;
      std::visit([&](const auto& action) { take(action); }, line.action);
      if (failure_) return std::move(failure_);
    }
    place_ = last_happening_;
    fail_on(expectations_.next_stretch());
    return std::move(failure_);
  }

 private:
  // --- Given ---

  void take(const dsl::GivenProfile& line) {
    for (const graph::Field& field : fields_of(line.fields)) world_.user().set_field(field);
    // Who they are decides the arms of splits that nobody assigned.
    for (const char* identity : {"email", "userId"}) {
      const graph::Value& name = world_.user().field(identity);
      if (name.kind() != graph::Value::Kind::kString) continue;
      world_.user().set_id(base::stable_hash64(name.as_string()));
      return;
    }
  }

  void take(const dsl::GivenConsent& line) {
    const Fields fields = engine::with_subscription(
        world_.user(), program_.message_type(line.message_type), line.subscribed);
    if (!has_begun_) {
      for (const graph::Field& field : fields) world_.user().set_field(field);
      return;
    }
    const std::string_view word = line.subscribed ? "subscribed" : "unsubscribed";
    profile_changes(fields, fmt::format("{} {}", word, line.message_type), {});
  }

  // A holdout of the policy counts in every journey.
  void take(const dsl::GivenArm& line) {
    const bool everywhere = program_.is_holdout(line.split) && line.arm == graph::kHoldoutArm;
    const auto journeys = static_cast<JourneyIndex>(program_.journeys().size());
    for (JourneyIndex journey = 0; journey < journeys; ++journey) {
      if (!everywhere && journey != journey_) continue;
      world_.user().assign(journey, {line.split, line.arm});
    }
  }

  // --- Something happens ---

  void take(const dsl::EventArrives& line) {
    if (!next_stretch()) return;
    base::Instant created_at = world_.now();
    Occurrence& event = world_.record(Occurrence::Kind::kEvent);
    event.subject = line.event;
    event.fields = fields_of(line.fields);
    std::erase_if(event.fields, [](const graph::Field& f) { return f.second.is_missing(); });
    event.of_other_user = line.for_other_users;
    const graph::Value late = line.late_by == graph::kNoExpr ? graph::Value() : value(line.late_by);
    if (late.kind() == graph::Value::Kind::kDuration) {
      created_at = engine::aim(zone(), created_at, late.as_duration(), true, std::nullopt).due;
      event.detail = fmt::format("{} late", to_string(late.as_duration()));
    }
    // A copy: the journal grows while the event is worked off.
    const Fields fields = event.fields;
    for (Person* person : recipients(line, fields)) {
      person->event_arrives(line.event, fields, created_at);
    }
    check_always();
  }

  // The user that the event names, unless it says itself whom it is for.
  std::vector<Person*> recipients(const dsl::EventArrives& line, const Fields& fields) {
    const graph::FanOut* rule = program_.fan_out(line.event);
    if (rule == nullptr) return {line.for_other_users ? &world_.other_user() : &world_.user()};
    std::vector<Person*> all{&world_.user(), &world_.other_user()};
    std::erase_if(all,
                  [&](const Person* person) { return !engine::is_for(*rule, *person, fields); });
    return all;
  }

  void take(const dsl::EntersByApi& line) {
    if (!next_stretch()) return;
    Fields fields = fields_of(line.fields);
    std::erase_if(fields, [](const graph::Field& f) { return f.second.is_missing(); });
    Occurrence& entry = world_.record(Occurrence::Kind::kByApi);
    entry.subject = line.journey;
    entry.fields = fields;
    world_.user().event_arrives(graph::api_event(line.journey), std::move(fields), world_.now());
    check_always();
  }

  void take(const dsl::ProfileIsUpdated& line) {
    const Fields fields = fields_of(line.fields);
    profile_changes(fields, {}, fields);
  }

  void take(const dsl::Engages& line) {
    const std::string_view word = graph::to_string(line.what);
    bool was_sent = true;
    happens_to_profile(fmt::format("{} {}", word, line.campaign), {},
                       [&] { was_sent = world_.user().engages(line.what, line.campaign); });
    if (was_sent) return;
    fail({fmt::format("`{}` cannot be {}: it has not been sent", line.campaign, word),
          {std::nullopt, "no such message"}});
  }

  void take(const dsl::ListChanges& line) {
    happens_to_profile(fmt::format("{} {}", line.joined ? "joined" : "left", line.list), {},
                       [&] { world_.user().list_changes(line.list, line.joined); });
  }

  // `told` and `shown`: how the timeline tells it.
  void profile_changes(const Fields& fields, std::string told, Fields shown) {
    happens_to_profile(std::move(told), std::move(shown),
                       [&] { world_.user().profile_changes(fields); });
  }

  template <typename Happen>
  void happens_to_profile(std::string told, Fields shown, Happen happen) {
    if (!next_stretch()) return;
    Occurrence& change = world_.record(Occurrence::Kind::kProfile);
    change.subject = std::move(told);
    change.fields = std::move(shown);
    happen();
    check_always();
  }

  void take(const dsl::CallIsAnswered& line) {
    if (!next_stretch()) return;
    Occurrence& answer = world_.record(Occurrence::Kind::kAnswer);
    answer.subject = line.webhook;
    std::optional<Fields> reply;
    if (line.failed) {
      answer.detail = "failed";
    } else {
      reply = answer.fields = fields_of(line.reply);
    }
    if (!world_.user().answer_call(line.webhook, std::move(reply))) {
      fail({fmt::format("no call of `{}` waits for an answer", line.webhook),
            {world_.journal().size() - 1, "nobody asked"}});
    }
    check_always();
  }

  void take(const dsl::TimePasses& line) {
    if (!next_stretch()) return;
    bool in_time = true;
    if (line.kind == dsl::TimePasses::Kind::kToTheEnd) {
      in_time = world_.run_to_the_end();
    } else {
      const auto until = end_of(line);
      if (!until) return;
      in_time = world_.run_until(*until);
    }
    if (!in_time) {
      fail({fmt::format("something still happens after {} timers", World::kMaxWakeUps),
            {std::nullopt, "no end in sight"}});
    }
    check_always();
  }

  std::optional<base::Instant> end_of(const dsl::TimePasses& line) {
    const graph::Value amount = value(line.amount);
    std::optional<base::Instant> until;
    if (amount.kind() == graph::Value::Kind::kTimestamp) until = amount.as_timestamp();
    if (amount.kind() == graph::Value::Kind::kDuration) {
      until = engine::aim(zone(), world_.now(), amount.as_duration(), false, std::nullopt).due;
    }
    if (!until) {
      fail({"this length of time is missing", {std::nullopt, "no such time"}});
    } else if (*until < world_.now()) {
      fail({"time would run backwards", {std::nullopt, base::to_iso8601(*until)}});
      until.reset();
    }
    return until;
  }

  // --- Expected ---

  void take(const dsl::AlwaysAtMost& line) { expectations_.hold(line); }
  void take(const dsl::AlwaysNotSend& line) { expectations_.hold(line); }

  template <typename Expectation>
  void take(const Expectation& line) {
    const std::vector<dsl::TestField>* data = data_of(line);
    fail_on(expectations_.meet(line, data == nullptr ? Fields() : fields_of(*data)));
  }

  // --- Helpers ---

  // What has happened so far is behind. False when it was not in order.
  bool next_stretch() {
    const dsl::Span here = std::exchange(place_, last_happening_);
    fail_on(expectations_.next_stretch());
    place_ = here;
    last_happening_ = here;
    if (!std::exchange(has_begun_, true)) {
      world_.user().begin();
      world_.other_user().begin();
    }
    return !failure_;
  }

  void check_always() {
    if (!failure_) fail_if_endless();
    if (!failure_) fail_on(expectations_.check_always());
  }

  // `sojourn check` finds the circles that journeys go round in, but nothing proves that it
  // finds them all.
  void fail_if_endless() {
    for (const Person* person : {&world_.user(), &world_.other_user()}) {
      const auto journey = person->endless();
      if (!journey) continue;
      return fail(
          {fmt::format("the journey `{}` is entered more than {} times at one instant",
                       program_.journeys()[*journey].graph().journey, Person::kMaxEntriesAtOnce),
           {std::nullopt, "no end in sight"}});
    }
  }

  void fail_on(Expectations::Result mismatch) {
    if (mismatch) fail(std::move(*mismatch));
  }

  void fail(Mismatch mismatch) {
    failure_ = Failure{place_, std::move(mismatch.message), zone().name(),
                       make_timeline(program_, journey_, world_.journal(), world_.now(), zone(),
                                     mismatch.difference)};
  }

  engine::Scope scope(const graph::Graph& graph) {
    return engine::Scope{.graph = graph,
                         .profile = world_.user(),
                         .zones = zones_,
                         .entry_fields = {},
                         .entry_created_at = world_.now(),
                         .locals = locals_,
                         .now = world_.now(),
                         .history = {},
                         .reached = {}};
  }

  // Of the journey's own times, for the person as they are now.
  const calendar::Zone& zone() {
    return engine::journey_zone(scope(program_.journeys()[journey_].graph()));
  }

  graph::Value value(graph::ExprId expression) {
    engine::Scope reading = scope(plan_.values);
    reading.zone = &zone();
    return engine::evaluate(reading, expression);
  }

  Fields fields_of(const std::vector<dsl::TestField>& given) {
    Fields fields;
    fields.reserve(given.size());
    for (const dsl::TestField& field : given) fields.emplace_back(field.name, value(field.value));
    return fields;
  }

  const TestProgram& program_;
  const dsl::TestPlan& plan_;
  calendar::ZoneSource& zones_;
  JourneyIndex journey_;
  World world_;
  Expectations expectations_;
  std::vector<graph::Value> locals_;
  dsl::Span place_;           // of the line at hand
  dsl::Span last_happening_;  // of the last line that let something happen
  bool has_begun_ = false;
  std::optional<Failure> failure_;
};

}  // namespace

std::vector<TestRun> runs_of(const std::vector<const dsl::TestPlan*>& plans) {
  std::vector<TestRun> runs;
  for (const dsl::TestPlan* plan : plans) {
    if (plan->cases.empty()) runs.push_back({plan, nullptr});
    for (const dsl::TestCase& row : plan->cases) runs.push_back({plan, &row});
  }
  return runs;
}

TestResult run_test(const TestProgram& program, const TestRun& run, calendar::ZoneSource& zones,
                    Coverage& coverage) {
  TestResult result{run.plan, run.row == nullptr ? std::string() : run.row->name, std::nullopt};
  result.failure = OneRun(program, run, zones, coverage).run();
  return result;
}

std::string name_of(const TestResult& result) {
  std::string name = fmt::format("{} \"{}\"", result.plan->journey, result.plan->title);
  if (!result.case_name.empty()) name += fmt::format(" case {}", result.case_name);
  return name;
}

}  // namespace sojourn::testing
