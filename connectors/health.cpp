#include "connectors/health.h"

namespace sojourn::connectors {

Health health_of(const Attempt& attempt) {
  if (const auto* failure = std::get_if<TransportFailure>(&attempt)) {
    // What may not be called was not asked.
    return failure->in_vain ? Health::kUnknown : Health::kFailing;
  }
  const int status = std::get<Response>(attempt).status;
  if (status == 429) return Health::kTooFast;
  const bool is_answer = status >= 200 && status < 500 && status != 408;
  return is_answer ? Health::kWell : Health::kFailing;
}

}  // namespace sojourn::connectors
