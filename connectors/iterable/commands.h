// What the dispatcher wants from Iterable, before it is a request. Values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
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
  // Iterable keeps it until then: up to 365 days; a moment that is past is now. None: now.
  std::optional<base::Instant> send_at;
  // False: Iterable skips the message if the same campaign went to the same user lately
  // (DuplicateMarketingMessage). None: Iterable's default, true.
  std::optional<bool> allow_repeats;
};

// A message that Iterable keeps until its `send_at`: it is not to be sent.
struct CancelCommand {
  graph::Medium medium = graph::Medium::kEmail;
  // As the answer to the send said; else every message of the campaign that waits for the user.
  std::optional<std::int64_t> scheduled_message_id;
  std::int64_t campaign_id = 0;
  Recipient recipient;
};

// New values of profile fields; a missing value clears the field.
struct UpdateCommand {
  Recipient user;
  std::vector<graph::Field> fields;
  // The profile before the change; without it every field is taken for changed.
  std::optional<std::vector<graph::Field>> known;
};

// Only in projects that tell users apart by email. A repeat is refused: the old email is gone.
struct ChangeEmailCommand {
  Recipient user;
  std::string new_email;
};

// What is known of `source` moves to `destination`, and `source` is no more: a repeat is refused.
struct MergeCommand {
  // Both values of a field of the profile are kept, as one list.
  struct Array {
    std::string field;      // top level, of the project's own
    std::string dedupe_by;  // of a list of objects: the member that tells them apart; or empty
  };
  Recipient source;
  Recipient destination;
  std::vector<Array> arrays;
};

// The user is deleted. Iterable takes what comes about them later.
struct DeleteCommand {
  Recipient user;
};

// The user is deleted and Iterable refuses what comes about them later; or no longer refuses it.
struct ForgetCommand {
  Recipient user;
  bool forgets = true;
};

// An event of the user's. A repeat with the same key changes nothing there.
struct TrackCommand {
  Recipient user;
  std::string wire_name;
  std::vector<graph::Field> fields;
  base::Instant created_at;
  base::Hash128 message_key;
};

// A line of a purchase or of a cart.
struct CommerceItem {
  std::string id;
  std::string name;
  double price = 0;
  std::int64_t quantity = 1;
  std::string sku;
  std::string description;
  std::vector<std::string> categories;
  std::string url;
  std::string image_url;
  std::vector<graph::Field> fields;
};

// A repeat with the same key changes nothing there. Empties the user's cart.
struct PurchaseCommand {
  Recipient user;
  std::vector<CommerceItem> items;
  double total = 0;
  std::vector<graph::Field> fields;
  base::Instant created_at;
  base::Hash128 message_key;
  // What the purchase is put down to.
  std::optional<std::int64_t> campaign_id;
  std::optional<std::int64_t> template_id;
};

// Replaces the cart; no items: it is empty.
struct CartCommand {
  Recipient user;
  std::vector<CommerceItem> items;
};

// The user joins a static list, or leaves it.
struct ListCommand {
  Recipient user;
  std::int64_t list_id = 0;
  bool joins = true;
};

// The user is subscribed to one thing, or unsubscribed from it; what else they are subscribed to
// stays.
struct SubscriptionCommand {
  enum class Group : std::uint8_t { kMessageType, kChannel, kList };
  Recipient user;
  std::int64_t id = 0;  // of the message type, channel or list
  bool subscribes = true;
  Group group = Group::kMessageType;
};

// Iterable asks the user, by SMS, whether they want messages of the type.
struct DoubleOptInCommand {
  Recipient user;
  std::int64_t message_type_id = 0;
};

// A row of a catalog. Of names, Iterable takes letters, digits and dashes, at most 255; of `fields`
// at most 30 kB.
struct CatalogItemCommand {
  enum class What : std::uint8_t {
    kReplace,  // is what `fields` say, and nothing else
    kMerge,    // `fields` are as they say; others stay
    kDelete,
  };
  std::string catalog;
  std::string item;
  What what = What::kReplace;
  std::vector<graph::Field> fields;
};

// Many rows at once: at most 1,000.
struct CatalogItemsCommand {
  struct Item {
    std::string id;
    std::vector<graph::Field> fields;
  };
  std::string catalog;
  std::vector<Item> items;
  CatalogItemCommand::What what = CatalogItemCommand::What::kReplace;
};

// A journey of Iterable's own begins for a user, or for a list. A repeat begins it again.
struct WorkflowCommand {
  std::int64_t workflow_id = 0;
  std::variant<Recipient, std::int64_t> who;  // a user, or the id of a list
  std::vector<graph::Field> fields;
};

// The app that a message was shown in.
struct Device {
  std::string id;
  std::string platform;  // "iOS", "Android" or "Web"
  std::string app;       // its package
};

// What somebody did with an in-app or embedded message, from an app that has no SDK of Iterable's.
struct InteractionCommand {
  enum class What : std::uint8_t {
    kInAppOpened,
    kInAppClicked,
    kInAppClosed,
    kInAppDelivered,
    kInAppConsumed,
    kEmbeddedReceived,
    kEmbeddedClicked,
  };
  What what = What::kInAppOpened;
  Recipient user;
  std::string message_id;  // Iterable's
  base::Instant created_at;
  std::optional<Device> device;
  std::string url;     // that was clicked
  std::string action;  // how it was closed or deleted; of embedded messages: which button
};

// How long an app has shown embedded messages.
struct EmbeddedSessionCommand {
  struct Impression {
    std::string message_id;
    std::int64_t placement_id = 0;
    std::int64_t times = 0;
    double seconds = 0;
  };
  Recipient user;
  std::string session_id;
  base::Instant start;
  base::Instant end;
  std::vector<Impression> impressions;
  std::optional<Device> device;
};

// Which in-app messages wait for a user; of embedded ones, which are theirs to see.
struct WaitingMessagesCommand {
  enum class What : std::uint8_t { kInApp, kInAppWeb, kInAppFirst, kEmbedded };
  What what = What::kInApp;
  Recipient user;
  std::int64_t count = 10;               // of in-app messages, but for kInAppFirst
  std::vector<std::int64_t> placements;  // of embedded messages; none: all
};

}  // namespace sojourn::connectors::iterable
