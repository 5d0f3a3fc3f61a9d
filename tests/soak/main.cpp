// `sojourn-soak`: docs/testing.md, "The soak".
#include <cstdlib>
#include <filesystem>
#include <fmt/core.h>
#include <fstream>
#include <string>
#include <vector>

#include "tests/soak/options.h"
#include "tests/soak/report.h"
#include "tests/soak/soak.h"

namespace sojourn::soak {
namespace {

constexpr int kDiffers = 1;
constexpr int kCouldNotRun = 2;

int could_not_run(const base::Error& error) {
  fmt::print(stderr, "soak: {}\n", error.message);
  if (!error.hint.empty()) fmt::print(stderr, "  {}\n", error.hint);
  return kCouldNotRun;
}

int verdict(const Tally& tally) {
  fmt::print(stderr, "{}", differences_text(tally));
  return tally.unexplained == 0 ? EXIT_SUCCESS : kDiffers;
}

int join_only(const Options& options) {
  const auto tally = join_again(options.folder);
  if (!tally) return could_not_run(tally.error());
  fmt::print("{}", as_text("joined again", rows_of(*tally)));
  return verdict(*tally);
}

// Prints what came of it.
base::Result<Run> run_and_show(const Options& options, const std::string& name, Pace pace) {
  fmt::print(stderr, "{}: for {:.0f} s\n", name, pace.seconds);
  auto done = run(options, options.folder / name, pace);
  if (!done) return done;
  const Rows rows = rows_of(*done, options.terms);
  fmt::print("{}", as_text(name, rows));
  if (!options.markdown_file.empty()) {
    std::ofstream file(options.markdown_file, std::ios::app);
    file << as_markdown(name, rows);
  }
  return done;
}

int soak(const Options& options) {
  double people_per_second = options.people_per_second;
  if (people_per_second <= 0) {
    const auto peak = run_and_show(options, "peak", {options.peak_seconds, 0});
    if (!peak) return could_not_run(peak.error());
    if (const int code = verdict(peak->tally); code != EXIT_SUCCESS) return code;
    people_per_second = peak->people_per_second(options.terms) * options.share_percent / 100;
  }
  const auto held = run_and_show(options, "held", {options.seconds, people_per_second});
  return held ? verdict(held->tally) : could_not_run(held.error());
}

}  // namespace
}  // namespace sojourn::soak

int main(int argc, char** argv) {
  using namespace sojourn::soak;
  Options usual;
  usual.programs = std::filesystem::read_symlink("/proc/self/exe").parent_path();
  usual.folder = usual.programs.parent_path() / "soak-data";
  const auto options = parse_options(std::vector<std::string>(argv + 1, argv + argc), usual);
  if (!options) return could_not_run(options.error());
  if (options->wants_help) {
    fmt::print("{}", help_text());
    return EXIT_SUCCESS;
  }
  return options->joins_only ? join_only(*options) : soak(*options);
}
