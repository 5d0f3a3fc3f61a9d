// What a place says it needs is enough: the engine, given only that, does the same
// as when it is given everything. Random lives of one user, from seeds.
#include <algorithm>
#include <array>
#include <gtest/gtest.h>
#include <map>
#include <set>

#include "base/random.h"
#include "engine/advance.h"
#include "graph/encode.h"
#include "graph/verify.h"
#include "tests/unit/graph/samples.h"

namespace sojourn::graph {
namespace {

using engine::EventFact;

constexpr std::int64_t kHour = 3'600'000;

class Profile final : public engine::ProfileView {
 public:
  const Value& field(std::string_view name) const override {
    reads_.emplace(name);
    const auto found = fields.find(name);
    return found == fields.end() ? missing_ : found->second;
  }

  std::map<std::string, Value, std::less<>> fields;
  const std::set<std::string>& reads() const { return reads_; }
  void forget_reads() { reads_.clear(); }

 private:
  mutable std::set<std::string> reads_;
  Value missing_;
};

class TwoZones final : public calendar::ZoneSource {
 public:
  const calendar::Zone* find(std::string_view name) override {
    return name == "Europe/Berlin" ? &berlin_ : name == "America/New_York" ? &new_york_ : nullptr;
  }
  std::string_view tz_version() const override { return "2026a"; }

 private:
  calendar::Zone berlin_{"Europe/Berlin", 3600, {}};
  calendar::Zone new_york_{"America/New_York", -5 * 3600, {}};
};

// One user inside one journey, to whom things happen.
class Life {
 public:
  Life(const Graph& graph, std::uint64_t seed) : graph_(graph), random_(seed) { enter(); }

  // One input at the place where the user rests, given everything and then only
  // what the place needs.
  void live_on() {
    if (enrollment_.exit_reason) return enter();
    const StepIndex at = enrollment_.at;
    const Needs& needs = graph_.steps[at].needs;
    const bool sending = std::holds_alternative<Send>(graph_.steps[at].action);
    switch (below(4)) {
      case 0:
        now_ = enrollment_.next_due().value_or(now_ + base::hours(1));
        break;
      case 1:
        change_profile();
        break;
      case 2:
        history_.push_back(random_event());
        break;
      default:
        now_ = now_ + base::Millis{static_cast<std::int64_t>(below(100 * kHour))};
    }
    // A daemon is told of due timers before anything later.
    take(needs, engine::TimerDue{});
    if (enrollment_.exit_reason || enrollment_.at != at) return;
    if (sending && below(2) == 0) return end_delivery(needs);
    take(needs, engine::ProfileChanged{});
    if (enrollment_.exit_reason || enrollment_.at != at || history_.empty()) return;
    if (sending) expect_same_message(needs);
    if (history_.back().number > last_taken_) {
      last_taken_ = history_.back().number;
      const EventFact event = history_.back();
      take(needs, engine::EventArrived{event});
    }
  }

  std::size_t turns() const { return turns_; }
  std::size_t exits() const { return exits_; }

 private:
  void enter() {
    history_.clear();
    profile_.fields = {{"plan", Value("trial")},
                       {"timeZone", Value("Europe/Berlin")},
                       {"trialEndsAt", Value(now_ + base::days24(30))},
                       {"seats", Value(std::int64_t{7})}};
    EventFact event = random_event();
    event.name = graph_.entries[0].event;
    history_.push_back(event);
    last_taken_ = event.number;
    const engine::Facts facts{profile_, history_, zones_};
    remember(engine::enter(graph_, version_of(graph_), 1, 1, base::Hash128{}, facts, event, now_));
  }

  void end_delivery(const Needs& needs) {
    engine::DeliveryEnded ended;
    ended.step = enrollment_.at;
    for (const engine::SendCount& count : enrollment_.sends) {
      if (count.step == ended.step) ended.occurrence = count.times;
    }
    ended.result = below(3) == 0 ? engine::DeliveryEnded::Result::kUnreachable
                                 : engine::DeliveryEnded::Result::kAccepted;
    take(needs, ended);
  }

  void take(const Needs& needs, const engine::Input& input) {
    ++turns_;
    profile_.forget_reads();
    const engine::Facts everything{profile_, history_, zones_};
    const engine::Advanced full = engine::advance(graph_, enrollment_, everything, input, now_);
    for (const std::string& field : profile_.reads()) {
      EXPECT_TRUE(std::ranges::binary_search(needs.user_fields, field))
          << "step `" << graph_.steps[enrollment_.at].identity << "` read user." << field;
    }
    const std::vector<EventFact> kept = needed_history(needs);
    const engine::Facts needed{profile_, kept, zones_};
    const engine::Advanced least = engine::advance(graph_, enrollment_, needed, input, now_);
    EXPECT_EQ(least.enrollment, full.enrollment);
    EXPECT_EQ(least.effects.size(), full.effects.size());
    remember(full);
  }

  void expect_same_message(const Needs& needs) {
    profile_.forget_reads();
    const std::vector<EventFact> kept = needed_history(needs);
    const engine::Facts facts{profile_, kept, zones_};
    engine::decide_send(graph_, enrollment_, enrollment_.at, {}, facts, now_);
    for (const std::string& field : profile_.reads()) {
      EXPECT_TRUE(std::ranges::binary_search(needs.user_fields, field))
          << "message of `" << graph_.steps[enrollment_.at].identity << "` read user." << field;
    }
  }

  std::vector<EventFact> needed_history(const Needs& needs) const {
    std::vector<EventFact> kept;
    for (const EventFact& event : history_) {
      const bool needed =
          std::ranges::any_of(needs.history,
                              [&](const Needs::History& h) { return h.event == event.name; }) ||
          std::ranges::binary_search(needs.questions, event.name);
      if (needed) kept.push_back(event);
    }
    return kept;
  }

  void remember(const engine::Advanced& advanced) {
    enrollment_ = advanced.enrollment;
    if (enrollment_.exit_reason) ++exits_;
  }

  void change_profile() {
    switch (below(6)) {
      case 0:
        profile_.fields.erase("trialEndsAt");
        break;
      case 1:
        profile_.fields["trialEndsAt"] = Value(now_ + base::days24(below(20)));
        break;
      case 2:
        profile_.fields["seats"] = Value(static_cast<std::int64_t>(below(8)));
        break;
      case 3:
        profile_.fields["timeZone"] = Value(below(2) == 0 ? "Europe/Berlin" : "Nowhere");
        break;
      case 4:
        profile_.fields["tier"] = Value(below(4) == 0 ? "vip" : "plain");
        break;
      default:
        profile_.fields["plan"] = Value(below(8) == 0 ? "free" : "trial");
    }
  }

  EventFact random_event() {
    static constexpr std::array<const char*, 4> kNames{"opened", "purchased", "order", "login"};
    EventFact event;
    event.number = ++last_number_;
    event.name = kNames[below(kNames.size())];
    event.created_at = now_;
    event.arrived_at = now_;
    event.fields = {{"campaign", Value(below(2) == 0 ? "trial_welcome" : "other")},
                    {"namespaceId", Value(below(6) == 0 ? "n1" : "n2")},
                    {"plan", Value("premium")},
                    {"seats", Value(std::int64_t{7})}};
    return event;
  }

  std::uint64_t below(std::uint64_t bound) { return base::random_below(random_, bound); }

  const Graph& graph_;
  base::SeededRandom random_;
  Profile profile_;
  TwoZones zones_;
  std::vector<EventFact> history_;
  engine::Enrollment enrollment_;
  base::Instant now_{1'772'355'600'000};  // 2026-03-01T09:00Z
  std::uint64_t last_number_ = 0;
  std::uint64_t last_taken_ = 0;
  std::size_t turns_ = 0;
  std::size_t exits_ = 0;
};

void expect_needs_suffice(const Graph& graph) {
  std::size_t turns = 0;
  std::size_t exits = 0;
  for (std::uint64_t seed = 1; seed <= 200 && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Life life(graph, seed);
    for (int i = 0; i < 100; ++i) life.live_on();
    turns += life.turns();
    exits += life.exits();
  }
  EXPECT_GT(turns, 10'000u);
  EXPECT_GT(exits, 200u);
}

TEST(NeedsSuffice, ForTheWelcomeJourney) {
  expect_needs_suffice(samples::welcome());
}

TEST(NeedsSuffice, ForTheTrialJourney) {
  expect_needs_suffice(samples::trial());
}

// exit when count(login within 3d) == 2 and no order within 1d as eager
TEST(NeedsSuffice, ForAJourneyThatAsksWhatHappened) {
  Graph graph = samples::trial();
  samples::Pool pool(graph.expressions);
  const auto count_within = [&](std::string event, std::int64_t days) {
    const ExprId id = pool.named(Op::kCountEvents, std::move(event));
    graph.expressions[id].window = {Window::Kind::kWithin, base::days24(days), {}};
    return id;
  };
  const auto equals = [&](ExprId count, std::int64_t n) {
    return pool.apply(Op::kEqual, {count, pool.constant(Value(n))});
  };
  const ExprId two_logins = equals(count_within("login", 3), 2);
  const ExprId no_order = equals(count_within("order", 1), 0);
  graph.exits.emplace_back(ExitWhen{pool.apply(Op::kAnd, {two_logins, no_order}), "eager"});
  compute_needs(graph);
  ASSERT_TRUE(verify(graph).has_value());
  expect_needs_suffice(graph);
}

}  // namespace
}  // namespace sojourn::graph
