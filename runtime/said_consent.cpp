#include "runtime/said_consent.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "graph/built_in.h"

namespace sojourn::runtime {
namespace {

using graph::Value;

// `kSaidTimes`: an object of `c31` (a channel) and `t41` (a message type), each with the time of
// the last word about it; and under this name the moment up to which it reckons with what others
// have written into the subscription fields.
constexpr std::string_view kWritten = "written";

std::string name_of(char kind, std::int64_t id) {
  return kind + std::to_string(id);
}

graph::Object object_of(const UserHead& head, std::string_view field) {
  const ProfileField* found = head.find(field);
  if (found == nullptr || found->value.kind() != Value::Kind::kObject) return {};
  return found->value.as_object();
}

graph::List ids_of(const UserHead& head, std::string_view field) {
  const ProfileField* found = head.find(field);
  if (found == nullptr || found->value.kind() != Value::Kind::kList) return {};
  return found->value.as_list();
}

const Value* find(const graph::Object& object, std::string_view name) {
  const auto found = std::ranges::find(object, name, &graph::Field::first);
  return found == object.end() ? nullptr : &found->second;
}

void put(graph::Object& object, std::string name, Value value) {
  const auto place =
      std::ranges::lower_bound(object, name, {}, [](const graph::Field& f) { return f.first; });
  if (place != object.end() && place->first == name) {
    place->second = std::move(value);
  } else {
    object.emplace(place, std::move(name), std::move(value));
  }
}

bool holds(const graph::List& ids, std::int64_t id) {
  return std::ranges::find(ids, Value(id)) != ids.end();
}

void set(graph::List& ids, std::int64_t id, bool present) {
  if (holds(ids, id) == present) return;
  if (present) {
    ids.emplace_back(id);
  } else {
    std::erase(ids, Value(id));
  }
}

// What is known of one profile while a notice is worked in.
class Consent {
 public:
  Consent(const UserHead& head, base::Instant now)
      : head_(head),
        now_(now),
        times_(object_of(head, graph::kSaidTimes)),
        subscribed_(ids_of(head, graph::kSubscribedIds)),
        unsubscribed_(ids_of(head, graph::kUnsubscribedIds)),
        channels_(ids_of(head, graph::kUnsubscribedChannelIds)) {
    reckon_with_others('t', unsubscribed_, graph::kUnsubscribedIds);
    reckon_with_others('c', channels_, graph::kUnsubscribedChannelIds);
  }

  void take(const SaidConsent& said) {
    for (const std::int64_t id : said.channels) {
      if (!is_news('c', id, said)) continue;
      set(channels_, id, !said.subscribes);
    }
    for (const std::int64_t id : said.message_types) {
      if (!is_news('t', id, said)) continue;
      set(subscribed_, id, said.subscribes);
      set(unsubscribed_, id, !said.subscribes);
    }
  }

  std::vector<graph::Field> changes() {
    std::vector<graph::Field> fields;
    if (!is_changed_) return fields;
    const auto change = [&](std::string_view name, graph::List& ids) {
      if (ids != ids_of(head_, name)) fields.emplace_back(name, Value(std::move(ids)));
    };
    change(graph::kSubscribedIds, subscribed_);
    change(graph::kUnsubscribedIds, unsubscribed_);
    change(graph::kUnsubscribedChannelIds, channels_);
    forget_oldest();
    put(times_, std::string(kWritten), Value(now_));
    fields.emplace_back(graph::kSaidTimes, Value(std::move(times_)));
    return fields;
  }

 private:
  // Somebody else has written the field since: the no's that stand in it are as late as that.
  void reckon_with_others(char kind, const graph::List& refused, std::string_view field) {
    const ProfileField* found = head_.find(field);
    const Value* written = find(times_, kWritten);
    if (found == nullptr || (written != nullptr && found->at <= written->as_timestamp())) return;
    for (const Value& id : refused) {
      if (id.kind() != Value::Kind::kInteger) continue;
      const std::string name = name_of(kind, id.as_integer());
      const Value* known = find(times_, name);
      if (known == nullptr || known->as_timestamp() < found->at)
        put(times_, name, Value(found->at));
    }
  }

  // Notes when it was said, if it is.
  bool is_news(char kind, std::int64_t id, const SaidConsent& said) {
    const std::string name = name_of(kind, id);
    if (const Value* known = find(times_, name); known != nullptr && !said.is_last) {
      const base::Instant last = known->as_timestamp();
      if (said.subscribes ? said.at <= last : said.at < last) return false;
    }
    put(times_, name, Value(said.at));
    is_changed_ = true;
    return true;
  }

  void forget_oldest() {
    std::erase_if(times_, [](const graph::Field& field) { return field.first == kWritten; });
    while (times_.size() > kMaxSaidIds) {
      times_.erase(std::ranges::min_element(
          times_, {}, [](const graph::Field& field) { return field.second.as_timestamp(); }));
    }
  }

  const UserHead& head_;
  const base::Instant now_;
  graph::Object times_;
  graph::List subscribed_;
  graph::List unsubscribed_;
  graph::List channels_;
  bool is_changed_ = false;
};

}  // namespace

std::vector<graph::Field> with_said(const UserHead& head, const SaidConsent& said,
                                    base::Instant now) {
  Consent consent(head, now);
  consent.take(said);
  return consent.changes();
}

bool holds_too_many_ids(const std::vector<graph::Field>& fields) {
  return std::ranges::any_of(fields, [](const auto& field) {
    return field.second.kind() == Value::Kind::kList && field.second.as_list().size() > kMaxSaidIds;
  });
}

bool changes_consent(const std::vector<graph::Field>& fields) {
  return std::ranges::any_of(fields,
                             [](const auto& field) { return field.first != graph::kSaidTimes; });
}

std::optional<graph::Value> with_suppression(const UserHead& head, const Suppression& said) {
  graph::Object media = object_of(head, graph::kSuppressed);
  const std::string_view medium = graph::to_string(said.medium);
  if (const Value* known = find(media, medium)) {
    const Value* at = find(known->as_object(), graph::kSuppressedAt);
    if (at != nullptr && at->as_timestamp() >= said.at) return std::nullopt;
  }
  graph::Object entry;
  put(entry, std::string(graph::kSuppressedAt), Value(said.at));
  if (!said.address.empty()) put(entry, std::string(graph::kSuppressedOf), Value(said.address));
  if (!said.reason.empty()) put(entry, std::string(graph::kSuppressedWhy), Value(said.reason));
  put(media, std::string(medium), Value(std::move(entry)));
  return Value(std::move(media));
}

std::optional<graph::Value> without_other_addresses(const UserHead& head, std::string_view email) {
  graph::Object media = object_of(head, graph::kSuppressed);
  const auto said = std::ranges::find(media, graph::to_string(graph::Medium::kEmail),
                                      [](const graph::Field& field) { return field.first; });
  if (said == media.end() || said->second.kind() != Value::Kind::kObject) return std::nullopt;
  const Value* of = find(said->second.as_object(), graph::kSuppressedOf);
  if (of == nullptr || *of == Value(std::string(email))) return std::nullopt;
  media.erase(said);
  return Value(std::move(media));
}

}  // namespace sojourn::runtime
