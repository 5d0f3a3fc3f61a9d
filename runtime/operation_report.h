// Answers to `sojourn pause`, `resume`, `drain`, `stop` and `log`: what a command is about,
// counted from what is committed, and the commands there were.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/instant.h"
#include "base/result.h"
#include "runtime/shard_input.h"

namespace sojourn::store {
class Store;
}

namespace sojourn::runtime {

class OperationBook;
class Program;
struct JourneyClocks;

// Timers looked at to count those of one journey: what is due within a day is then said to be
// "at least". It bounds how long a question holds up the shard.
inline constexpr std::size_t kMaxCountedTimers = 10'000;
// Lines that `sojourn log` may ask for.
inline constexpr std::size_t kMaxReportedAudit = 10'000;

struct CommandReport {
  QueryAnswer answer;  // 404 or 409 when the command makes no sense
  std::string detail;  // the counts as one line
  bool is_possible = false;
};

base::Result<CommandReport> command_report(const JourneyCommand& command, const Program& program,
                                           store::Store& store, const JourneyClocks& clocks);

// For the log of a start: what is held back of these stays so until an operator ends the pause, and
// nothing in the text reminds of it.
std::vector<OperatorNote> left_while_paused(const OperationBook& operations,
                                            const Program& program);

// Oldest first.
base::Result<QueryAnswer> audit_report(const AuditQuery& query, store::Store& store);

}  // namespace sojourn::runtime
