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

base::Instant when(const graph::Value& said) {
  if (said.kind() == graph::Value::Kind::kTimestamp) return said.as_timestamp();
  if (said.kind() != graph::Value::Kind::kObject) return {};
  const graph::Value& at = graph::find_field(said.as_object(), graph::kSuppressedAt);
  return at.kind() == graph::Value::Kind::kTimestamp ? at.as_timestamp() : base::Instant{};
}

// Of each member the one that was said later; nothing when that is `known` throughout.
std::optional<graph::Value> with_later(const graph::Value& known, const graph::Value& more) {
  if (more.kind() != graph::Value::Kind::kObject) return std::nullopt;
  if (known.kind() != graph::Value::Kind::kObject) return more;
  graph::Object members = known.as_object();
  bool changed = false;
  for (const auto& [name, said] : more.as_object()) {
    const auto place = std::ranges::lower_bound(members, name, {}, &graph::Field::first);
    if (place == members.end() || place->first != name) {
      members.emplace(place, name, said);
    } else if (when(place->second) < when(said)) {
      place->second = said;
    } else {
      continue;
    }
    changed = true;
  }
  if (!changed) return std::nullopt;
  return graph::Value(std::move(members));
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
  for (const std::string_view name : {graph::kSuppressed, graph::kSaidTimes}) {
    if (name == graph::kSaidTimes && !subscriptions) continue;
    auto later = with_later(profile.field(name), other.field(name));
    if (later) fields.emplace_back(name, std::move(*later));
  }
  return fields;
}

std::string_view suppressed(const ProfileView& profile, const graph::MessageKind& kind) {
  const graph::Value& media = profile.field(graph::kSuppressed);
  if (media.kind() != graph::Value::Kind::kObject) return {};
  const graph::Value& said = graph::find_field(media.as_object(), graph::to_string(kind.medium));
  if (said.kind() != graph::Value::Kind::kObject) return {};
  const graph::Value& why = graph::find_field(said.as_object(), graph::kSuppressedWhy);
  if (why.kind() != graph::Value::Kind::kString) return {};
  const graph::Value& of = graph::find_field(said.as_object(), graph::kSuppressedOf);
  const graph::Value& email = profile.field("email");
  const bool is_email = kind.medium == graph::Medium::kEmail;
  if (is_email && !of.is_missing() && !email.is_missing() && !(of == email)) return {};
  if (why.as_string() == graph::kComplaint && !kind.marketing) return {};
  return why.as_string();
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
  policy.suppressed = suppressed(profile, policy.kind);
  policy.once = campaign.once;
  return policy;
}

}  // namespace sojourn::engine
