#include "engine/pace.h"

#include <algorithm>

#include "engine/aim.h"

namespace sojourn::engine {

std::optional<base::Instant> next_place(const graph::Pace& pace, const Places& given,
                                        base::Instant now) {
  base::Instant place = now;
  if (!given.empty()) place = std::max(place, given.back());
  if (given.size() >= pace.most) {
    place = std::max(place, later(given[given.size() - pace.most], pace.per));
  }
  if (pace.up_to && place > later(now, *pace.up_to)) return std::nullopt;
  return place;
}

void take_place(const graph::Pace& pace, Places& given, base::Instant place) {
  given.push_back(place);
  while (given.size() > pace.most) given.pop_front();
}

}  // namespace sojourn::engine
