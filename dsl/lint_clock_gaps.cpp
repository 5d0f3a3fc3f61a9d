// Times of day that a clock change leaves out (language 9): `at 02:30`, in a zone where one
// night goes from 02:00 to 03:00.
#include <fmt/core.h>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/civil.h"
#include "calendar/zone.h"
#include "dsl/lint_journey.h"
#include "dsl/report.h"

namespace sojourn::dsl {
namespace {

// No clock tells the present year. By then every zone goes by the rules that its database
// holds for the future.
constexpr int kSomeYear = 2100;
constexpr std::int32_t kMillisPerMinute = 60'000;
constexpr std::int32_t kMinutesPerDay = 1'440;

// [from, to): minutes after midnight that some day lacks. `to` may be midnight, 1440.
struct Gap {
  std::int32_t from = 0;
  std::int32_t to = 0;
};

bool exists(const calendar::Zone& zone, std::int32_t day, std::int32_t minute) {
  const calendar::LocalTime wanted{day, minute * kMillisPerMinute};
  return zone.to_local(zone.to_instant(wanted)) == wanted;
}

void add_gaps_of_day(const calendar::Zone& zone, std::int32_t day, std::vector<Gap>& gaps) {
  for (std::int32_t minute = 0; minute < kMinutesPerDay; ++minute) {
    if (exists(zone, day, minute)) continue;
    Gap gap{minute, minute};
    while (gap.to < kMinutesPerDay && !exists(zone, day, gap.to)) ++gap.to;
    gaps.push_back(gap);
    minute = gap.to;
  }
}

std::vector<Gap> gaps_of_year(const calendar::Zone& zone) {
  std::vector<Gap> gaps;
  const auto first = static_cast<std::int32_t>(base::days_from_civil({kSomeYear, 1, 1}));
  const auto end = static_cast<std::int32_t>(base::days_from_civil({kSomeYear + 1, 1, 1}));
  for (std::int32_t day = first; day < end; ++day) {
    const base::Millis length = zone.to_instant({day + 1, 0}) - zone.to_instant({day, 0});
    if (length < base::days24(1)) add_gaps_of_day(zone, day, gaps);
  }
  return gaps;
}

// The times of day that a step or an entry names, without those of the steps inside it.
struct NamedTimes {
  std::vector<graph::TimeOfDay> times;
  void operator()(const graph::Wait& step) { add(step.at); }
  void operator()(const graph::WaitUntil& step) { add(step.at); }
  // Inside a window any time will do.
  void operator()(const graph::WaitUntilTime& step) {
    if (!step.to) add(step.from);
  }
  void operator()(const graph::Schedule& step) {
    for (const graph::Rung& rung : step.rungs) add(rung.at);
  }
  void operator()(const graph::DateEntry& entry) { add(entry.at); }
  void operator()(const graph::ScheduleEntry& entry) { add(entry.at); }
  template <typename Other>
  void operator()(const Other&) {}
  void add(const std::optional<graph::TimeOfDay>& time) {
    if (time) times.push_back(*time);
  }
};

class ClockGaps {
 public:
  ClockGaps(const LintedProgram& program, std::vector<Diagnostic>& diagnostics)
      : program_(program), diagnostics_(diagnostics) {}

  void look_at(const CompiledJourney& journey) {
    const graph::Graph& graph = journey.graph;
    for (std::size_t i = 0; i < graph.watched.size(); ++i) {
      look_at(journey, graph.watched[i].rule, journey.watched_spans[i]);
    }
    for (graph::StepIndex at = 0; at < graph.steps.size(); ++at) {
      look_at(journey, graph.steps[at].action, journey.step_spans[at]);
    }
  }

 private:
  template <typename Kinds>
  void look_at(const CompiledJourney& journey, const Kinds& what, Span place) {
    NamedTimes found;
    std::visit(found, what);
    for (const graph::TimeOfDay time : found.times) {
      if (report(journey, place, time)) break;
    }
  }

  // Of the zones that the journey names itself; people's own are not known.
  bool report(const CompiledJourney& journey, Span place, graph::TimeOfDay time) {
    for (const graph::ExprId link : journey.graph.zone_chain) {
      const graph::Expression& zone = journey.graph.expressions[link];
      if (zone.op != graph::Op::kConstant) continue;
      for (const Gap& gap : gaps_of(zone.constant.as_string())) {
        if (time.minutes < gap.from || time.minutes >= gap.to) continue;
        if (!told_.emplace(place, time.minutes).second) return true;
        diagnostics_.push_back(
            diagnose(messages::kSkippedClockTime, first_line(program_.files[place.file], place),
                     graph::to_string(time), zone.constant.as_string())
                .label(fmt::format("one night the clock goes from {} to {}, and then this is {}",
                                   clock(gap.from), clock(gap.to), clock(gap.to)))
                .help("choose a time that every day has"));
        return true;
      }
    }
    return false;
  }

  static std::string clock(std::int32_t minute) {
    return graph::to_string(graph::TimeOfDay{minute % kMinutesPerDay});
  }

  const std::vector<Gap>& gaps_of(const std::string& name) {
    const auto known = gaps_.find(name);
    if (known != gaps_.end()) return known->second;
    const calendar::Zone* zone = program_.zones.find(name);
    return gaps_.emplace(name, zone != nullptr ? gaps_of_year(*zone) : std::vector<Gap>())
        .first->second;
  }

  const LintedProgram& program_;
  std::vector<Diagnostic>& diagnostics_;
  std::map<std::string, std::vector<Gap>> gaps_;  // by zone
  std::set<std::pair<Span, std::int32_t>> told_;  // a step of a fragment comes up per use
};

}  // namespace

void lint_clock_gaps(const LintedProgram& program, std::vector<Diagnostic>& diagnostics) {
  ClockGaps gaps(program, diagnostics);
  for (const CompiledJourney& journey : program.journeys) gaps.look_at(journey);
}

}  // namespace sojourn::dsl
