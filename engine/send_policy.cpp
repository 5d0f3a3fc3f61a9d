#include "engine/send_policy.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "graph/built_in.h"

namespace sojourn::engine {
namespace {

bool holds_id(const graph::Value& list, std::int64_t id) {
  return list.kind() == graph::Value::Kind::kList &&
         std::ranges::find(list.as_list(), graph::Value(id)) != list.as_list().end();
}

// The list with `id` at its end, or without it; nothing when it is so already.
std::optional<graph::Value> with_id(const graph::Value& list, std::int64_t id, bool present) {
  if (holds_id(list, id) == present) return std::nullopt;
  graph::List ids;
  if (list.kind() == graph::Value::Kind::kList) ids = list.as_list();
  std::erase(ids, graph::Value(id));
  if (present) ids.emplace_back(id);
  return graph::Value(std::move(ids));
}

}  // namespace

bool is_channel_off(const ProfileView& profile, const graph::MessageType& type) {
  return type.channel && holds_id(profile.field(graph::kUnsubscribedChannelIds), *type.channel);
}

bool is_subscribed(const ProfileView& profile, const graph::MessageType& type) {
  return has_consented(profile, type) && !is_channel_off(profile, type);
}

bool has_consented(const ProfileView& profile, const graph::MessageType& type) {
  const bool opt_out = type.policy == graph::ConsentPolicy::kOptOut;
  if (!type.id) return opt_out;
  if (holds_id(profile.field(graph::kUnsubscribedIds), *type.id)) return false;
  return opt_out || holds_id(profile.field(graph::kSubscribedIds), *type.id);
}

std::vector<graph::Field> with_subscription(const ProfileView& profile,
                                            const graph::MessageType& type, bool subscribed) {
  std::vector<graph::Field> fields;
  if (!type.id) return fields;
  const auto change = [&](std::string_view name, bool present) {
    auto ids = with_id(profile.field(name), *type.id, present);
    if (ids) fields.emplace_back(name, std::move(*ids));
  };
  change(graph::kSubscribedIds, subscribed);
  change(graph::kUnsubscribedIds, !subscribed);
  return fields;
}

std::vector<graph::Field> with_consent_of(const ProfileView& profile, const ProfileView& other,
                                          bool subscriptions) {
  std::vector<graph::Field> fields;
  for (const std::string_view name :
       {graph::kUnsubscribedIds, graph::kUnsubscribedChannelIds, graph::kSubscribedIds}) {
    if (name == graph::kSubscribedIds && !subscriptions) continue;
    const graph::Value& known = profile.field(name);
    const graph::Value& more = other.field(name);
    if (more.kind() != graph::Value::Kind::kList) continue;
    graph::List ids;
    if (known.kind() == graph::Value::Kind::kList) ids = known.as_list();
    const std::size_t before = ids.size();
    for (const graph::Value& id : more.as_list()) {
      if (std::ranges::find(ids, id) == ids.end()) ids.push_back(id);
    }
    if (ids.size() != before) fields.emplace_back(name, graph::Value(std::move(ids)));
  }
  return fields;
}

SendPolicy send_policy(const ProfileView& profile, const graph::Campaign& campaign,
                       const graph::MessageType& type) {
  SendPolicy policy;
  // Iterable finds the address by userId too, so only somebody without either
  // identity has none. A phone number must stand in the profile.
  policy.needs_phone =
      campaign.medium == graph::Medium::kSms || campaign.medium == graph::Medium::kWhatsApp;
  policy.consent_missing = !is_subscribed(profile, type);
  policy.kind = graph::kind_of(campaign, type);
  policy.once = campaign.once;
  return policy;
}

}  // namespace sojourn::engine
