#include "graph/catalog.h"

#include <algorithm>

#include "graph/reserved.h"

namespace sojourn::graph {
namespace {

// Catalogs hold tens of names, so a walk is as good as an index.
template <typename T>
const T* find_by(const std::vector<T>& items, std::string T::* key, std::string_view name) {
  const auto found = std::ranges::find(items, name, key);
  return found == items.end() ? nullptr : &*found;
}

}  // namespace

MessageKind kind_of(const Campaign& campaign, const MessageType& type) {
  return {campaign.medium, type.marketing, type.name};
}

const UserField* Catalog::find_user_field(std::string_view name) const {
  return find_by(user_fields, &UserField::name, name);
}

const EventType* Catalog::find_event(std::string_view name) const {
  return find_by(events, &EventType::name, name);
}

const EventType* Catalog::find_event_by_wire_name(std::string_view wire_name) const {
  return find_by(events, &EventType::wire_name, wire_name);
}

const StaticList* Catalog::find_list(std::string_view name) const {
  return find_by(lists, &StaticList::name, name);
}

const Webhook* Catalog::find_webhook(std::string_view name) const {
  return find_by(webhooks, &Webhook::name, name);
}

const MessageType* Catalog::find_message_type(std::string_view name) const {
  return find_by(message_types, &MessageType::name, name);
}

const Campaign* Catalog::find_campaign(std::string_view name) const {
  return find_by(campaigns, &Campaign::name, name);
}

const EventType* Catalog::find_api_entry(std::string_view journey) const {
  return find_by(api_entries, &EventType::name, api_event(journey));
}

}  // namespace sojourn::graph
