#include <fmt/format.h>

#include "bench/run/disk_use.h"
#include "bench/run/system.h"
#include "bench/wire/clock.h"

namespace sojourn::bench {
namespace {

class FloorSystem : public System {
 public:
  explicit FloorSystem(std::filesystem::path program) : program_(std::move(program)) {}

  base::Status start(const std::filesystem::path& dir, std::uint16_t receiver_port,
                     const Workload& workload) override {
    const base::Millis behind = workload.clock ? wall_now() - *workload.clock : base::Millis{};
    return run(
        {program_.string(), "--db", database(dir).string(), "--sink", fmt::to_string(receiver_port),
         "--hold-ms", fmt::to_string(workload.hold.count), "--delay-ms",
         fmt::to_string(workload.delay.count), "--behind-ms", fmt::to_string(behind.count)},
        dir / "floor.log");
  }

  std::filesystem::path data_dir(const std::filesystem::path& dir) const override { return dir; }

  base::Result<std::uint64_t> kept_events(const std::filesystem::path& dir) const override {
    return count_rows(database(dir), {"event", "entered", "waiting"});
  }

 private:
  static std::filesystem::path database(const std::filesystem::path& dir) {
    return dir / "floor.db";
  }

  std::filesystem::path program_;
};

}  // namespace

base::Status System::run(const std::vector<std::string>& command,
                         const std::filesystem::path& log) {
  auto port = process_.start_server(command, log);
  if (!port) return tl::unexpected(port.error());
  port_ = *port;
  return {};
}

std::unique_ptr<System> make_floor(const std::filesystem::path& program) {
  return std::make_unique<FloorSystem>(program);
}

}  // namespace sojourn::bench
