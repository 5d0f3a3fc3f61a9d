// What a soak is asked to do, as words on its command line. A value.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "tests/soak/journey.h"

namespace sojourn::soak {

struct Options {
  double seconds = 600;          // for which a rate is held
  double people_per_second = 0;  // 0: `share_percent` of the peak, which is looked for first
  double peak_seconds = 20;      // of a closed loop
  double share_percent = 50;
  std::uint64_t connections = 64;  // of the load generator
  Terms terms;
  std::string people_model =
      "open 60%, click 20%, bounce 2%, complaint 2%, unsubscribe 5%, repeat 5%, bot 5%, lost 1%";
  std::vector<std::string> misbehave;  // rules for the sandbox
  std::uint64_t seed = 1;              // of the sandbox
  std::filesystem::path folder;        // what is written; emptied first
  std::filesystem::path programs;      // the folder of `sojourn`
  std::filesystem::path markdown_file;
  bool joins_only = false;  // of what an earlier soak has left in `folder`
  bool wants_help = false;
};

// `words` are those behind the program's name. An error names the word that is wrong.
base::Result<Options> parse_options(const std::vector<std::string>& words, Options usual);
std::string help_text();

}  // namespace sojourn::soak
