// What the senders know for certain: which entries were taken, and what ended them or forbids
// messages since. Commits are named by their sequence. From nothing but what was said and answered.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/sim/invariants.h"
#include "tests/sim/said.h"
#include "tests/sim/sent_record.h"

namespace sojourn::sim {

class Known {
 public:
  explicit Known(Found found) : found_(std::move(found)) {}

  // It is about to be said: from here on it may hold.
  void going_to_say(const Said& said);
  // The commit has it, whether its sender hears of it or not. Only the first counts.
  void durable(const Said& said, std::uint64_t commit);

  // Iterable told of it, and the commit has it.
  void notice_taken(std::uint64_t seen_hash) { taken_.insert(seen_hash); }
  // The same, that the person has opted out.
  void told_no(const std::string& email, std::uint64_t commit);
  // Who it is, or what they have said of consent, depends on what came first.
  bool may_be_another(const std::string& email) const { return uncertain_.contains(email); }

  // A message is claimed by this commit.
  void claimed(const Message& message, std::uint64_t commit) const;

  // Names that are refused.
  bool is_forgotten(std::size_t person) const { return forgotten_.contains(email_of(person)); }
  const std::map<std::string, std::int64_t>& scores() const { return scores_; }
  const std::set<std::uint64_t>& taken() const { return taken_; }

 private:
  struct Entry {
    Said::What what = Said::What::kSignup;
    std::size_t person = 0;
    std::optional<std::uint64_t> ended;  // by this commit at the latest
    std::string by;
  };
  void end(Entry& entry, std::uint64_t commit, const Said& by);
  void end_of_person(std::size_t person, bool trials_only, std::uint64_t commit, const Said& by);
  void merged(const Said& said, std::uint64_t commit);
  void say(const Message& message, std::uint64_t commit, std::uint64_t since,
           const std::string& why) const;

  const Found found_;
  std::map<std::string, Entry> entries_;            // by ref
  std::map<std::string, std::uint64_t> opted_out_;  // by email: the commit
  std::map<std::string, std::uint64_t> forgotten_;  // the same
  std::set<std::string> uncertain_;                 // emails
  std::map<std::string, std::int64_t> scores_;      // by email, of those who are as they were
  std::set<std::uint64_t> taken_;                   // hashes of ids
};

}  // namespace sojourn::sim
