// A case: one fault, how it is injected, what that needs of the machine, and a function that does
// it and joins what every side knows at the end. Cases are registered by one function for each file
// of them (all_cases.h). One thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/e2e/delivery_join.h"
#include "tests/e2e/project.h"
#include "tests/e2e/system.h"
#include "tests/faults/means.h"

namespace sojourn::faults {

// What the runs of a case add up to. A value.
struct Tally {
  // Of more violations it is counted only that there are.
  static constexpr std::size_t kMaxShown = 50;

  std::uint64_t runs = 0;  // each with a join of its own
  std::uint64_t extra_copies = 0;
  std::uint64_t in_doubt = 0;
  std::map<e2e::Fate, std::uint64_t> fates;
  std::uint64_t violations = 0;
  std::vector<std::string> shown;                            // the first of them
  std::vector<std::string> notes;                            // a line for each run, for the log
  std::vector<std::pair<std::string, std::string>> figures;  // name and value, in order
  std::vector<std::int64_t> restart_millis;                  // from exec to serving
  std::optional<std::string> not_run;                        // why

  void violate(std::string what);
  void add(const e2e::Verdict& verdict, const std::string& run);
};

struct Settings {
  std::uint64_t seed = 1;
  bool is_quick = false;  // a few points of a sweep instead of all
};

// What all cases of a process share.
struct Stage {
  e2e::Project folder;  // of the sandbox
  e2e::Sandbox sandbox{folder.folder()};
  int drills = 0;
  std::uint64_t last_message = 0;  // its sequence in the sandbox, of the last drill that was joined
};

// What a case is given: where it stands, and where it puts what comes of it.
class Context {
 public:
  Context(const Settings& settings, Stage& stage) : settings_(settings), stage_(stage) {}

  std::uint64_t seed() const { return settings_.seed; }
  bool is_quick() const { return settings_.is_quick; }
  Stage& stage() { return stage_; }
  // It answers well at the begin of each drill.
  e2e::Sandbox& sandbox() { return stage_.sandbox; }
  Tally& tally() { return tally_; }

 private:
  const Settings settings_;
  Stage& stage_;
  Tally tally_;
};

struct Case {
  std::string name;      // "kill.storage": the group, then the fault
  std::string injected;  // how, in words for the catalogue
  std::vector<Means> needs;
  bool is_quick = false;  // then it is part of `./dev test`, with Settings::is_quick
  std::function<void(Context&)> run;
};

using Cases = std::vector<Case>;

// Runs one case, or says why not. Failed expectations of GoogleTest in it are violations.
Tally run_case(const Case& one, const Settings& settings, Stage& stage);

}  // namespace sojourn::faults
