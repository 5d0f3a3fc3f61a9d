// The `by` lines of transcripts: an action of the connector and what it is told, as a request, and
// what the connector makes of the answer to it. See tests/transcripts/README.md.
#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "connectors/attempt.h"
#include "connectors/request.h"

namespace sojourn::connectors::iterable {

struct Made {
  HttpRequest request;
  // As an `outcome` line says it: "rejected unknown_email unreachable".
  std::function<std::string(const Attempt&)> outcome;
};

// Fails the running test, and names what is wrong, where the line makes no request: an action that
// there is not, a member that the action does not have or that is missing.
Made made_by(const std::string& action, const nlohmann::json& told);

}  // namespace sojourn::connectors::iterable
