#include "runtime/delivery_endpoint.h"

#include "runtime/program.h"

namespace sojourn::runtime {
namespace {

// Endpoints stand in the order of the media.
Endpoint endpoint_of(graph::Medium medium) {
  return static_cast<Endpoint>(medium);
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
