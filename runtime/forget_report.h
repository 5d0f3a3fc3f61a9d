// What `sojourn forget` is about, counted from what is committed, and the daemon's answer to it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "runtime/intake.h"
#include "runtime/shard_input.h"

namespace sojourn::store {
class Store;
}

namespace sojourn::runtime {

class DeadLetterBook;
class Program;

struct ForgetReport {
  // A request that has left, or may have: nothing can call it back.
  struct Claimed {
    std::string key;
    std::string what;
    std::string subject;
    bool in_doubt = false;  // its answer never came, and it waits to be looked up
  };

  store::UserId user;
  Person person;                      // both of their names
  std::vector<std::string> journeys;  // in which they are, once for each enrollment
  std::size_t timers = 0;
  std::size_t waiting = 0;  // deliveries that have not left
  std::vector<Claimed> claimed;
  std::size_t ended_unsent = 0;  // dead letters
  std::size_t events = 0;        // of the history
  std::size_t log_rows = 0;
};

// Nothing when nobody has that email, userId or internal id. kFatal when rows cannot be read.
base::Result<std::optional<ForgetReport>> forget_report(const std::string& identity,
                                                        const Program& program, store::Store& store,
                                                        const DeadLetterBook& letters);

// The counts as one line, which names nobody.
std::string summary(const ForgetReport& report);
QueryAnswer forget_answer(const ForgetCommand& command, const ForgetReport& report);
// Status 503: the ledger of erasures cannot be written.
QueryAnswer not_in_ledger(const ForgetCommand& command);
// Status 404.
QueryAnswer nobody_to_forget(const ForgetCommand& command);

}  // namespace sojourn::runtime
