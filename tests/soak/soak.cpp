#include "tests/soak/soak.h"

#include <algorithm>
#include <fmt/format.h>
#include <fstream>
#include <nlohmann/json.hpp>

#include "bench/wire/clock.h"
#include "tests/soak/join.h"

namespace sojourn::soak {
namespace {

using nlohmann::json;

constexpr const char* kLeftFile = "soak.json";

bench::LoadOptions load_options(const Options& options, std::uint16_t port, Pace pace) {
  bench::LoadOptions out;
  out.port = port;
  out.api_key = kIntakeKey;
  out.stream.run_name = kRunName;
  out.connections = static_cast<int>(options.connections);
  out.events_per_second = pace.people_per_second;
  out.max_seconds = pace.seconds;
  return out;
}

double seconds_since(std::int64_t micros) {
  return static_cast<double>(bench::monotonic_micros() - micros) / 1e6;
}

// For `join_again`.
bool write_left(const JoinInput& input) {
  std::ofstream file(input.folder / kLeftFile, std::ios::trunc);
  file << json{{"people", input.people},
               {"answersLost", input.answers_lost},
               {"waitSeconds", input.terms.wait.count / 1000},
               {"pauseSeconds", input.terms.pause.count / 1000}}
       << '\n';
  file.close();
  return file.good();
}

tl::unexpected<base::Error> nothing_left(const std::filesystem::path& folder) {
  return base::failure(
      base::Error::Kind::kNotFound,
      fmt::format("`{}` is not what a soak has left", (folder / kLeftFile).string()),
      "name the folder of a run that has come to its end");
}

// Drives people through, and waits until everything that concerns them has come to its end.
base::Status drive(const Options& options, Stage& stage, Run& out) {
  const auto load = bench::run_load(load_options(options, stage.daemon_port(), out.pace));
  if (!load) return tl::unexpected(load.error());
  out.load = *load;
  if (auto left = stage.await_exits(load->acknowledged); !left) return left;
  out.exited_seconds = seconds_since(load->first_sent_micros);
  if (auto told = stage.await_notices(); !told) return told;
  out.told_seconds = seconds_since(load->first_sent_micros);
  return {};
}

}  // namespace

// What is told comes nine tenths of a wait after its message at the latest, and of the second
// message, too: two waits stand between the last event and the last notice.
double Run::people_per_second(const Terms& terms) const {
  const double wait = static_cast<double>(terms.wait.count) / 1000;
  const double pause = static_cast<double>(terms.pause.count) / 1000;
  const double longest_wait = std::max(wait * 10 / 9, wait + pause);
  const double busy = std::max(
      {load.seconds(), exited_seconds - wait - pause, told_seconds - longest_wait - wait * 10 / 9});
  return static_cast<double>(load.acknowledged) / busy;
}

base::Result<Run> run(const Options& options, const std::filesystem::path& folder, Pace pace) {
  auto stage = Stage::begin(options, folder);
  if (!stage) return tl::unexpected(stage.error());
  Run out;
  out.pace = pace;
  if (auto driven = drive(options, **stage, out); !driven) return tl::unexpected(driven.error());
  auto end = (*stage)->end();
  if (!end) return tl::unexpected(end.error());
  out.end = *end;
  const JoinInput input{folder, options.terms, out.load.acknowledged, out.end.answers_lost};
  if (!write_left(input)) return nothing_left(folder);
  auto tally = join(input);
  if (!tally) return tl::unexpected(tally.error());
  out.tally = std::move(*tally);
  return out;
}

base::Result<Tally> join_again(const std::filesystem::path& folder) {
  std::ifstream file(folder / kLeftFile);
  const json left = json::parse(file, nullptr, false);
  if (!left.is_object()) return nothing_left(folder);
  try {
    return join({.folder = folder,
                 .terms = {.wait = base::seconds(left.at("waitSeconds").get<std::int64_t>()),
                           .pause = base::seconds(left.at("pauseSeconds").get<std::int64_t>())},
                 .people = left.at("people").get<std::uint64_t>(),
                 .answers_lost = left.at("answersLost").get<std::uint64_t>()});
  } catch (const json::exception&) {
    return nothing_left(folder);
  }
}

}  // namespace sojourn::soak
