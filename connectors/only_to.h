// `only_to` of an environment: the last gate before a send leaves, so that a test
// environment cannot write to customers. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sojourn::connectors {

class OnlyTo {
 public:
  // Lets everything through: the environment has no `only_to`.
  OnlyTo() = default;

  // A pattern is a whole address (`ada@example.com`) or `*` before the rest of one
  // (`*@example.com`). An empty list lets nothing through.
  static base::Result<OnlyTo> from_patterns(std::vector<std::string> patterns);

  // Case is ignored. A recipient without an email is refused when there is a list:
  // an id says nothing about where the message would arrive.
  bool allowed(std::string_view email) const;

 private:
  std::optional<std::vector<std::string>> patterns_;  // lower case
};

}  // namespace sojourn::connectors
