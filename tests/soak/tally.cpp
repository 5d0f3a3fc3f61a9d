#include "tests/soak/tally.h"

#include <utility>

namespace sojourn::soak {

void Tally::differ(Difference difference) {
  ++unexplained;
  if (shown.size() < kMaxShown) shown.push_back(std::move(difference));
}

}  // namespace sojourn::soak
