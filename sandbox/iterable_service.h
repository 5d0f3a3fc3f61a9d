// Iterable's side of the calls that Sojourn makes and takes, without sockets: a
// request in, the reply that Iterable would give out, what was accepted kept in
// the inbox. The reply may be sent once the inbox was flushed. One thread.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/instant.h"
#include "base/result.h"
#include "sandbox/exchange.h"

namespace sojourn::sandbox {

class Inbox;

struct ServiceOptions {
  // The only key that is taken; without it, any that is not empty.
  std::optional<std::string> api_key = std::nullopt;
  // The project to play, as the text of a file of docs/sandbox.md; without it, the small one.
  std::optional<std::string> project = std::nullopt;
  std::string project_name = "project";  // names that text in errors
  // A message stands in the list of messages sent only so long after it was taken.
  base::Millis sent_messages_lag = {};
};

class IterableService {
 public:
  static base::Result<std::unique_ptr<IterableService>> make(Inbox& inbox, ServiceOptions options);
  ~IterableService();

  Reply handle(const Request& request, base::Instant now);

 private:
  struct Parts;
  explicit IterableService(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace sojourn::sandbox
