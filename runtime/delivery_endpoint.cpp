#include "runtime/delivery_endpoint.h"

#include "runtime/consent_forward.h"
#include "runtime/erasing_forward.h"
#include "runtime/program.h"

namespace sojourn::runtime {
namespace {

// Endpoints stand in the order of the media.
Endpoint endpoint_of(graph::Medium medium) {
  return static_cast<Endpoint>(medium);
}

// Of a request that is passed on: the lane of those that say the same. A change of a profile,
// whatever its path, goes with the changes of profiles, the most careful of the budgets.
Endpoint endpoint_of(std::string_view path) {
  if (is_delete(path)) return Endpoint::kUsersDelete;
  if (is_erasing(path)) return Endpoint::kUsersForget;
  if (is_consent(path)) return Endpoint::kSubscriptions;
  if (path == "/api/events/track") return Endpoint::kEventsTrack;
  if (path == "/api/lists/subscribe") return Endpoint::kListsSubscribe;
  if (path == "/api/lists/unsubscribe") return Endpoint::kListsUnsubscribe;
  return Endpoint::kUsersUpdate;
}

}  // namespace

Endpoint endpoint_of(const DeliveryRecord& record, const Program& program) {
  switch (record.kind) {
    case DeliveryRecord::Kind::kUpdate:
      return Endpoint::kUsersUpdate;
    case DeliveryRecord::Kind::kTrack:
      return Endpoint::kEventsTrack;
    case DeliveryRecord::Kind::kAddToList:
      return Endpoint::kListsSubscribe;
    case DeliveryRecord::Kind::kRemoveFromList:
      return Endpoint::kListsUnsubscribe;
    case DeliveryRecord::Kind::kSubscribe: {
      const graph::MessageType* type = program.catalog().find_message_type(record.subject);
      const bool asks = type != nullptr && graph::is_asked_first(*type);
      return asks ? Endpoint::kDoubleOptIn : Endpoint::kSubscriptions;
    }
    case DeliveryRecord::Kind::kUnsubscribe:
      return Endpoint::kSubscriptions;
    case DeliveryRecord::Kind::kForward:
      return endpoint_of(record.subject);
    case DeliveryRecord::Kind::kMessage:
    case DeliveryRecord::Kind::kCall:
      break;
  }
  if (const graph::Campaign* campaign = program.find_campaign(record.subject)) {
    return endpoint_of(campaign->medium);
  }
  return endpoint_of(record.medium.value_or(graph::Medium::kEmail));
}

Endpoint claimed_endpoint_of(const DeliveryRecord& record, const Program& program) {
  return record.medium ? endpoint_of(*record.medium) : endpoint_of(record, program);
}

}  // namespace sojourn::runtime
