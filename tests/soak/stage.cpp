#include "tests/soak/stage.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <functional>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "bench/wire/clock.h"
#include "bench/wire/http_channel.h"
#include "bench/wire/poller.h"
#include "tests/soak/journey.h"

namespace sojourn::soak {
namespace {

using nlohmann::json;

constexpr int kAnswerTimeoutMs = 60'000;
constexpr int kLookEveryMs = 100;
// Longer than the sandbox waits before it tells once more what was refused.
constexpr std::int64_t kNoProgressMicros = 120'000'000;
// Before it knows where the daemon listens, the sandbox tells nobody: no message has come.
constexpr const char* kNowhere = "http://127.0.0.1:9/";

base::Result<std::string> exchange(std::uint16_t port, std::string_view method,
                                   std::string_view target, std::string_view body = {}) {
  std::string request;
  bench::append_request(request, method, target, "soak", body);
  auto reply = bench::http_exchange(port, request, kAnswerTimeoutMs);
  if (!reply) return tl::unexpected(reply.error());
  if (reply->status == 200) return std::move(reply->body);
  return base::failure(base::Error::Kind::kInvalid,
                       fmt::format("`{} {}` was answered {}: {}", method, target, reply->status,
                                   reply->body.substr(0, 300)));
}

base::Result<json> page(std::uint16_t port, std::string_view target) {
  auto text = exchange(port, "GET", target);
  if (!text) return tl::unexpected(text.error());
  json out = json::parse(*text, nullptr, false);
  if (out.is_object()) return out;
  return base::failure(base::Error::Kind::kInvalid,
                       fmt::format("`{}` was not answered with an object", target));
}

// The sum of the lines of a metric.
std::uint64_t sum_of(std::string_view metrics, std::string_view name) {
  std::uint64_t sum = 0;
  while (!metrics.empty()) {
    const std::string_view line = metrics.substr(0, metrics.find('\n'));
    metrics.remove_prefix(std::min(metrics.size(), line.size() + 1));
    const std::size_t blank = line.rfind(' ');
    const bool is_it = line.size() > name.size() && line.starts_with(name) &&
                       (line[name.size()] == '{' || line[name.size()] == ' ');
    if (!is_it) continue;
    std::uint64_t value = 0;
    std::from_chars(line.data() + blank + 1, line.data() + line.size(), value);
    sum += value;
  }
  return sum;
}

// What is waited for: how far it has come, and whether that is all.
struct Progress {
  std::uint64_t done = 0;
  bool is_all = false;
};

base::Status await(const std::string& what, const std::function<base::Result<Progress>()>& look) {
  bench::Poller pause;
  std::uint64_t before = 0;
  std::int64_t last_progress = bench::monotonic_micros();
  while (true) {
    const auto progress = look();
    if (!progress) return tl::unexpected(progress.error());
    if (progress->is_all) return {};
    const std::int64_t now = bench::monotonic_micros();
    if (std::exchange(before, progress->done) != progress->done) last_progress = now;
    if (now - last_progress > kNoProgressMicros) {
      return base::failure(
          base::Error::Kind::kUnavailable,
          fmt::format("{}: {} so far, and none for two minutes", what, progress->done));
    }
    pause.turn(kLookEveryMs);
  }
}

Usage usage_of(const bench::Process& process) {
  return {bench::cpu_seconds(process.pid()), bench::most_resident_bytes(process.pid())};
}

// Openings come up to eight hours after a message (sandbox/happenings.cpp). Of these, nine in ten
// are to come before the wait is over.
std::int64_t webhook_speed(const Terms& terms) {
  const std::int64_t longest_ms = base::hours(8).count;
  return std::clamp<std::int64_t>(longest_ms * 9 / (10 * terms.wait.count), 1, 1'000'000);
}

base::Error cannot_write(const std::filesystem::path& folder) {
  return {base::Error::Kind::kInvalid, fmt::format("cannot write to `{}`", folder.string()),
          "give another folder with --dir"};
}

}  // namespace

base::Result<std::unique_ptr<Stage>> Stage::begin(const Options& options,
                                                  const std::filesystem::path& folder) {
  std::error_code failed;
  std::filesystem::remove_all(folder, failed);
  std::filesystem::create_directories(folder, failed);
  if (failed) return tl::unexpected(cannot_write(folder));
  std::unique_ptr<Stage> stage(new Stage());
  if (auto started = stage->start_sandbox(options, folder); !started) {
    return tl::unexpected(started.error());
  }
  if (auto started = stage->start_daemon(options, folder); !started) {
    return tl::unexpected(started.error());
  }
  return stage;
}

base::Status Stage::start_sandbox(const Options& options, const std::filesystem::path& folder) {
  if (!write_sandbox_project(folder)) return tl::unexpected(cannot_write(folder));
  std::vector<std::string> command{(options.programs / "sojourn").string(),
                                   "sandbox",
                                   "--port",
                                   "0",
                                   "--record",
                                   (folder / kRecordFile).string(),
                                   "--project",
                                   (folder / kProjectFile).string(),
                                   "--seed",
                                   std::to_string(options.seed),
                                   "--people",
                                   options.people_model,
                                   "--webhook-speed",
                                   std::to_string(webhook_speed(options.terms)),
                                   "--webhook-header",
                                   fmt::format("Authorization: Basic {}", kWebhookKey),
                                   "--webhooks",
                                   kNowhere};
  for (const std::string& rule : options.misbehave) {
    command.insert(command.end(), {"--misbehave", rule});
  }
  auto port = sandbox_.start_server(command, folder / "sandbox.log");
  if (!port) return tl::unexpected(port.error());
  sandbox_port_ = *port;
  return {};
}

base::Status Stage::start_daemon(const Options& options, const std::filesystem::path& folder) {
  if (!write_daemon_project(folder, sandbox_port_, options.terms)) {
    return tl::unexpected(cannot_write(folder));
  }
  auto port = daemon_.start_server(
      {(options.programs / "sojourn").string(), "run", "--project", folder.string()},
      folder / "daemon.log");
  if (!port) return tl::unexpected(port.error());
  daemon_port_ = *port;
  const json body{{"url", fmt::format("http://127.0.0.1:{}/v1/iterable/webhooks", daemon_port_)}};
  const auto told = exchange(sandbox_port_, "POST", "/sandbox/webhooks", body.dump());
  if (!told) return tl::unexpected(told.error());
  return {};
}

base::Result<std::uint64_t> Stage::exits() const {
  const auto metrics = exchange(daemon_port_, "GET", "/metrics");
  if (!metrics) return tl::unexpected(metrics.error());
  return sum_of(*metrics, "sojourn_enrollments_exited_total");
}

base::Status Stage::await_exits(std::uint64_t people) {
  return await(fmt::format("{} people are to leave the journey", people),
               [&]() -> base::Result<Progress> {
                 const auto left = exits();
                 if (!left) return tl::unexpected(left.error());
                 return Progress{*left, *left >= people};
               });
}

base::Status Stage::await_notices() {
  return await("what happened is to be told", [&]() -> base::Result<Progress> {
    const auto told = page(sandbox_port_, "/sandbox/webhooks");
    if (!told) return tl::unexpected(told.error());
    const std::uint64_t open =
        told->value("waiting", std::uint64_t{0}) + told->value("inFlight", std::uint64_t{0});
    const std::uint64_t answered =
        told->value("taken", std::uint64_t{0}) + told->value("refused", std::uint64_t{0});
    return Progress{answered, open == 0};
  });
}

base::Result<StageEnd> Stage::end() {
  StageEnd out;
  const auto rules = page(sandbox_port_, "/sandbox/misbehave");
  if (!rules) return tl::unexpected(rules.error());
  for (const json& rule : rules->value("rules", json::array())) {
    if (!rule.value("rule", "").ends_with("accept_then_reset")) continue;
    out.answers_lost += rule.value("hit", std::uint64_t{0});
  }
  const auto told = page(sandbox_port_, "/sandbox/webhooks");
  if (!told) return tl::unexpected(told.error());
  out.webhooks_refused = told->value("refused", std::uint64_t{0});
  out.daemon = usage_of(daemon_);
  out.sandbox = usage_of(sandbox_);
  if (auto stopped = daemon_.stop(); !stopped) return tl::unexpected(stopped.error());
  if (auto stopped = sandbox_.stop(); !stopped) return tl::unexpected(stopped.error());
  return out;
}

}  // namespace sojourn::soak
