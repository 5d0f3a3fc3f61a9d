// What the provider and the network know of messages by key: who sent what, what was accepted, and
// which answers never got back. From nothing but what they see. One thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/instant.h"
#include "tests/sim/invariants.h"

namespace sojourn::sim {

// A message as its request says it.
struct Message {
  std::string key;  // in hex
  std::int64_t campaign = 0;
  std::string email;
  std::string ref;  // of the entry that it is about
};

class SentRecord {
 public:
  explicit SentRecord(Found found) : found_(std::move(found)) {}

  // What is handed back when something becomes of an attempt.
  using Attempt = std::uint64_t;
  // Its request leaves the process.
  Attempt left(const Message& message);
  // The provider took it.
  void accepted(Attempt attempt, base::Millis at);
  // Its answer, or the news that it never arrived, got back: it was not taken, for certain.
  void refused(Attempt attempt);
  // Its answer got back: it was taken.
  void told(Attempt attempt);
  // No answer will get back.
  void lost(Attempt attempt);
  // What got back has been committed, as far as it was told of by now.
  void settled(const std::string& key);
  // The process ended: what it had not committed it will never know.
  void process_ended();

  // As many of the campaign as were accepted since then: what is listed to who asks.
  std::uint32_t count(const std::string& email, std::int64_t campaign, base::Millis since) const;

  std::uint64_t messages() const { return messages_; }
  std::uint64_t accepted_in_all() const { return accepted_; }
  // Accepted more than once, and the most that the answers lost allow.
  std::uint64_t doubled() const { return doubled_; }
  std::uint64_t answers_lost() const { return answers_lost_; }

 private:
  enum class State : std::uint8_t { kUnderWay, kRefused, kOver };
  struct Try {
    State state = State::kUnderWay;
    bool accepted = false;
    bool told = false;
    bool settled = false;
    bool lost = false;
    base::Millis at;
  };
  struct Sent {
    Message message;
    std::vector<Try> tries;
  };
  Try& try_of(Attempt attempt);
  void lose(Try& attempt);
  void check(const Sent& sent);

  const Found found_;
  std::map<std::string, Sent> sent_;                           // by key
  std::vector<std::pair<std::string, std::size_t>> attempts_;  // key and place, by Attempt
  std::uint64_t messages_ = 0;
  std::uint64_t accepted_ = 0;
  std::uint64_t doubled_ = 0;
  std::uint64_t answers_lost_ = 0;
};

}  // namespace sojourn::sim
