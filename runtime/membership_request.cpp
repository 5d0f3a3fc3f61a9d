#include "runtime/membership_request.h"

#include "base/check.h"
#include "connectors/iterable/actions.h"
#include "connectors/iterable/commands.h"
#include "engine/send_policy.h"
#include "runtime/user_state.h"

namespace sojourn::runtime {
namespace {

namespace iterable = connectors::iterable;
using Kind = DeliveryRecord::Kind;
using Request = tl::expected<connectors::HttpRequest, std::string_view>;

// What was decided later has a delivery of its own.
constexpr std::string_view kSuperseded = "superseded";
constexpr std::string_view kNoConsent = "no_consent";

Request list_request(const DeliveryRecord& record, const UserState& user,
                     const connectors::Recipient& recipient, const graph::Catalog& catalog) {
  const bool joins = record.kind == Kind::kAddToList;
  const graph::StaticList* list = catalog.find_list(record.subject);
  SOJOURN_CHECK(list != nullptr && list->id, "what has gone from the program is given up");
  if (user.in_list(record.subject) != joins) return tl::unexpected(kSuperseded);
  return iterable::list_change({recipient, *list->id, joins});
}

Request subscription_request(const DeliveryRecord& record, const UserState& user,
                             const connectors::Recipient& recipient,
                             const graph::Catalog& catalog) {
  const bool subscribes = record.kind == Kind::kSubscribe;
  const graph::MessageType* type = catalog.find_message_type(record.subject);
  SOJOURN_CHECK(type != nullptr && type->id, "what has gone from the program is given up");
  const bool asks = subscribes && graph::is_asked_first(*type);
  // Who is to be asked is not subscribed yet.
  if (engine::has_consented(user, *type) != (subscribes && !asks)) {
    return tl::unexpected(kSuperseded);
  }
  // The question is a message of the channel, too.
  if (asks && engine::is_channel_off(user, *type)) return tl::unexpected(kNoConsent);
  if (asks) return iterable::double_opt_in({recipient, *type->id});
  return iterable::subscription_change({recipient, *type->id, subscribes});
}

}  // namespace

bool is_membership(Kind kind) {
  return kind == Kind::kAddToList || kind == Kind::kRemoveFromList || kind == Kind::kSubscribe ||
         kind == Kind::kUnsubscribe;
}

// Nobody is put on a list a second time: journeys of Iterable's may start again.
Kind what_holds(const DeliveryRecord& record, const UserState& user,
                const graph::Catalog& catalog) {
  if (record.kind == Kind::kAddToList) {
    return user.in_list(record.subject) ? Kind::kAddToList : Kind::kRemoveFromList;
  }
  if (!is_membership(record.kind) || record.kind == Kind::kRemoveFromList) return record.kind;
  const graph::MessageType* type = catalog.find_message_type(record.subject);
  SOJOURN_CHECK(type != nullptr, "what has gone from the program is given up");
  if (graph::is_asked_first(*type)) return record.kind;
  return engine::has_consented(user, *type) ? Kind::kSubscribe : Kind::kUnsubscribe;
}

Request membership_request(const DeliveryRecord& record, const UserState& user,
                           const connectors::Recipient& recipient, const graph::Catalog& catalog) {
  const bool of_list = record.kind == Kind::kAddToList || record.kind == Kind::kRemoveFromList;
  return of_list ? list_request(record, user, recipient, catalog)
                 : subscription_request(record, user, recipient, catalog);
}

}  // namespace sojourn::runtime
