// `schedule around T … { 3d before at 09:00 {…} … }`. The block of a rung is
// `IDENTITY.3d before`, that of `missing` is `IDENTITY.missing`.
#include <fmt/core.h>
#include <utility>

#include "dsl/check_expression.h"
#include "dsl/narrowing.h"
#include "dsl/step_context.h"
#include "graph/value.h"
#include "graph/verify.h"

namespace sojourn::dsl {
namespace {

// Where a rung stands on the time line, to tell the order: months at their mean
// length, so that `1mo before` and `3w before` can be compared.
double place_of(const graph::Rung& rung) {
  constexpr double kMeanMonthDays = 30.436875;
  constexpr double kMillisPerDay = 86'400'000;
  const double days = rung.offset.months * kMeanMonthDays + rung.offset.days +
                      static_cast<double>(rung.offset.millis) / kMillisPerDay;
  return rung.before ? -days : days;
}

bool comes_earlier(const graph::Rung& rung, const graph::Rung& above) {
  if (place_of(rung) != place_of(above)) return place_of(rung) < place_of(above);
  return rung.at && above.at && *rung.at < *above.at;
}

std::string rung_name(const graph::Rung& rung) {
  return fmt::format("{} {}", graph::to_string(rung.offset), rung.before ? "before" : "after");
}

graph::Rung read_rung(StepContext& context, const ast::Schedule::Rung& written) {
  graph::Rung rung;
  rung.before = written.before;
  if (written.offset) {
    const auto offset = check_duration(context.expressions, *written.offset, "the place of a rung");
    if (offset) rung.offset = *offset;
  }
  if (written.at) rung.at = check_time_of_day(context.expressions, *written.at);
  return rung;
}

void check_order(StepContext& context, const ast::Schedule& schedule,
                 const std::vector<graph::Rung>& rungs) {
  for (std::size_t i = 1; i < rungs.size(); ++i) {
    if (!comes_earlier(rungs[i], rungs[i - 1])) continue;
    context.report.add(
        diagnose(messages::kRungOrder, context.report.first_line(schedule.rungs[i].span))
            .note(context.report.first_line(schedule.rungs[i - 1].span), "after this one in time")
            .help("write the rungs in the order of time"));
  }
}

// The blocks of the rungs. Any rung may be skipped, so each is reached from every
// one above it, and the end from all.
Ways check_rungs(StepContext& context, const StepPlace& place, const ast::Schedule& schedule,
                 const std::string& identity, graph::Schedule& action) {
  Ways ways;
  ways.add(context.flow);
  BlockName names;
  for (std::size_t i = 0; i < schedule.rungs.size(); ++i) {
    context.flow = ways.joined();
    // Without T no rung begins.
    if (schedule.moment) {
      context.flow.facts.merge(facts_of_moment(context.expressions, *schedule.moment));
    }
    std::string name = rung_name(action.rungs[i]);
    const int number = ++names.counts[name];
    if (number > 1) name += fmt::format(" {}", number);
    action.rungs[i].body = check_block(context, schedule.rungs[i].block,
                                       fmt::format("{}.{}.", identity, name), place.label);
    context.let_time_pass();
    ways.add(context.flow);
  }
  return ways;
}

}  // namespace

void check_schedule(StepContext& context, const StepPlace& place, const ast::Schedule& schedule) {
  const std::string identity = context.identify(place.step, place.block, "schedule");
  const graph::StepIndex at = context.open_step(place.label, identity, place.step.span);
  graph::Schedule action;
  action.next = action.missing = place.next;
  if (schedule.moment) {
    const Typed moment = check_moment(context, *schedule.moment);
    action.around = moment.id;
    need_missing(context, moment, *schedule.moment, schedule.up_to != nullptr,
                 schedule.missing.has_value(), place.step.span);
  }
  if (schedule.up_to) {
    action.up_to = check_elapsed(context.expressions, *schedule.up_to, "`up to`");
  }
  if (schedule.rungs.size() > graph::kMaxRungs) {
    context.report.add(diagnose(messages::kTooMany, context.report.first_line(place.step.span),
                                "rungs of a schedule",
                                static_cast<std::int64_t>(graph::kMaxRungs)));
  }
  for (const auto& rung : schedule.rungs) action.rungs.push_back(read_rung(context, rung));
  check_order(context, schedule, action.rungs);
  context.let_time_pass();

  Ways ways = check_rungs(context, place, schedule, identity, action);
  const Flow after = ways.joined();
  if (schedule.missing) {
    // T may be deleted between rungs, so this way too may follow any of them.
    context.flow = after;
    action.missing =
        check_otherwise(context, *schedule.missing, identity + ".missing.", place.next);
    ways.add(context.flow);
  }
  context.flow = ways.joined();
  context.graph.steps[at].action = std::move(action);
}

}  // namespace sojourn::dsl
