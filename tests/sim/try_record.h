// What the provider and the network know of requests that say the same, by a key: which attempts
// there were, which of them were taken, and whose answers never got back. From nothing but what
// they see. One thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/instant.h"

namespace sojourn::sim {

class TryRecord {
 public:
  virtual ~TryRecord() = default;

  // What is handed back when something becomes of an attempt.
  using Attempt = std::uint64_t;
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

  std::uint64_t keys() const { return tries_.size(); }
  std::uint64_t accepted_in_all() const { return accepted_; }
  // Accepted more often than was wanted, and the most that the answers lost allow.
  std::uint64_t doubled() const { return doubled_; }
  std::uint64_t answers_lost() const { return answers_lost_; }

 protected:
  enum class State : std::uint8_t { kUnderWay, kRefused, kOver };
  struct Try {
    State state = State::kUnderWay;
    bool accepted = false;
    bool told = false;
    bool settled = false;
    bool lost = false;
    base::Millis at;
  };

  // A request leaves the process.
  Attempt add(const std::string& key);
  const std::vector<Try>& tries(const std::string& key) const;
  const std::string& key_of(Attempt attempt) const { return attempts_.at(attempt).first; }
  const std::map<std::string, std::vector<Try>>& all() const { return tries_; }
  std::int64_t accepted_of(const std::string& key) const;
  // Of those before: which may have been taken, as far as the process can know.
  std::int64_t may_have_arrived(const std::string& key) const;
  // Of these: of which nothing has been committed.
  std::int64_t unanswered(const std::string& key) const;

 private:
  // How often the key is taken if no answer gets lost.
  virtual std::int64_t wanted(const std::string& key) const = 0;
  // It was taken more often, and that many answers of taken ones got lost.
  virtual void too_often(const std::string& key, std::int64_t accepted, std::int64_t lost) = 0;
  // The provider took it, once more or for the first time.
  virtual void was_taken(const std::string&) {}

  Try& try_of(Attempt attempt);
  void lose(Try& attempt);

  std::map<std::string, std::vector<Try>> tries_;
  std::vector<std::pair<std::string, std::size_t>> attempts_;  // key and place, by Attempt
  std::uint64_t accepted_ = 0;
  std::uint64_t doubled_ = 0;
  std::uint64_t answers_lost_ = 0;
};

}  // namespace sojourn::sim
