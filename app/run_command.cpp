#include "app/run_command.h"

#include <csignal>
#include <memory>
#include <optional>
#include <ostream>
#include <utility>

#include "app/check_command.h"
#include "app/command_error.h"
#include "app/connection_budget.h"
#include "app/daemon.h"
#include "app/daemon_setup.h"
#include "app/guard_process.h"
#include "app/key_file.h"
#include "app/log.h"
#include "app/supervision.h"
#include "base/driven_clock.h"
#include "runtime/uv/loop.h"
#include "runtime/uv/signals.h"
#include "runtime/uv/system_clock.h"
#include "runtime/uv/timer.h"

namespace sojourn::app {
namespace {

// SIGTERM to the end of the process takes at most ten seconds: this for attempts
// under way, the rest for the last commit.
constexpr base::Millis kDrainGrace = base::seconds(8);
constexpr base::Millis kLogFlush = base::seconds(1);

base::Result<std::string> required_secret(const Config& config,
                                          const std::optional<SecretSource>& source,
                                          const char* section) {
  if (source) return read_secret(config, *source);
  return base::failure(base::Error::Kind::kInvalid,
                       std::string("sojourn.toml names no key under ") + section,
                       "write `key_file = \"FILE\"` or `key_env = \"NAME\"` there");
}

void say_limited(const Config& config, const Log& log) {
  log.line(Log::Level::kWarning, "connections_limited",
           {{"of_senders", std::to_string(config.max_connections)},
            {"to_iterable", std::to_string(config.iterable_connections)},
            {"hint", "the system lets this process open too few files: raise its limit (nofile)"}});
}

int serve(DaemonOptions options, bool is_limited, base::Clock& clock, std::ostream& out,
          std::ostream& err) {
  const Log log(clock, false);
  uv::Loop loop;
  auto manager = service_manager();
  if (!manager) return report_error(manager.error(), err);
  Supervision supervision(loop, log, std::move(*manager));
  int code = kClean;
  options.on_part = [&](std::string_view part) { supervision.starting(part); };
  options.on_progress = [&] { supervision.goes_on(); };
  options.on_fatal = [&](const base::Error& error) {
    log.line(Log::Level::kError, "fatal", {{"message", error.message}, {"hint", error.hint}});
    supervision.dying(error.message);
    code = kFindings;
    loop.stop();
  };
  if (is_limited) say_limited(options.config, log);
  if (const auto doubt = doubt_about_intake_key(options.config)) {
    log.line(Log::Level::kWarning, "intake_key_is_short", {{"message", *doubt}});
  }
  const std::string host = options.config.http.host;
  Daemon daemon(loop, clock, log, std::move(options));
  if (auto started = daemon.start(); !started) {
    supervision.dying(started.error().message);
    return report_error(started.error(), err);
  }
  bool stopping = false;
  const uv::StopSignals signals(loop, [&](int) {
    if (std::exchange(stopping, true)) return loop.stop();
    log.info("stopping");
    supervision.stopping();
    daemon.close(kDrainGrace, [&] { loop.stop(); });
  });
  // Whoever reads the log may come back when nothing more is said.
  std::optional<uv::Timer> rest_of_log;
  rest_of_log.emplace(loop, [&] {
    log.flush();
    rest_of_log->start(kLogFlush);
  });
  rest_of_log->start(kLogFlush);
  const uv::Signals hang_up(loop, {SIGHUP}, [&](int) { daemon.reload_keys(); });
  // Who reads that may signal: the handlers stand.
  out << "listening http=" << host << ":" << daemon.port() << std::endl;
  // That line is for whoever waits for it; nobody may.
  out.clear();
  log.info("started", {{"http", host + ":" + std::to_string(daemon.port())}});
  supervision.ready([&] { return daemon.shard_rounds(); });
  // Whoever changed them since they were read found nobody to tell.
  daemon.reload_keys();
  loop.run();
  log.info("stopped");
  return code;
}

}  // namespace

int run(const RunOptions& options, std::ostream& out, std::ostream& err) {
  if (auto guarded = guard_process(options.core_dumps); !guarded) {
    return report_error(guarded.error(), err);
  }
  if (auto enough = expect_files(files_allowed()); !enough) {
    return report_error(enough.error(), err);
  }
  int code = kCouldNotRun;
  auto loaded = load_for_daemon(options.project, options.environment, err, code);
  if (!loaded) return code;
  const bool is_limited = fit_connections(loaded->config, files_allowed());
  auto keys = read_access_keys(loaded->config);
  if (!keys) return report_error(keys.error(), err);
  if (auto senders = expect_senders(loaded->config, *keys); !senders) {
    return report_error(senders.error(), err);
  }
  auto iterable_key = required_secret(loaded->config, loaded->config.iterable_key, "[iterable]");
  if (!iterable_key) return report_error(iterable_key.error(), err);
  DaemonOptions daemon;
  if (const auto& source = loaded->config.notices.key) {
    daemon.read_notice_keys = [config = loaded->config, source = *source] {
      return read_rotated_secret(config, source);
    };
    auto notice_keys = daemon.read_notice_keys();
    if (!notice_keys) return report_error(notice_keys.error(), err);
    daemon.notice_keys = std::move(*notice_keys);
  }
  daemon.config = std::move(loaded->config);
  daemon.program = std::move(loaded->program);
  daemon.keys = std::move(*keys);
  daemon.read_keys = [config = daemon.config] { return read_access_keys(config); };
  daemon.iterable_key = std::move(*iterable_key);
  if (options.clock) {
    base::DrivenClock clock(*options.clock);
    return serve(std::move(daemon), is_limited, clock, out, err);
  }
  uv::SystemClock clock;
  return serve(std::move(daemon), is_limited, clock, out, err);
}

}  // namespace sojourn::app
