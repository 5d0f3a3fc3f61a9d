// What a connector asks the HTTP client to send: everything but the host and the
// credentials, which belong to the environment and never to a message. A value.
#pragma once

#include <string>

namespace sojourn::connectors {

struct HttpRequest {
  std::string method;  // "GET", "POST", "PUT", "PATCH" or "DELETE"
  std::string path;    // begins with a slash; a query may follow
  std::string body;    // JSON, UTF-8; empty: none
};

}  // namespace sojourn::connectors
