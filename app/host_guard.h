// Refuses requests that a browser was talked into: a page of somebody else's whose name was bound
// to our address (the Host header then has that name), or one that asks across origins. Neither
// needs a key to be a nuisance, and with a key of the browser's it would be worse. Immutable; any
// thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/uv/http_message.h"

namespace sojourn::app {

// The address of this machine's own interface that others cannot reach: `localhost`, 127.0.0.0/8
// and ::1, as they are written in `[listen]`.
bool is_loopback(std::string_view host);

class HostGuard {
 public:
  // Beside IP addresses, which nobody can bind another name to, and `localhost`, these names may
  // stand in Host; `*`: any.
  explicit HostGuard(const std::vector<std::string>& hosts);

  struct Refusal {
    int status = 0;
    std::string_view code;
    std::string message;
  };
  // Nothing: it may go on.
  std::optional<Refusal> doubt(const uv::HttpRequest& request) const;

 private:
  bool knows(std::string_view host) const;

  std::vector<std::string> hosts_;  // in lower case, without a dot at the end
  bool knows_all_ = false;
};

}  // namespace sojourn::app
