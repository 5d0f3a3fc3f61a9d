// What two records know of one person: the daemon's store and the sandbox's file. Values, read by
// daemon_record.h and sandbox_record.h, held against each other by judge.h.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/instant.h"
#include "runtime/log_record.h"
#include "sandbox/told_notice.h"

namespace sojourn::soak {

// PLANNED, and what was made of the notices: the person's log, in order of commit.
struct DaemonPerson {
  std::string email;
  std::vector<runtime::LogRecord> log;
};

// RECORDED: a message as it came; each copy is one.
struct RecordedMessage {
  std::uint64_t sequence = 0;
  std::string campaign;  // the catalog's name; that of an unknown campaign is its number
  std::string key;
  base::Instant at;
  std::string unsent;  // why it was taken and not sent; empty: it was sent
};

// COME BACK: the notices that the sandbox told, one for each time that it told it.
struct SandboxPerson {
  std::string email;
  std::vector<RecordedMessage> messages;
  std::vector<sandbox::ToldNotice> notices;
};

}  // namespace sojourn::soak
