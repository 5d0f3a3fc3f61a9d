// The user's log as JSON, for operators' questions.
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "base/result.h"
#include "runtime/log_record.h"
#include "runtime/store/store.h"

namespace sojourn::runtime {

class Program;

// What the newest `max_rows` rows of somebody's log say, oldest first, as a person reads a story.
base::Result<std::vector<LogRecord>> read_log(store::UserId user, std::size_t max_rows,
                                              store::Store& store);

// {"at":…, "what":…} and, where there is one, "journey", "enrollment", "subject", "detail",
// "until", "rule", "values" {name: value}, "zone" {"name", "source"}, and "place": where in the
// journeys' text the step, or the rule of an exit, stands now.
nlohmann::ordered_json log_json(const LogRecord& record, const Program& program);

}  // namespace sojourn::runtime
