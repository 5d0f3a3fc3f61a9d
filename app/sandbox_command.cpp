#include "app/sandbox_command.h"

#include <fmt/core.h>
#include <fstream>
#include <ostream>
#include <sstream>
#include <utility>

#include "app/check_command.h"
#include "app/command_error.h"
#include "runtime/uv/loop.h"
#include "runtime/uv/signals.h"
#include "runtime/uv/system_clock.h"
#include "sandbox/server.h"
#include "sandbox/table.h"

namespace sojourn::app {
namespace {

base::Result<std::string> text_of_file(const std::string& path) {
  const std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) {
    return base::failure(base::Error::Kind::kNotFound, fmt::format("cannot read `{}`", path),
                         "a project is a JSON file, see docs/sandbox.md");
  }
  return text.str();
}

base::Result<sandbox::SandboxOptions> sandbox_options(const SandboxCommandOptions& options) {
  sandbox::SandboxOptions out;
  out.port = options.port;
  out.record_file = options.record_file;
  out.seed = options.seed;
  if (!options.api_key.empty()) out.service.api_key = options.api_key;
  out.service.sent_messages_lag = base::seconds(options.sent_messages_lag_seconds);
  out.service.read_lag = base::seconds(options.read_lag_seconds);
  out.service.rate_limits = options.rate_limits;
  if (!options.project_file.empty()) {
    auto text = text_of_file(options.project_file);
    if (!text) return tl::unexpected(text.error());
    out.service.project = std::move(*text);
    out.service.project_name = options.project_file;
  }
  for (const std::string& text : options.misbehave) {
    auto rule = sandbox::parse_misbehaviour(text);
    if (!rule) return tl::unexpected(rule.error());
    out.misbehaviour.push_back(std::move(*rule));
  }
  return out;
}

}  // namespace

int sandbox(const SandboxCommandOptions& options, std::ostream& out, std::ostream& err) {
  auto settings = sandbox_options(options);
  if (!settings) return report_error(settings.error(), err);
  uv::SystemClock clock;
  uv::Loop loop;
  auto started = sandbox::Sandbox::start(loop, clock, std::move(*settings));
  if (!started) return report_error(started.error(), err);
  sandbox::Sandbox& running = **started;
  out << "listening http=127.0.0.1:" << running.port() << std::endl;
  bool stopping = false;
  const uv::StopSignals signals(loop, [&](int) {
    if (std::exchange(stopping, true)) return loop.stop();
    running.close([&] { loop.stop(); });
  });
  loop.run();
  out << sandbox::summary_table(running.tallies());
  return kClean;
}

}  // namespace sojourn::app
