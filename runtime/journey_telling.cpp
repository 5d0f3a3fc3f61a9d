// The part of JourneyRunner that tells: what happened to a user, what was decided about them, and
// why, as lines of their log.
#include <utility>

#include "engine/reasons.h"
#include "graph/engagement.h"
#include "runtime/counter_names.h"
#include "runtime/journey_runner.h"
#include "runtime/program.h"

namespace sojourn::runtime {
namespace {

LogRecord::Kind kind_of(engine::Decision::Kind decision) {
  switch (decision) {
    case engine::Decision::Kind::kWay:
      return LogRecord::Kind::kBranch;
    case engine::Decision::Kind::kRungSkipped:
      return LogRecord::Kind::kRungSkipped;
    case engine::Decision::Kind::kRungBegun:
      return LogRecord::Kind::kRungBegun;
    case engine::Decision::Kind::kWaits:
      return LogRecord::Kind::kWaits;
    case engine::Decision::Kind::kMoved:
      return LogRecord::Kind::kMoved;
    case engine::Decision::Kind::kWaitOver:
      return LogRecord::Kind::kWaitOver;
    case engine::Decision::Kind::kExited:
      break;
  }
  return LogRecord::Kind::kExited;
}

}  // namespace

void JourneyRunner::log(UserState& user, LogRecord::Kind kind, const Seat* seat,
                        std::string_view subject, std::string_view detail) {
  user.log(log_line(kind, seat, subject, detail));
}

LogRecord JourneyRunner::log_line(LogRecord::Kind kind, const Seat* seat, std::string_view subject,
                                  std::string_view detail) const {
  LogRecord line;
  line.kind = kind;
  line.at = record_.now;
  if (seat != nullptr) {
    line.journey = seat->journey->graph.journey;
    line.enrollment = seat->enrollment.number;
  }
  line.subject = subject;
  line.detail = detail;
  return line;
}

void JourneyRunner::log(UserState& user, const Seat& seat, const engine::Decision& decision) {
  const auto& steps = seat.journey->graph.steps;
  // Who never came to a step rests at none.
  const std::string_view step =
      decision.step < steps.size() ? std::string_view(steps[decision.step].identity) : "";
  LogRecord line = log_line(kind_of(decision.kind), &seat, step, decision.what);
  if (decision.kind == engine::Decision::Kind::kRungSkipped) {
    line.detail = std::to_string(decision.number);
  }
  line.until = decision.until;
  line.why = decision.why;
  user.log(std::move(line));
}

void JourneyRunner::carry_out(UserState& user, std::size_t index,
                              const engine::Advanced& advanced) {
  auto next = advanced.decisions.begin();
  for (std::size_t i = 0; i <= advanced.effects.size(); ++i) {
    for (; next != advanced.decisions.end() && next->after_effects <= i; ++next) {
      log(user, user.seats()[index], *next);
    }
    if (i < advanced.effects.size()) carry_out(user, index, advanced.effects[i]);
  }
}

void JourneyRunner::log_entered(UserState& user, const Seat& seat, const engine::EventFact& event,
                                const engine::Facts& facts, std::optional<base::Instant> place) {
  LogRecord line =
      log_line(LogRecord::Kind::kEntered, &seat, graph::told(event.name),
               seat.enrollment.queued ? "queued until " + base::to_iso8601(*place) : std::string());
  line.why = engine::reason_of_entry(seat.journey->graph, facts, event, record_.now);
  user.log(std::move(line));
}

void JourneyRunner::refuse(UserState& user, const Journey& journey, const engine::EventFact& event,
                           std::string_view rule) {
  record_.count(counter_name({"refused", journey.graph.journey, rule}));
  LogRecord line;
  line.kind = LogRecord::Kind::kRefused;
  line.at = record_.now;
  line.journey = journey.graph.journey;
  line.subject = graph::told(event.name);
  line.detail = rule;
  user.log(std::move(line));
}

}  // namespace sojourn::runtime
