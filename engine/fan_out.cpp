#include "engine/fan_out.h"

#include <algorithm>

#include "base/bytes.h"
#include "engine/operators.h"

namespace sojourn::engine {
namespace {

// None for what equals nothing: it is missing, or something in it is.
std::optional<base::Hash128> key_of(const graph::Value& value) {
  if (!equal(value, value)) return std::nullopt;
  base::ByteWriter bytes;
  graph::encode_value(canonical(value), bytes);
  return base::stable_hash128(bytes.take());
}

}  // namespace

bool is_for(const graph::FanOut& rule, const ProfileView& user,
            const std::vector<graph::Field>& event) {
  const graph::Value& wanted = graph::find_field(event, rule.event_field);
  const graph::Value& known = user.field(rule.user_field);
  if (!rule.contains) return equal(known, wanted);
  return known.kind() == graph::Value::Kind::kList && contains(known, wanted);
}

std::optional<base::Hash128> fan_out_key(const graph::FanOut& rule,
                                         const std::vector<graph::Field>& event) {
  return key_of(graph::find_field(event, rule.event_field));
}

std::vector<base::Hash128> fan_out_keys(const graph::Value& user_field, bool contains) {
  std::vector<base::Hash128> keys;
  const auto add = [&](const graph::Value& value) {
    if (const auto key = key_of(value)) keys.push_back(*key);
  };
  if (!contains) {
    add(user_field);
  } else if (user_field.kind() == graph::Value::Kind::kList) {
    for (const graph::Value& item : user_field.as_list()) add(item);
  }
  std::ranges::sort(keys);
  const auto twice = std::ranges::unique(keys);
  keys.erase(twice.begin(), twice.end());
  return keys;
}

}  // namespace sojourn::engine
