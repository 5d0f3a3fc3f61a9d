// The part of TurnOutbox that is about lanes (lane.h): what finds one shut, and what the end of an
// attempt says of the endpoint it was made to.
#include <fmt/format.h>

#include "base/check.h"
#include "base/random.h"
#include "runtime/call_window.h"
#include "runtime/delivery_endpoint.h"
#include "runtime/outbox_window.h"
#include "runtime/program.h"
#include "runtime/turn_outbox.h"

namespace sojourn::runtime {
namespace {

OperatorNote note_of(Lane::Change change, const LaneReport& lane) {
  switch (change) {
    case Lane::Change::kOpened:
      return {"endpoint_open", fmt::format("endpoint={} reason={} nothing leaves before {}",
                                           lane.name, lane.why, base::to_iso8601(lane.until))};
    case Lane::Change::kClosed:
      return {"endpoint_well", fmt::format("endpoint={}", lane.name)};
    case Lane::Change::kSlowed:
      return {"endpoint_slowed",
              fmt::format("endpoint={} per_second={:.1f}", lane.name, lane.believed_per_second)};
    case Lane::Change::kNone:
      break;
  }
  SOJOURN_CHECK(false, "only a change is noted");
  return {};
}

}  // namespace

Lane& TurnOutbox::lane_of(const DeliveryRecord& record) {
  if (record.parked) return context_.window.lane(Endpoint::kSentMessages);
  return record.kind == DeliveryRecord::Kind::kCall
             ? context_.calls.lane(record.subject)
             : context_.window.lane(endpoint_of(record, context_.program));
}

bool TurnOutbox::wait_for_lane(Work& work) {
  Lane& lane = lane_of(work.record);
  if (lane.open(record_.now)) return false;
  const auto until = lane.put_off_until(record_.now, context_.random);
  if (until && *until > work.next_attempt) plan_again(work, *until);
  return true;
}

void TurnOutbox::leave_lane(const AttemptEnded& ended) {
  if (ended.recovered) return;
  const bool is_call = !ended.webhook.empty();
  Lane& lane = is_call ? context_.calls.lane(ended.webhook) : context_.window.lane(ended.endpoint);
  const Lane::Change change =
      lane.end(ended.health, ended.outcome.reason, record_.now, context_.random);
  if (change == Lane::Change::kNone) return;
  const std::string_view name = is_call ? ended.webhook : to_string(ended.endpoint);
  record_.output.notes.push_back(note_of(change, lane.report(name, record_.now)));
}

}  // namespace sojourn::runtime
