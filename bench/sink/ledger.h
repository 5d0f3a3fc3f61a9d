// What a sink remembers of each message it took: for whom, which campaign and
// when, in 24 bytes, so that a run can be checked message by message afterwards. Of each event
// it was asked to take: its id, in 8 bytes. One thread.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace sojourn::bench {

struct LedgerSummary {
  std::uint64_t messages = 0;
  std::uint64_t unreadable = 0;  // no campaign or recipient in the body
  std::uint64_t people = 0;
  std::uint64_t complete = 0;  // people who were sent two campaigns or more
  std::uint64_t doubled = 0;   // messages beyond the first to a person from a campaign
  // From a person's first message to the second, milliseconds.
  double gap_ms_p50 = 0;
  double gap_ms_p99 = 0;
  double seconds = 0;  // from the first message to the last
  std::uint64_t events = 0;
  std::uint64_t doubled_events = 0;  // beyond the first with one id
};

class Ledger {
 public:
  // `body` is a request to one of Iterable's `/target` paths.
  void add(std::string_view body, std::int64_t micros);
  // `body` is a request to `events/track`. Answers the id as it stands in the body, or nothing.
  std::string_view add_event(std::string_view body);
  std::uint64_t messages() const { return messages_; }
  LedgerSummary summary() const;

 private:
  struct Entry {
    std::uint64_t recipient_hash = 0;
    std::uint64_t campaign = 0;
    std::int64_t micros = 0;
  };

  std::vector<Entry> entries_;
  std::vector<std::uint64_t> event_ids_;  // hashes
  std::uint64_t events_ = 0;
  std::uint64_t messages_ = 0;
};

}  // namespace sojourn::bench
