#include "tests/unit/engine/trial_journey.h"

#include "tests/unit/engine/graph_builder.h"

namespace sojourn::engine::test {
namespace {

StepIndex ladder(GraphBuilder& b, StepIndex next) {
  const StepIndex schedule = b.place("ladder");
  const auto many = b.op(Op::kGreaterEqual, {b.user("seats"), b.integer(5)});
  const StepIndex send = b.send("trial_ending", b.wait("pause", elapsed_hours(20), schedule));
  const StepIndex branch =
      b.step("seats", graph::Branch{.arms = {{many, send}}, .otherwise = schedule});
  b.set(schedule,
        graph::Schedule{.around = b.user("trialEndsAt"),
                        .up_to = base::days24(50),
                        .rungs = {{calendar_days(3), true, clock(9), branch},
                                  {elapsed_hours(2), true, {}, b.send("soon", schedule)},
                                  {calendar_days(1), false, {}, b.send("trial_over", schedule)}},
                        .next = next,
                        .missing = b.exit("no_trial_date")});
  return schedule;
}

StepIndex wait_for_opening(GraphBuilder& b, StepIndex opened, StepIndex timeout) {
  const auto mine = b.equal(b.event("ns"), b.entry("ns"));
  const graph::EventArm event{.event = "opened",
                              .where = mine,
                              .bind = 0,
                              .since = graph::Since::kEntry,
                              .since_step = {},
                              .next = opened};
  const graph::EventArm again{.event = "opened",
                              .where = graph::kNoExpr,
                              .bind = {},
                              .since = graph::Since::kStep,
                              .since_step = "first_day",
                              .next = timeout};
  const graph::ConditionArm pro{b.equal(b.user("plan"), b.text("pro")), timeout};
  b.use_slot(0);
  return b.step(
      "opening",
      graph::WaitFor{.arms = {event, pro, again}, .up_to = base::days24(2), .timeout = timeout});
}

}  // namespace

graph::Graph trial_journey() {
  GraphBuilder b;
  b.zone(b.user("timeZone"));
  b.exit_on("purchase", b.equal(b.event("ns"), b.entry("ns")), "converted");
  b.exit_when(b.equal(b.user("plan"), b.text("free")), "downgraded");
  const auto until = b.step("until", graph::WaitUntil{.time = b.local(1),
                                                      .at = clock(9),
                                                      .up_to = base::days24(100),
                                                      .next = b.exit("enough"),
                                                      .past = graph::kCompleted,
                                                      .missing = graph::kCompleted});
  const auto let =
      b.step("let", graph::Let{.slot = 1, .value = b.user("renewsAt"), .next = ladder(b, until)});
  b.use_slot(1);
  const auto track = b.step(
      "track", graph::Track{"toured", b.object({{"at", b.member(b.local(0), "createdAt")}}), let});
  const auto split = b.step(
      "first_feature", graph::Split{.name = "first_feature",
                                    .unit = b.user("accountId"),
                                    .arms = {{"ci", 5000, b.send("ci_tour", track)},
                                             {"security", 5000, b.send("security_tour", track)}}});
  const auto push =
      b.step("push", graph::Send{.campaign = "push", .next = let, .unreachable = split});
  const auto day = b.wait("first_day", calendar_days(1), wait_for_opening(b, split, push));
  const auto update = b.step(
      "update",
      graph::UpdateUser{
          b.object({{"inTrial", b.constant(Value(true))}, {"seats", b.user("bookedSeats")}}), day});
  return b.build(b.send("welcome", update));
}

}  // namespace sojourn::engine::test
