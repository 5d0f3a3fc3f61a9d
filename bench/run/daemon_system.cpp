#include <fmt/format.h>
#include <fstream>

#include "bench/run/disk_use.h"
#include "bench/run/system.h"

namespace sojourn::bench {
namespace {

void write_file(const std::filesystem::path& path, std::string_view text) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
}

std::string config_text(std::uint16_t receiver_port, const Workload& workload) {
  std::string text = fmt::format(
      R"(project = "bench"

[listen]
http = "127.0.0.1:0"

[store]
path = "data"

# Clocks are driven a long way before people are overdue.
[clock]
max_outage_days = 365

[intake]
key_file = "intake.key"
forward = "{}"

[iterable]
base_url = "http://127.0.0.1:{}"
key_file = "iterable.key"
allow_http = true
max_connections = 64
)",
      workload.asks ? "ask" : "off", receiver_port);
  if (workload.overdue_per_second) {
    text += fmt::format("\n[timers]\noverdue_per_second = {}\n", *workload.overdue_per_second);
  }
  return text;
}

constexpr const char* kCatalog = R"(user { plan string }

event signup { plan string }
event visit { page string }

message_type news = 1 transactional opt_out

campaign m1 = 101 email news
campaign m2 = 102 email news
campaign m3 = 103 email news
)";

// Elapsed time in the language's units: whole seconds.
std::string wait_step(base::Millis time) {
  return time > base::Millis{} ? fmt::format("  wait {}s\n", time.count / 1000) : std::string();
}

// The page is none that the load generator names.
constexpr const char* kLookingBack = R"(journey regular {
  owner    "bench@example.com"
  timezone "Etc/UTC"
  enter    on visit where at least 2 visit where event.page == "/cancel" within 7d

  send m1
}
)";

std::string journey_text(const Workload& workload) {
  return fmt::format(
      R"(journey welcome {{
  owner    "bench@example.com"
  timezone "Etc/UTC"
  enter    on signup

{}  send m1
{}  if entry.plan == "pro" {{
    send m2
  }} else {{
    send m3
  }}
}}
)",
      wait_step(workload.hold), wait_step(workload.delay));
}

class DaemonSystem : public System {
 public:
  explicit DaemonSystem(std::filesystem::path program) : program_(std::move(program)) {}

  base::Status start(const std::filesystem::path& dir, std::uint16_t receiver_port,
                     const Workload& workload) override {
    write_file(dir / "sojourn.toml", config_text(receiver_port, workload));
    write_file(dir / "catalog.journey", kCatalog);
    write_file(dir / "welcome.journey", journey_text(workload));
    if (workload.looks_back) write_file(dir / "regular.journey", kLookingBack);
    write_file(dir / "intake.key", kIntakeKey);
    write_file(dir / "iterable.key", "bench-iterable-key");
    for (const char* key : {"intake.key", "iterable.key"}) {
      std::filesystem::permissions(
          dir / key, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    }
    std::vector<std::string> command{program_.string(), "run", "--project", dir.string()};
    if (workload.clock) {
      command.insert(command.end(), {"--clock", base::to_iso8601(*workload.clock)});
    }
    return run(command, dir / "daemon.log");
  }

  std::filesystem::path data_dir(const std::filesystem::path& dir) const override {
    return dir / "data";
  }

  base::Result<std::uint64_t> kept_events(const std::filesystem::path& dir) const override {
    return count_rows(data_dir(dir) / "sojourn.db", {"seen"});
  }

 private:
  std::filesystem::path program_;
};

}  // namespace

std::unique_ptr<System> make_daemon(const std::filesystem::path& program) {
  return std::make_unique<DaemonSystem>(program);
}

}  // namespace sojourn::bench
