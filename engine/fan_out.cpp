#include "engine/fan_out.h"

#include <algorithm>

namespace sojourn::engine {

bool is_for(const graph::FanOut& rule, const ProfileView& user,
            const std::vector<graph::Field>& event) {
  const graph::Value wanted = graph::find_field(event, rule.event_field);
  const graph::Value& known = user.field(rule.user_field);
  if (wanted.is_missing() || known.is_missing()) return false;
  if (!rule.contains) return known == wanted;
  if (known.kind() != graph::Value::Kind::kList) return false;
  return std::ranges::find(known.as_list(), wanted) != known.as_list().end();
}

}  // namespace sojourn::engine
