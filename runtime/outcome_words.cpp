#include "runtime/outcome_words.h"

#include <fmt/format.h>

namespace sojourn::runtime {

std::string told(const connectors::Outcome& outcome) {
  return outcome.status == 0 ? outcome.message : fmt::format("status={}", outcome.status);
}

}  // namespace sojourn::runtime
