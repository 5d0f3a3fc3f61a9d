// `sojourn docs [PAGE]` and `sojourn docs --llm`: the reference, from the binary that it
// is about. Needs no project.
#pragma once

#include <iosfwd>
#include <string>

namespace sojourn::app {

struct DocsOptions {
  std::string page;  // empty: a line for each page
  // Everything that is needed to write journeys as one text: every page, and every
  // message with its examples. For readers who take in a file at once.
  bool whole = false;
};

int show_docs(const DocsOptions& options, std::ostream& out, std::ostream& err);

}  // namespace sojourn::app
