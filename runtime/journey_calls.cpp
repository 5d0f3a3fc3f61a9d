// The part of JourneyRunner that asks webhooks and brings their answers to the
// enrollments that wait for them.
#include <utility>

#include "engine/advance.h"
#include "runtime/counter_names.h"
#include "runtime/journey_runner.h"
#include "runtime/program.h"

namespace sojourn::runtime {

void JourneyRunner::plan_call(UserState& user, const Seat& seat, const engine::CallWebhook& call) {
  constexpr auto kKind = DeliveryRecord::Kind::kCall;
  DeliveryRecord record = delivery(seat, call.step, call.occurrence, kKind);
  record.subject = call.webhook;
  record.fields = call.fields;
  record_.count(counter_name({"calls", record.subject, "planned"}));
  planner_->plan(user, key_of(user, seat, call.step, call.occurrence, kKind), std::move(record));
}

std::optional<base::Instant> JourneyRunner::call_open_until(UserState& user,
                                                            const DeliveryRecord& call) const {
  const auto place = place_of(user, call);
  if (!place) return std::nullopt;
  return engine::call_open_until(place->seat.enrollment, place->step, call.occurrence,
                                 clock_of(*place->seat.journey));
}

void JourneyRunner::call_ended(UserState& user, const DeliveryRecord& call,
                               std::optional<std::vector<graph::Field>> reply) {
  begin_input(user);
  if (const auto place = place_of(user, call)) {
    take_input(user, place->seat,
               engine::CallAnswered{place->step, call.occurrence, std::move(reply)});
  }
}

}  // namespace sojourn::runtime
