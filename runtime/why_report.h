// "Why did I get this?" and "why did I not?": what is in a user's log about one message, from the
// event that let them in, over each decision, to its end; or, where there is no such message, the
// last that is known of a journey that sends it. And of an event: whom it let in, and by which
// rules it did not.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "runtime/log_record.h"
#include "runtime/shard_input.h"

namespace sojourn::store {
class Store;
}

namespace sojourn::runtime {

class Program;

// Rows of the log that are looked through, the newest.
inline constexpr std::size_t kMaxSearchedLog = 2'000;

// A part of a log, oldest first.
struct Story {
  std::vector<LogRecord> records;
  // What the last of them about the message says, or none: there is no such message.
  std::optional<LogRecord::Kind> ended;
  // It begins with the entry; otherwise what came before is no longer in the log.
  bool complete = false;
};

// Of the newest message of campaign `about`, or the one with that key. No records: there is none.
Story story_of_message(const std::vector<LogRecord>& log, std::string_view about);
// Of the enrollment that the last record about one of the journeys is of; or that record alone, if
// it let nobody in, with the event before it.
Story story_of_journeys(const std::vector<LogRecord>& log,
                        const std::vector<std::string_view>& journeys);

// The last such event of the user's, and what it was as an entry. No records: it never came.
Story story_of_event(const std::vector<LogRecord>& log, std::string_view event);

// Status 404 with an error text when nobody has that identity, or `about` is neither a campaign nor
// a key or an event in the log. "verdict" is what became of it: sent, leaving, in_doubt, retried,
// skipped, deferred, planned, dropped, and "since" what is known last of another enrollment after
// that; or, without a message, not_let_in, left, not_yet, never_entered; of an event,
// event_entered, event_updated, event_refused, event_nothing.
base::Result<QueryAnswer> why_report(const WhyQuery& query, const Program& program,
                                     store::Store& store);

}  // namespace sojourn::runtime
