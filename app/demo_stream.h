// The event stream that an example ships: one JSON object a line,
// {"at":"2026-03-01T09:00:00Z","path":"/api/events/track","body":{…}}, in order of
// `at`. `body` is what the sender posts.
#pragma once

#include <string>
#include <vector>

#include "base/instant.h"
#include "base/result.h"

namespace sojourn::app {

struct StreamItem {
  base::Instant at;
  std::string path;
  std::string body;
};

// An error names the line. Empty, or out of order, is one too.
base::Result<std::vector<StreamItem>> read_stream(const std::string& file);

}  // namespace sojourn::app
