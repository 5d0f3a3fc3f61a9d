#include "app/ask_daemon.h"

#include <cstdlib>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/config.h"
#include "app/project_files.h"
#include "runtime/uv/unix_request.h"

namespace sojourn::app {

using Json = nlohmann::ordered_json;

base::Result<Json> ask_daemon(const OperatorOptions& options, const std::string& target,
                              const std::string& body, base::Millis timeout) {
  auto root = find_project_root(options.project);
  if (!root) return tl::unexpected(root.error());
  auto config = load_config(*root, options.environment);
  if (!config) return tl::unexpected(config.error());
  auto reply = uv::unix_request(config->control_socket, target, body, timeout);
  if (!reply) {
    return base::failure(
        reply.error().kind,
        fmt::format("no daemon answers at {}: {}", config->control_socket, reply.error().message),
        "start it with `sojourn run`");
  }
  Json json = Json::parse(reply->body, nullptr, false);
  if (reply->status == 200 && !json.is_discarded()) return json;
  const bool explained = json.is_object() && json.contains("error") && json["error"].is_string();
  return base::failure(base::Error::Kind::kNotFound,
                       explained ? json["error"].get<std::string>()
                                 : fmt::format("the daemon answered {}", reply->status));
}

std::string caller() {
  for (const char* name : {"SUDO_USER", "USER", "LOGNAME"}) {
    const char* value = std::getenv(name);
    if (value != nullptr && *value != '\0') return value;
  }
  return "unknown";
}

}  // namespace sojourn::app
