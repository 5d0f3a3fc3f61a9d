// `sojourn push`: brings the templates that a project keeps as files to Iterable, recognised by
// their keys, and makes the campaigns that they name, recognised by their names. Without `yes` it
// only says what would change, by the fields that the files give.
#pragma once

#include <iosfwd>
#include <string>

namespace sojourn::app {

struct PushOptions {
  std::string project = ".";
  std::string environment;
  bool yes = false;
};

// Stops at the first template that Iterable refuses; those before it are there, and a second push
// finds them unchanged.
int push(const PushOptions& options, std::ostream& out, std::ostream& err);

}  // namespace sojourn::app
