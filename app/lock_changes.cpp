#include "app/lock_changes.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <functional>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "dsl/display_text.h"

namespace sojourn::app {
namespace {

// What is said of an item: by name of the property, in order.
using Facts = std::vector<std::pair<std::string_view, std::string>>;

std::string id_text(std::optional<std::int64_t> id) {
  return id ? std::to_string(*id) : "unknown";
}

Facts facts_of(const dsl::LockedChannel& channel) {
  return {{"name", channel.name}, {"kind", channel.kind}, {"medium", channel.medium}};
}
Facts facts_of(const dsl::LockedMessageType& type) {
  return {
      {"name", type.name}, {"channel", std::to_string(type.channel)}, {"consent", type.consent}};
}
Facts facts_of(const dsl::LockedCampaign& campaign) {
  return {{"name", campaign.name},
          {"type", campaign.type},
          {"state", campaign.state},
          {"medium", campaign.medium},
          {"template", id_text(campaign.template_id)},
          {"message type", id_text(campaign.message_type)}};
}
Facts facts_of(const dsl::LockedList& list) {
  return {{"name", list.name}, {"type", list.type}};
}
Facts facts_of(const dsl::LockedUserField& field) {
  return {{"type", field.type}};
}
Facts facts_of(const std::string&) {
  return {};
}

template <typename Item>
std::string called(const Item& item) {
  return fmt::format("{} `{}`", item.id, dsl::printable(item.name));
}
std::string called(const dsl::LockedUserField& field) {
  return fmt::format("`{}`", dsl::printable(field.name));
}
std::string called(const std::string& event) {
  return fmt::format("`{}`", dsl::printable(event));
}

template <typename Item>
auto key_of(const Item& item) {
  return item.id;
}
std::string key_of(const dsl::LockedUserField& field) {
  return field.name;
}
std::string key_of(const std::string& event) {
  return event;
}

template <typename Item>
void compare(std::string_view what, const std::vector<Item>& before, const std::vector<Item>& after,
             std::vector<std::string>& changes) {
  using Key = decltype(key_of(before.front()));
  std::map<Key, std::pair<const Item*, const Item*>> both;
  for (const Item& item : before) both[key_of(item)].first = &item;
  for (const Item& item : after) both[key_of(item)].second = &item;
  for (const auto& [key, pair] : both) {
    const auto& [old_item, new_item] = pair;
    if (old_item == nullptr || new_item == nullptr) {
      const Item& item = old_item == nullptr ? *new_item : *old_item;
      changes.push_back(
          fmt::format("{} {} {}", what, called(item), old_item == nullptr ? "is new" : "is gone"));
      continue;
    }
    const Facts old_facts = facts_of(*old_item);
    const Facts new_facts = facts_of(*new_item);
    std::vector<std::string> differences;
    for (std::size_t i = 0; i < old_facts.size(); ++i) {
      if (old_facts[i] == new_facts[i]) continue;
      differences.push_back(fmt::format("{} {} -> {}", old_facts[i].first,
                                        dsl::printable(old_facts[i].second),
                                        dsl::printable(new_facts[i].second)));
    }
    if (differences.empty()) continue;
    changes.push_back(
        fmt::format("{} {}: {}", what, called(*new_item), fmt::join(differences, ", ")));
  }
}

}  // namespace

std::vector<std::string> lock_changes(const dsl::IdsLock& before, const dsl::IdsLock& after) {
  std::vector<std::string> changes;
  compare("channel", before.channels, after.channels, changes);
  compare("message type", before.message_types, after.message_types, changes);
  compare("campaign", before.campaigns, after.campaigns, changes);
  compare("list", before.lists, after.lists, changes);
  compare("user field", before.user_fields, after.user_fields, changes);
  compare("event", before.events, after.events, changes);
  return changes;
}

}  // namespace sojourn::app
