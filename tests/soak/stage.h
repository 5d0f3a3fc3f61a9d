// The daemon and the sandbox as processes in one folder, each knowing where the other listens.
// Owned by the soak, on its thread; the destructor kills what still runs.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "bench/run/process.h"
#include "tests/soak/options.h"

namespace sojourn::soak {

// What a process has used when it was asked to end.
struct Usage {
  double cpu_seconds = 0;
  std::uint64_t most_resident_bytes = 0;
};

struct StageEnd {
  Usage daemon;
  Usage sandbox;
  std::uint64_t answers_lost = 0;      // hits of `accept_then_reset`
  std::uint64_t webhooks_refused = 0;  // attempts that were not answered with a 2xx
};

class Stage {
 public:
  // Empties `folder`, and starts both.
  static base::Result<std::unique_ptr<Stage>> begin(const Options& options,
                                                    const std::filesystem::path& folder);

  std::uint16_t daemon_port() const { return daemon_port_; }

  // Waits until `people` have left the journey; an error when for two minutes nobody did.
  base::Status await_exits(std::uint64_t people);
  // Waits until the sandbox has told all that it has to tell; an error when for two minutes
  // nobody answered it.
  base::Status await_notices();
  // Asks both to end, the daemon first, and waits.
  base::Result<StageEnd> end();

 private:
  Stage() = default;
  base::Status start_sandbox(const Options& options, const std::filesystem::path& folder);
  base::Status start_daemon(const Options& options, const std::filesystem::path& folder);
  base::Result<std::uint64_t> exits() const;

  bench::Process sandbox_;
  bench::Process daemon_;
  std::uint16_t sandbox_port_ = 0;
  std::uint16_t daemon_port_ = 0;
};

}  // namespace sojourn::soak
