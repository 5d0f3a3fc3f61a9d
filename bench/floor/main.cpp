#include <CLI/CLI.hpp>
#include <cstdlib>
#include <fmt/core.h>
#include <sys/resource.h>

#include "bench/floor/floor.h"

namespace {

void print_cpu() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  fmt::print("cpu user={:.3f} system={:.3f} max_rss_kib={}\n", seconds(usage.ru_utime),
             seconds(usage.ru_stime), usage.ru_maxrss);
}

}  // namespace

int main(int argc, char** argv) {
  using namespace sojourn::bench;
  FloorOptions options;
  options.delay = sojourn::base::seconds(1);
  bool cpu = false;
  CLI::App app{"the least that a durable welcome journey can cost on this machine", "bench-floor"};
  app.add_option("--db", options.database_path, "SQLite file")->required();
  app.add_option("--sink", options.sink_port, "port on 127.0.0.1 that takes the messages")
      ->required();
  app.add_option("--listen", options.listen_port, "port on 127.0.0.1; 0 lets the system choose");
  app.add_option("--connections", options.sink_connections, "connections to the sink")
      ->check(CLI::Range(1, 1024));
  app.add_option("--hold-ms", options.hold.count, "wait before message 1; 0: none")
      ->check(CLI::NonNegativeNumber);
  app.add_option("--delay-ms", options.delay.count, "wait before message 2")
      ->check(CLI::PositiveNumber);
  app.add_option("--behind-ms", options.behind.count, "its clock is so far behind the machine's")
      ->check(CLI::NonNegativeNumber);
  app.add_flag("--cpu", cpu, "print the CPU time used at the end");
  CLI11_PARSE(app, argc, argv);

  Poller poller;
  StopSignal stop(poller);
  Floor floor(poller, options);
  if (auto started = floor.start(); !started) {
    fmt::print(stderr, "floor: {}\n", started.error().message);
    return EXIT_FAILURE;
  }
  fmt::print("listening http=127.0.0.1:{}\n", floor.port());
  std::fflush(stdout);
  while (!stop.asked()) floor.turn();
  if (cpu) print_cpu();
  return EXIT_SUCCESS;
}
