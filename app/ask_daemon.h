// One question of a command to the running daemon of a project, over its control socket.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "base/instant.h"
#include "base/result.h"

namespace sojourn::app {

struct OperatorOptions {
  std::string project = ".";
  std::string environment;
  bool json = false;
};

// The daemon's answer within `timeout` (0: as long as it lives); its own error text is an error
// here too. An empty `body` asks with a GET, any other with a POST.
base::Result<nlohmann::ordered_json> ask_daemon(const OperatorOptions& options,
                                                const std::string& target,
                                                const std::string& body = {},
                                                base::Millis timeout = base::seconds(10));

// Who runs this command, as far as the shell tells.
std::string caller();

}  // namespace sojourn::app
