#include "connectors/retry_after.h"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace sojourn::connectors {

std::optional<base::Millis> retry_after(std::string_view header) {
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(header.data(), header.data() + header.size(), count);
  const bool whole = error == std::errc{} && end == header.data() + header.size();
  constexpr std::int64_t kTenDays = std::int64_t{10} * 86'400;
  if (!whole || count < 0) return std::nullopt;
  return base::seconds(std::min(count, kTenDays));
}

}  // namespace sojourn::connectors
