// Events for many: from what is said and from what the commits change, whom each was for when it
// was committed, who has got it, and who is still to get it. Hears of a commit once it is certain
// that it was made. Outlives the processes. One thread.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "runtime/program.h"
#include "runtime/store/store.h"
#include "tests/sim/invariants.h"
#include "tests/sim/said.h"
#include "tests/sim/sent_record.h"

namespace sojourn::sim {

class FanOutWatch {
 public:
  struct Counts {
    std::uint64_t taken = 0;    // events
    std::uint64_t reached = 0;  // people
    std::uint64_t put_off = 0;  // tracked when there was no room
    std::uint64_t crossed = 0;  // people who were erased or became others before they were reached
    std::uint64_t resumed = 0;  // processes that found some waiting
    void add(const Counts& more);
  };

  explicit FanOutWatch(Found found) : found_(std::move(found)) {}

  void program_is(std::shared_ptr<const runtime::Program> program);
  // Of the process that begins: how many people may wait.
  void begins(std::size_t max_waiting);
  void going_to_say(const Said& said);
  void made(const store::Commit& commit, std::uint64_t number);
  // A message is claimed by this commit.
  void claimed(const Message& message, std::uint64_t commit) const;
  // Between two turns.
  void look_at(store::Store& store) const;

  bool any_waits() const { return !rows_.empty() || !numbers_.empty(); }
  const Counts& counts() const { return counts_; }

 private:
  using Users = std::set<store::UserId>;
  struct Event {
    std::string name;
    std::string ref;
    std::string team;
    std::uint64_t commit = 0;  // that settled whom it is for; 0: none yet
    Users to_come;
    Users had;
    Users concerned;  // as far as they are who they were
  };
  // An event whose people are settled by the commit at hand.
  struct Settled {
    std::string id;
    std::optional<store::UserId> tracker;  // who gets it at once, if they are concerned
    bool was_put_off = false;
    bool may_be_refused = false;
    bool is_complete = true;  // it is known who tracked it
  };
  using Teams = std::map<store::UserId, std::string>;
  using Moves = std::map<store::UserId, store::UserId>;
  // Of whom it is certain, whenever within its turn the event came, and of whom it is possible.
  struct Concerned {
    Users sure;
    Users perhaps;
  };

  const graph::FanOut* rule_of(const std::string& event) const;
  std::vector<Settled> settled_by(const store::Commit& commit);
  void tracked_by(const store::Commit& commit, std::vector<Settled>& settled);
  void put_by(const store::Commit& commit, std::vector<Settled>& settled);
  Moves moves_of(const store::Commit& commit) const;
  void learn_people(const store::Commit& commit);
  void take_rows(const store::Commit& commit);
  void take_logs(const store::Commit& commit, std::uint64_t number,
                 const std::vector<Settled>& settled);
  void arrived(const std::string& id, store::UserId user, const std::vector<Settled>& settled);
  void take_departures(const store::Commit& commit, const Moves& moves);
  Concerned concerned_by(const Event& event, const Teams& before, const Moves& moves) const;
  void judge(const Settled& settled, const Teams& before, const Moves& moves, std::uint64_t number);
  void look_at_reached(const Settled& settled, const Event& event, const Users& reached,
                       const Concerned& concerned, std::size_t most) const;
  void end_alarms(const Event& all_clear);
  void look_at_ends(const store::Commit& commit);
  void look_at_room(const std::vector<Settled>& settled);
  void say(Invariant invariant, std::string what) const { found_({invariant, std::move(what)}); }

  const Found found_;
  std::shared_ptr<const runtime::Program> program_;
  std::size_t max_waiting_ = 0;
  std::map<std::uint64_t, Event> said_;           // by the hash of the id
  std::map<std::string, Event> events_;           // by id
  std::map<std::uint64_t, std::string> numbers_;  // ids of those that have rows
  std::map<store::FanOutKey, Users> rows_;        // parts
  std::set<std::string> tracked_;                 // ids
  Teams teams_;                                   // of everybody
  std::map<std::string, store::UserId, std::less<>> by_email_;
  std::map<std::pair<std::string, store::UserId>, std::uint64_t> ended_;  // alarms: the commit
  Counts counts_;
};

}  // namespace sojourn::sim
