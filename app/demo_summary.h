// What a demo shows: counts while it runs, and a summary that adds up. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "app/counters.h"

namespace sojourn::app {

// Of all journeys together.
struct DemoTotals {
  std::int64_t entered = 0;
  std::map<std::string, std::int64_t> inside;   // by step
  std::map<std::string, std::int64_t> reached;  // by step
  std::map<std::string, std::int64_t> exited;   // by reason
  std::int64_t planned = 0;
  std::int64_t accepted = 0;
  std::map<std::string, std::int64_t> skipped;  // by reason
  std::int64_t put_off = 0;                     // of those planned; what the outbox has
  std::int64_t in_doubt = 0;                    // attempts whose answer never came
  std::int64_t events = 0;

  std::int64_t inside_sum() const;
  std::int64_t exited_sum() const;
  std::int64_t skipped_sum() const;
  // entered = inside + exited, and planned = accepted + skipped + put off: at rest,
  // nobody and nothing is lost.
  bool adds_up() const;
};
// What is put off is not counted.
DemoTotals totals_of(const Counters& counters);

// What the sandbox saw, to be held against what the daemon believes.
struct DemoReceipts {
  std::uint64_t messages = 0;  // requests it accepted as messages
  std::uint64_t repeats = 0;   // of those, with a key that had come before
};
// Every message accepted was received, and each one received twice was in doubt.
bool agree(const DemoTotals& totals, const DemoReceipts& receipts);

std::string summary_text(const DemoTotals& totals, const DemoReceipts& receipts);
std::string step_table(const DemoTotals& totals);

}  // namespace sojourn::app
