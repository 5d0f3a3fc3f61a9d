// Two tellings of one life compared, and the smallest program and history found for
// which they still differ.
#pragma once

#include <functional>
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

// How the life goes on the side that is held against the oracle.
using Telling = std::function<std::vector<oracle::Told>(const dsl::Program&, const History&)>;

// Nothing when the text has faults.
std::optional<dsl::Program> compile(const std::string& text, calendar::ZoneSource& zones);

// The cases become smaller until no line and no input can go.
Case shrink(Case failing, const std::function<bool(const Case&)>& differs);

// The program, the history, and both tellings side by side from the first difference on.
std::string report(const Case& differing, const std::vector<oracle::Told>& expected,
                   const std::vector<oracle::Told>& found);

}  // namespace sojourn::differential
