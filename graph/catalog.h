// The declared world: what exists in our data and in the Iterable project.
// Made by the language, read by intake, connectors and the engine. Names are
// the project's own; ids are Iterable's and may differ by environment, so they
// take no part in a journey's version.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/instant.h"
#include "graph/sending_rules.h"
#include "graph/type.h"
#include "graph/value.h"

namespace sojourn::graph {

struct UserField {
  std::string name;  // as on the wire
  Type type;
  Value fallback;  // what a missing value reads as; missing if none was declared
};

// `for users where user.F == event.G` or `user.F contains event.G`: to whom an event
// goes instead of to the user it names.
struct FanOut {
  std::string user_field;
  bool contains = false;  // the user's field is a list
  std::string event_field;
  std::uint32_t most = 0;  // with more users than these it is refused whole
};
inline constexpr std::uint32_t kMaxFanOut = 100'000;

struct EventType {
  std::string name;
  std::string wire_name;
  std::vector<TypedField> fields;
  std::optional<FanOut> fan_out = std::nullopt;
  // Kept at least so long, whole, whether or not a journey reads it (`keep`).
  base::Millis keep = {};
};

enum class ConsentPolicy : std::uint8_t { kOptIn, kOptOut, kDoubleOptIn };

struct MessageType {
  std::string name;
  std::optional<std::int64_t> id;
  bool marketing = true;
  ConsentPolicy policy = ConsentPolicy::kOptOut;
  // The channel of Iterable's that it belongs to: who has opted out of that gets none of it.
  std::optional<std::int64_t> channel = std::nullopt;
};

// `subscribe to` has Iterable ask the person, by SMS; they are subscribed once they have said
// yes, which the profile then says.
inline bool is_asked_first(const MessageType& type) {
  return type.policy == ConsentPolicy::kDoubleOptIn;
}

enum class DeliveryMode : std::uint8_t { kAtLeastOnce, kAtMostOnce };

struct Campaign {
  std::string name;
  std::optional<std::int64_t> id;
  Medium medium = Medium::kEmail;
  std::string message_type;
  std::vector<TypedField> data;  // the template's contract
  DeliveryMode delivery = DeliveryMode::kAtLeastOnce;
  bool once = false;  // never twice to one user, in any journey
};
MessageKind kind_of(const Campaign& campaign, const MessageType& type);

struct StaticList {
  std::string name;
  std::optional<std::int64_t> id;
};

// A service of ours that a journey asks something.
struct Webhook {
  std::string name;
  std::string url;  // https
  std::string method = "POST";
  std::vector<std::pair<std::string, std::string>> headers;
  std::string secret;                           // its name in sojourn.toml; empty: none is sent
  base::Millis timeout = base::Millis{10'000};  // of one attempt
  std::vector<TypedField> returns;              // what is read of the answer
};

struct Catalog {
  std::vector<UserField> user_fields;
  std::vector<EventType> events;
  std::vector<MessageType> message_types;
  std::vector<Campaign> campaigns;
  std::vector<StaticList> lists;
  std::vector<Webhook> webhooks;
  SendingRules sending;  // the policy's
  // What each `enter on api` takes: called api_event(JOURNEY), on no wire.
  std::vector<EventType> api_entries;

  const UserField* find_user_field(std::string_view name) const;
  const EventType* find_event(std::string_view name) const;
  const EventType* find_event_by_wire_name(std::string_view wire_name) const;
  const MessageType* find_message_type(std::string_view name) const;
  const Campaign* find_campaign(std::string_view name) const;
  const StaticList* find_list(std::string_view name) const;
  const Webhook* find_webhook(std::string_view name) const;
  // Null when the journey cannot be entered by the API.
  const EventType* find_api_entry(std::string_view journey) const;
};

}  // namespace sojourn::graph
