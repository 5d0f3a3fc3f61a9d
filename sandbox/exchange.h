// One request to the sandbox and its reply, without sockets. Values.
#pragma once

#include <string>
#include <string_view>

namespace sojourn::sandbox {

// Views into the request that the server holds.
struct Request {
  std::string_view method;
  std::string_view path;  // still percent-encoded
  std::string_view query;
  std::string_view api_key;  // empty when no header came
  std::string_view body;
};

struct Reply {
  int status = 200;
  std::string body = {};
  std::string_view content_type = "application/json";  // static text
  std::string retry_after = {};                        // header; empty: not sent
};

}  // namespace sojourn::sandbox
