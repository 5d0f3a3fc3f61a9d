// What became of one request: the provider's response, or the failure to get one.
// The dispatcher makes it, `decide` turns it into an Outcome. A value.
#pragma once

#include <string>
#include <variant>

namespace sojourn::connectors {

struct Response {
  int status = 0;
  std::string retry_after;  // the header as it came; empty if it did not
  std::string body;
};

struct TransportFailure {
  // False only when it is certain that the provider saw nothing of the request.
  bool maybe_received = true;
  std::string message;
  // Another attempt would end the same way: the address may not be called, or the
  // answer is not to be taken.
  bool in_vain = false;
};

using Attempt = std::variant<Response, TransportFailure>;

}  // namespace sojourn::connectors
