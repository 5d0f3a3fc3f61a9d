// The pure part of what an event costs in a big project: the conditions that look at it are
// looked at. Arguments: journeys, segments; of both, three read the event.
#include <benchmark/benchmark.h>
#include <memory>
#include <string>
#include <vector>

#include "base/check.h"
#include "bench/micro/big_project.h"
#include "calendar/tzdata/system_zones.h"
#include "dsl/compile.h"
#include "engine/watches.h"

namespace sojourn::bench {
namespace {

class Seats final : public engine::ProfileView {
 public:
  explicit Seats(std::int64_t seats) : seats_(seats) {}
  const graph::Value& field(std::string_view name) const override {
    return name == "seats" ? seats_ : missing_;
  }

 private:
  graph::Value seats_;
  graph::Value missing_;
};

class Plan {
 public:
  explicit Plan(const std::string& text) : zones_(std::move(*tzdata::SystemZones::open())) {
    const std::vector<dsl::SourceText> sources{{"bench.journey", text}};
    program_ = dsl::compile(sources, *zones_).program;
    SOJOURN_CHECK(program_.has_value(), "a benchmark's project has no errors");
    std::vector<const graph::Graph*> graphs;
    for (const auto& journey : program_->journeys) graphs.push_back(&journey.graph);
    plan_ = std::make_unique<engine::WatchPlan>(graphs);
  }

  const engine::WatchPlan& operator*() const { return *plan_; }
  calendar::ZoneSource& zones() { return *zones_; }

 private:
  std::unique_ptr<tzdata::SystemZones> zones_;
  std::optional<dsl::Program> program_;
  std::unique_ptr<engine::WatchPlan> plan_;
};

Plan plan_of(const benchmark::State& state) {
  return Plan(project_text(static_cast<std::size_t>(state.range(0)),
                           static_cast<std::size_t>(state.range(1))));
}

const base::Instant kNow = *base::parse_timestamp("2026-03-01T09:00Z");

std::vector<engine::EventFact> logins(std::uint64_t count) {
  std::vector<engine::EventFact> history;
  for (std::uint64_t i = 0; i < count; ++i) {
    const base::Instant at = kNow - base::minutes(static_cast<std::int64_t>(60 * (count - i)));
    history.push_back({i + 1, "login", at, at, {}});
  }
  return history;
}

void look_at_login(benchmark::State& state) {
  Plan plan = plan_of(state);
  const Seats user(50);
  const std::vector<engine::EventFact> history = logins(10);
  const engine::Facts facts{.profile = user, .history = history, .zones = plan.zones()};
  engine::Watches watches;
  watches.begin(*plan, facts, kNow);
  for (auto _ : state) {
    watches.event_kept(*plan, "login");
    benchmark::DoNotOptimize(watches.wants_look(kNow));
    benchmark::DoNotOptimize(watches.take(*plan, facts, kNow));
    benchmark::DoNotOptimize(watches.next_due());
  }
}
BENCHMARK(look_at_login)->Args({3, 3})->Args({500, 200})->ArgNames({"journeys", "segments"});

void first_look_at_somebody(benchmark::State& state) {
  Plan plan = plan_of(state);
  const Seats user(50);
  const std::vector<engine::EventFact> history = logins(10);
  const engine::Facts facts{.profile = user, .history = history, .zones = plan.zones()};
  for (auto _ : state) {
    engine::Watches watches;
    watches.begin(*plan, facts, kNow);
    benchmark::DoNotOptimize(watches.next_due());
  }
}
BENCHMARK(first_look_at_somebody)
    ->Args({3, 3})
    ->Args({500, 200})
    ->ArgNames({"journeys", "segments"});

}  // namespace
}  // namespace sojourn::bench
