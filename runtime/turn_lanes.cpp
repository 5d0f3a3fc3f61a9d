// The part of TurnOutbox that is about lanes (lane.h): what finds one shut, what waits for another
// of its user, and what the end of an attempt says of the endpoint it was made to.
#include <algorithm>
#include <fmt/format.h>

#include "base/check.h"
#include "base/random.h"
#include "connectors/backoff.h"
#include "runtime/call_window.h"
#include "runtime/changes_under_way.h"
#include "runtime/delivery_endpoint.h"
#include "runtime/lane_number.h"
#include "runtime/operation_record.h"
#include "runtime/outbox_window.h"
#include "runtime/program.h"
#include "runtime/release_gate.h"
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

std::uint32_t TurnOutbox::lane_number_of(const DeliveryRecord& record) const {
  if (record.parked) return lane_number(Endpoint::kSentMessages);
  return record.kind == DeliveryRecord::Kind::kCall
             ? context_.calls.number_of(record.subject)
             : lane_number(endpoint_of(record, context_.program));
}

bool TurnOutbox::wait_for_lane(Work& work) {
  if (lane_of(work.record).open(record_.now)) return false;
  // The next look at that queue finds it no more.
  if (work.stored && work.lane != lane_number_of(work.record)) work.changed = true;
  return true;
}

bool TurnOutbox::wait_for_change(Work& work) {
  const auto what = change_of(endpoint_of(work.record, context_.program));
  if (!what || !context_.changes.must_wait(work.key, *what)) return false;
  plan_again(work, record_.now + ChangesUnderWay::kPatience);
  return true;
}

void TurnOutbox::note_change(const Work& work, Endpoint endpoint) {
  if (const auto what = change_of(endpoint)) context_.changes.claimed(work.key, *what);
}

// The store is read only where something has waited.
void TurnOutbox::let_changes_go(const store::DeliveryKey& ended) {
  const auto waiting = context_.changes.ended(ended);
  if (waiting.empty()) return;
  const auto stored = context_.store.deliveries_of(ended.user);
  if (!stored) {
    status_ = tl::unexpected(stored.error());
    return;
  }
  for (const base::Hash128& message : waiting) {
    const auto found =
        std::ranges::find(*stored, store::DeliveryKey{ended.user, message}, &store::Delivery::key);
    const bool waits =
        found != stored->end() && found->next_attempt && *found->next_attempt != kHeldBack;
    if (!waits) continue;
    auto work = still_planned(*found);
    if (!work) {
      status_ = tl::unexpected(work.error());
      return;
    }
    if (*work == nullptr) continue;
    plan_again(**work, record_.now);
    to_claim_.push_back(*work);
  }
}

// Nobody's time is lost by it.
bool TurnOutbox::wait_for_release(Work& work) {
  const DeliveryRecord& record = work.record;
  const bool was_put_off = record.kind == DeliveryRecord::Kind::kMessage && !record.parked &&
                           record.attempts == 0 && record.planned_at < work.next_attempt;
  if (!was_put_off || !ReleaseGate::comes_with_many(work.next_attempt)) return false;
  const base::Instant place = context_.releases.place(work.key.user, record_.now);
  const bool in_time = !record.last_chance || place <= *record.last_chance;
  if (place <= record_.now || !in_time) return false;
  plan_again(work, place);
  return true;
}

void TurnOutbox::keep_away(Endpoint endpoint, base::Millis asked) {
  constexpr base::Millis kLongest = connectors::BackoffPolicy{}.retry_after_cap;
  context_.window.lane(endpoint).pause(record_.now + std::min(asked, kLongest));
}

void TurnOutbox::leave_lane(const AttemptEnded& ended) {
  if (ended.recovered) return;
  const bool is_call = !ended.webhook.empty();
  Lane& lane = is_call ? context_.calls.lane(ended.webhook) : context_.window.lane(ended.endpoint);
  // It answers, and nothing gets through: once the halt is over, one attempt probes for all.
  const bool halted = ended.outcome.kind == connectors::OutcomeKind::kHalt;
  const Lane::Change change = lane.end(halted ? connectors::Health::kFailing : ended.health,
                                       ended.outcome.reason, record_.now, context_.random);
  if (change == Lane::Change::kNone) return;
  const std::string_view name = is_call ? ended.webhook : to_string(ended.endpoint);
  record_.output.notes.push_back(note_of(change, lane.report(name, record_.now)));
}

}  // namespace sojourn::runtime
