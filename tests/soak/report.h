// What a soak prints at its end: a table of what the records hold, of the classes and of what it
// cost, and the first differences. Pure.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tests/soak/options.h"
#include "tests/soak/soak.h"

namespace sojourn::soak {

// What is measured, and the value.
using Rows = std::vector<std::pair<std::string, std::string>>;

Rows rows_of(const Tally& tally);
// The same, with how fast it went and what it cost above.
Rows rows_of(const Run& run, const Terms& terms);

std::string as_text(const std::string& title, const Rows& rows);
std::string as_markdown(const std::string& title, const Rows& rows);
// Empty when everything is explained.
std::string differences_text(const Tally& tally);

}  // namespace sojourn::soak
