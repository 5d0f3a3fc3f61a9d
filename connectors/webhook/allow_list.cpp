#include "connectors/webhook/allow_list.h"

#include <algorithm>
#include <fmt/format.h>

namespace sojourn::connectors::webhook {

base::Result<AllowList> AllowList::from_entries(const std::vector<std::string>& entries,
                                                std::string_view key) {
  AllowList list;
  for (const std::string& entry : entries) {
    auto target = parse_authority(entry);
    if (!target) {
      return base::failure(base::Error::Kind::kInvalid,
                           fmt::format("`{}` of `{}` is not a host", entry, key),
                           "write `HOST` or `HOST:PORT`, without https:// and without a star");
    }
    const std::size_t bracket = entry.rfind(']');
    const std::size_t after = bracket == std::string::npos ? 0 : bracket;
    list.entries_.push_back({std::move(*target), entry.find(':', after) != std::string::npos});
  }
  return list;
}

bool AllowList::allows(const Target& target) const {
  const int usual = target.https ? 443 : 80;
  return std::any_of(entries_.begin(), entries_.end(), [&](const Entry& entry) {
    return entry.target.host == target.host &&
           target.port == (entry.has_port ? entry.target.port : usual);
  });
}

}  // namespace sojourn::connectors::webhook
