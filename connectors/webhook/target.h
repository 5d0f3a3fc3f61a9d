// Where a webhook's URL leads: scheme, host and port. Read strictly, so that nobody
// after us (the HTTP client, a proxy) can read another host out of the same text.
// Values; any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace sojourn::connectors::webhook {

struct Target {
  bool https = true;
  std::string host;  // lower case; an IPv6 address without its brackets
  int port = 443;

  // "scores.example.com:443", "[::1]:8080": what shares it shares a limit.
  std::string authority() const;
  friend bool operator==(const Target&, const Target&) = default;
};

// An absolute URL of http or https. A user, a fragment, a backslash, spaces and control
// characters are refused, and so is a host that is neither a name, nor four decimal
// numbers, nor an IPv6 address in brackets. kInvalid.
base::Result<Target> parse_target(std::string_view url);

// "host" or "host:PORT", as an allow-list names it. The port is the scheme's (443)
// unless said.
base::Result<Target> parse_authority(std::string_view text, bool https = true);

// `localhost`, 127.0.0.1 and its like, ::1: no network is between here and there.
bool is_loopback(const Target& target);

}  // namespace sojourn::connectors::webhook
