#include "engine/enrollment_fit.h"

#include <algorithm>
#include <string>
#include <variant>

namespace sojourn::engine {
namespace {

class Fit {
 public:
  Fit(const Enrollment& enrollment, const graph::Graph& graph)
      : enrollment_(enrollment), graph_(graph) {}

  bool all() const {
    return enrollment_.entry_fields.size() <= graph_.entry_fields.size() &&
           enrollment_.locals.size() <= graph_.local_count &&
           of(enrollment_.timers, [&](const Timer& t) { return timer(t); }) &&
           of(enrollment_.schedules, [&](const ScheduleState& s) { return schedule(s); }) &&
           of(enrollment_.loops, [&](const LoopState& l) { return is<graph::Repeat>(l.step); }) &&
           of(enrollment_.held, [&](const HeldSince& h) { return held(h); }) && measure();
  }

 private:
  template <typename Items, typename Test>
  static bool of(const Items& items, Test test) {
    return std::ranges::all_of(items, test);
  }

  template <typename Kind>
  const Kind* step(graph::StepIndex index) const {
    return index < graph_.steps.size() ? std::get_if<Kind>(&graph_.steps[index].action) : nullptr;
  }

  template <typename Kind>
  bool is(graph::StepIndex index) const {
    return step<Kind>(index) != nullptr;
  }

  bool timer(const Timer& timer) const {
    if (timer.purpose != Timer::Purpose::kRung) return true;
    const auto* schedule = step<graph::Schedule>(enrollment_.at);
    return schedule != nullptr && timer.index < schedule->rungs.size();
  }

  bool schedule(const ScheduleState& state) const {
    const auto* schedule = step<graph::Schedule>(state.step);
    return schedule != nullptr && within(state.done, schedule->rungs.size()) &&
           (!state.running || *state.running < schedule->rungs.size());
  }

  bool held(const HeldSince& held) const {
    return held.rule < graph_.exits.size() &&
           std::holds_alternative<graph::ExitWhen>(graph_.exits[held.rule]);
  }

  bool measure() const {
    const Measure& measure = enrollment_.measure;
    return within(measure.goals_met, graph_.goals.size()) &&
           of(measure.arms,
              [&](const ArmTaken& taken) {
                const auto* split = step<graph::Split>(taken.split);
                return split != nullptr && taken.arm < split->arms.size();
              }) &&
           of(measure.open, [&](const OpenMeasure& open) {
             const auto* split = step<graph::Split>(open.split);
             return split != nullptr && split->measure.has_value();
           });
  }

  // No bit is set from `count` on.
  static bool within(std::uint64_t bits, std::size_t count) {
    return count >= 64 || (bits >> count) == 0;
  }

  const Enrollment& enrollment_;
  const graph::Graph& graph_;
};

base::Error damaged(const char* how) {
  return {base::Error::Kind::kFatal, std::string("a stored enrollment is damaged: ") + how,
          "restore the database from a backup"};
}

}  // namespace

bool fits(const Enrollment& enrollment, const graph::Graph& graph) {
  return Fit(enrollment, graph).all();
}

base::Result<Enrollment> read_enrollment(std::string_view bytes, std::uint64_t user,
                                         std::uint32_t number, const graph::Graph& graph,
                                         const StepNumbers& numbers) {
  auto read = decode(bytes, user, number, numbers);
  if (read && !fits(*read, graph)) return tl::unexpected(damaged("it does not fit its journey"));
  return read;
}

base::Result<Enrollment> read_live_enrollment(std::string_view bytes, std::uint64_t user,
                                              std::uint32_t number, const graph::Graph& graph,
                                              const StepNumbers& numbers) {
  auto read = read_enrollment(bytes, user, number, graph, numbers);
  if (read && read->exit_reason) return tl::unexpected(damaged("it has ended"));
  return read;
}

}  // namespace sojourn::engine
