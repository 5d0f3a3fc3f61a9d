// "Why did I get this?": everything kept of one person, as JSON for an operator.
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "base/result.h"
#include "runtime/shard_input.h"

namespace sojourn::store {
class Store;
}

namespace sojourn::runtime {

class Program;
struct JourneyClocks;

// Status 404 with an error text when nobody has that identity. Lists are bounded:
// the newest kMaxReportedLog rows of the log.
inline constexpr std::size_t kMaxReportedLog = 200;
// The report, with the newest `max_log` rows of the log; nothing when nobody has that identity.
base::Result<std::optional<nlohmann::ordered_json>> person_json(const std::string& identity,
                                                                std::size_t max_log,
                                                                const Program& program,
                                                                store::Store& store,
                                                                const JourneyClocks& clocks);
base::Result<QueryAnswer> user_report(const UserQuery& query, const Program& program,
                                      store::Store& store, const JourneyClocks& clocks);

}  // namespace sojourn::runtime
