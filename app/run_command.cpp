#include "app/run_command.h"

#include <memory>
#include <ostream>
#include <utility>

#include "app/check_command.h"
#include "app/command_error.h"
#include "app/daemon.h"
#include "app/daemon_setup.h"
#include "app/descriptor_limit.h"
#include "app/log.h"
#include "base/driven_clock.h"
#include "runtime/uv/loop.h"
#include "runtime/uv/signals.h"
#include "runtime/uv/system_clock.h"

namespace sojourn::app {
namespace {

// SIGTERM to the end of the process takes at most ten seconds: this for attempts
// under way, the rest for the last commit.
constexpr base::Millis kDrainGrace = base::seconds(8);

base::Result<std::string> required_secret(const Config& config,
                                          const std::optional<SecretSource>& source,
                                          const char* section) {
  if (source) return read_secret(config, *source);
  return base::failure(base::Error::Kind::kInvalid,
                       std::string("sojourn.toml names no key under ") + section,
                       "write `key_file = \"FILE\"` or `key_env = \"NAME\"` there");
}

void look_at_descriptors(const Config& config, const Log& log) {
  const DescriptorLimit limit = raise_descriptor_limit(config);
  if (limit.allowed >= limit.needed) return;
  log.line(
      Log::Level::kWarning, "few_descriptors",
      {{"needed", std::to_string(limit.needed)},
       {"allowed", std::to_string(limit.allowed)},
       {"hint", "raise LimitNOFILE of the unit, or `ulimit -Hn`; else connections are dropped"}});
}

int serve(DaemonOptions options, base::Clock& clock, std::ostream& out, std::ostream& err) {
  const Log log(clock, false);
  uv::Loop loop;
  int code = kClean;
  options.on_fatal = [&](const base::Error& error) {
    log.line(Log::Level::kError, "fatal", {{"message", error.message}, {"hint", error.hint}});
    code = kFindings;
    loop.stop();
  };
  look_at_descriptors(options.config, log);
  const std::string host = options.config.http.host;
  Daemon daemon(loop, clock, log, std::move(options));
  if (auto started = daemon.start(); !started) return report_error(started.error(), err);
  out << "listening http=" << host << ":" << daemon.port() << std::endl;
  log.info("started", {{"http", host + ":" + std::to_string(daemon.port())}});
  bool stopping = false;
  const uv::StopSignals signals(loop, [&](int) {
    if (std::exchange(stopping, true)) return loop.stop();
    log.info("stopping");
    daemon.close(kDrainGrace, [&] { loop.stop(); });
  });
  loop.run();
  log.info("stopped");
  return code;
}

}  // namespace

int run(const RunOptions& options, std::ostream& out, std::ostream& err) {
  int code = kCouldNotRun;
  auto loaded = load_for_daemon(options.project, options.environment, err, code);
  if (!loaded) return code;
  auto intake_key = required_secret(loaded->config, loaded->config.intake_key, "[intake]");
  if (!intake_key) return report_error(intake_key.error(), err);
  auto iterable_key = required_secret(loaded->config, loaded->config.iterable_key, "[iterable]");
  if (!iterable_key) return report_error(iterable_key.error(), err);
  DaemonOptions daemon;
  if (const auto& source = loaded->config.notices.key) {
    auto notice_key = read_secret(loaded->config, *source);
    if (!notice_key) return report_error(notice_key.error(), err);
    daemon.notice_key = std::move(*notice_key);
  }
  daemon.config = std::move(loaded->config);
  daemon.program = std::move(loaded->program);
  daemon.intake_key = std::move(*intake_key);
  daemon.iterable_key = std::move(*iterable_key);
  if (options.clock) {
    base::DrivenClock clock(*options.clock);
    return serve(std::move(daemon), clock, out, err);
  }
  uv::SystemClock clock;
  return serve(std::move(daemon), clock, out, err);
}

}  // namespace sojourn::app
