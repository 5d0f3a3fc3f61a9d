// What the dispatcher wants from Iterable, before it is a request. Values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/hash.h"
#include "base/instant.h"
#include "connectors/recipient.h"
#include "graph/catalog.h"
#include "graph/value.h"

namespace sojourn::connectors::iterable {

// One message to one user. In its data, `data` wins over `carried` by name; the
// reserved name (graph/reserved.h) always holds the message key.
struct SendCommand {
  graph::Medium medium = graph::Medium::kEmail;
  std::int64_t campaign_id = 0;
  Recipient recipient;
  std::vector<graph::Field> data;  // the send's `with`
  // Profile fields whose update Iterable took less than 60 s ago: it may render
  // the message before it has applied them, so they travel with it.
  std::vector<graph::Field> carried;
  base::Hash128 message_key;
  // Comes back in Iterable's webhooks where the medium has metadata, beside the key.
  std::vector<graph::Field> metadata;
};

// New values of profile fields; a missing value clears the field.
struct UpdateCommand {
  Recipient user;
  std::vector<graph::Field> fields;
  // The profile before the change; without it every field is taken for changed.
  std::optional<std::vector<graph::Field>> known;
};

// An event of the user's. A repeat with the same key changes nothing there.
struct TrackCommand {
  Recipient user;
  std::string wire_name;
  std::vector<graph::Field> fields;
  base::Instant created_at;
  base::Hash128 message_key;
};

// The user joins a static list, or leaves it.
struct ListCommand {
  Recipient user;
  std::int64_t list_id = 0;
  bool joins = true;
};

// The user is subscribed to a message type, or unsubscribed from it.
struct SubscriptionCommand {
  Recipient user;
  std::int64_t message_type_id = 0;
  bool subscribes = true;
};

// Iterable asks the user, by SMS, whether they want messages of the type.
struct DoubleOptInCommand {
  Recipient user;
  std::int64_t message_type_id = 0;
};

}  // namespace sojourn::connectors::iterable
