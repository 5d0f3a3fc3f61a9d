// The hosts that webhooks may be on. A value; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "connectors/webhook/target.h"

namespace sojourn::connectors::webhook {

class AllowList {
 public:
  // Entries are "host" (at the port of the webhook's scheme) or "host:PORT". No
  // patterns: who is asked about people is named. `key`: what messages call the list.
  static base::Result<AllowList> from_entries(const std::vector<std::string>& entries,
                                              std::string_view key);
  bool allows(const Target& target) const;

 private:
  struct Entry {
    Target target;
    bool has_port = false;
  };
  std::vector<Entry> entries_;
};

}  // namespace sojourn::connectors::webhook
