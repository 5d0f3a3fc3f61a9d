#include "connectors/outcome.h"

namespace sojourn::connectors {

std::string_view to_string(OutcomeKind kind) {
  switch (kind) {
    case OutcomeKind::kAccepted:
      return "accepted";
    case OutcomeKind::kRejected:
      return "rejected";
    case OutcomeKind::kRetry:
      return "retry";
    case OutcomeKind::kUnknown:
      return "unknown";
    case OutcomeKind::kHalt:
      return "halt";
  }
  return "unknown";
}

}  // namespace sojourn::connectors
