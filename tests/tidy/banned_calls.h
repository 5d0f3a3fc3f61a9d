// The house rules about calls that belong behind a seam, as data.
#pragma once

#include <iosfwd>
#include <regex>
#include <string>
#include <vector>

#include "tests/tidy/source_files.h"

namespace sojourn::tidy {

struct HouseRule {
  std::string name;
  std::regex pattern;                // looked for in code, line by line
  std::vector<std::string> allowed;  // beginnings of the paths that may
  std::string instead;               // what to use, said to who breaks the rule
  std::string offence;               // a line that breaks it: the rule's own test
  std::string innocent;              // a line that looks like it but is fine
};

// How a failing test shows it.
void PrintTo(const HouseRule& rule, std::ostream* out);

const std::vector<HouseRule>& house_rules();

// One message for each line of `file` that breaks `rule`.
std::vector<std::string> find_offences(const HouseRule& rule, const SourceFile& file);

}  // namespace sojourn::tidy
