// Two tellings of one life compared, and the smallest program and history found for
// which they still differ.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "calendar/zone.h"
#include "dsl/program.h"
#include "tests/differential/random_history.h"
#include "tests/oracle/life.h"

namespace sojourn::differential {

// One life of one program.
struct Case {
  std::string text;
  History history;
};

struct Tellings {
  std::vector<oracle::Told> expected;  // by the oracle
  std::vector<oracle::Told> found;     // by what is held against it
  std::vector<oracle::Told> beside;    // by the oracle, of what the other cannot know
};
using Tell = std::function<Tellings(const dsl::Program&, const History&)>;

// Nothing when the text has faults; each is added to `faults`, by its message.
std::optional<dsl::Program> compile(const std::string& text, calendar::ZoneSource& zones,
                                    std::map<std::string, std::size_t>* faults = nullptr);

// The case made smaller until no line and no input can go; then the program, the history,
// and both tellings from the first difference on.
std::string explain(Case differing, calendar::ZoneSource& zones, const Tell& tell);

}  // namespace sojourn::differential
