// `sojourn explain CODE|NAME`: the page of a message. Needs no project.
#pragma once

#include <iosfwd>
#include <string>

namespace sojourn::app {

struct ExplainOptions {
  enum class What { kMessage, kList, kAll, kDeclarations };
  What what = What::kMessage;
  std::string message;  // code or name, for kMessage
};

int explain(const ExplainOptions& options, std::ostream& out, std::ostream& err);

}  // namespace sojourn::app
