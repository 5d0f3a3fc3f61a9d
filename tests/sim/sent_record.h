// What the provider and the network know of messages by key: who sent what, what was accepted, and
// which answers never got back. One thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>

#include "tests/sim/invariants.h"
#include "tests/sim/try_record.h"

namespace sojourn::sim {

// A message as its request says it.
struct Message {
  std::string key;  // in hex
  std::int64_t campaign = 0;
  std::string email;
  std::string ref;  // of the entry that it is about
};

class SentRecord final : public TryRecord {
 public:
  explicit SentRecord(Found found) : found_(std::move(found)) {}

  // Called with each message that the provider takes.
  void tell(std::function<void(const Message&)> tell) { tell_ = std::move(tell); }

  // Its request leaves the process.
  Attempt left(const Message& message);

  // As many of the campaign as were accepted since then: what is listed to who asks.
  std::uint32_t count(const std::string& email, std::int64_t campaign, base::Millis since) const;

  std::uint64_t messages() const { return keys(); }

 private:
  std::int64_t wanted(const std::string&) const override { return 1; }
  void too_often(const std::string& key, std::int64_t accepted, std::int64_t lost) override;
  void was_taken(const std::string& key) override;

  const Found found_;
  std::function<void(const Message&)> tell_;
  std::map<std::string, Message> messages_;  // by key
};

}  // namespace sojourn::sim
