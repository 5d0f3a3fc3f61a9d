// Iterable's side of the calls that Sojourn makes and takes, without sockets: a
// request in, the reply that Iterable would give out, what was accepted kept in
// the inbox. The reply may be sent once the inbox was flushed. One thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "base/result.h"
#include "sandbox/exchange.h"
#include "sandbox/happenings.h"
#include "sandbox/sent_message.h"

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
  // A profile, and a list or a catalog that was made, are to be seen only so long after the call.
  base::Millis read_lag = {};
  // The published limits hold, see rate_limits.h.
  bool rate_limits = false;
  // Somebody takes `take_sent`.
  bool tell_of_sends = false;
};

class IterableService {
 public:
  static base::Result<std::unique_ptr<IterableService>> make(Inbox& inbox, ServiceOptions options);
  ~IterableService();

  // What was scheduled and is due by `now` is sent first.
  Reply handle(const Request& request, base::Instant now);
  base::Status advance(base::Instant now);
  // The messages whose fate became known since the last call; none unless `tell_of_sends`.
  std::vector<SentMessage> take_sent();
  // What somebody did with a message changes the project: who unsubscribed is off the channel.
  base::Status happened(const SentMessage& message, Happening::Kind kind, base::Instant at);
  std::vector<std::int64_t> email_channels() const;
  std::int64_t project_id() const;

  // The page for people, see page.h.
  Reply show(std::string_view query);

 private:
  struct Parts;
  Reply answered(const Request& request, base::Instant now);
  explicit IterableService(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace sojourn::sandbox
