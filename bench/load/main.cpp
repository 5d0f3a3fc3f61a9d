#include <CLI/CLI.hpp>
#include <cstdint>
#include <cstdlib>
#include <fmt/core.h>

#include "bench/load/load.h"

int main(int argc, char** argv) {
  using namespace sojourn::bench;
  LoadOptions options;
  options.max_events = 10'000;
  CLI::App app{"sends events of unique users to 127.0.0.1", "bench-load"};
  app.add_option("--port", options.port, "port of the floor or the daemon")->required();
  app.add_option("--api-key", options.api_key, "value of the Api-Key header (a test key)");
  app.add_option("--run", options.stream.run_name, "part of every user and event id");
  app.add_option("--connections", options.connections)->check(CLI::Range(1, 4096));
  app.add_flag_callback(
      "--visits", [&] { options.stream.kind = EventStream::Kind::kVisit; },
      "events that no journey reads, instead of those that start one");
  app.add_option("--people", options.stream.people, "who take turns; 0: each event of another one");
  app.add_option("--first", options.stream.first, "the number of the first event");
  app.add_option("--bulk", options.events_per_request, "events per request")
      ->check(CLI::Range(1, 10'000));
  app.add_option("--rate", options.events_per_second, "events per second; 0: closed loop")
      ->check(CLI::NonNegativeNumber);
  app.add_option("--events", options.max_events, "events in all; 0: only --seconds ends the run");
  app.add_option("--seconds", options.max_seconds, "longest time; 0: only --events ends the run");
  CLI11_PARSE(app, argc, argv);
  if (options.max_events == 0 && options.max_seconds <= 0) {
    fmt::print(stderr, "load: give --events or --seconds\n");
    return EXIT_FAILURE;
  }

  const auto report = run_load(options);
  if (!report) {
    fmt::print(stderr, "load: {}\n", report.error().message);
    return EXIT_FAILURE;
  }
  fmt::print(
      "acknowledged={} refused={} seconds={:.3f} per_second={:.0f} p50_ms={:.3f} p99_ms={:.3f}\n",
      report->acknowledged, report->refused, report->seconds(), report->per_second(),
      report->latency_ms_p50, report->latency_ms_p99);
  return EXIT_SUCCESS;
}
