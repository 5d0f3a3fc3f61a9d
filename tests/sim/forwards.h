// What senders said and goes on to Iterable: from what they said and were told, from each commit,
// and from what leaves. Holds it against what Iterable knows: that everything taken leaves, in the
// order of its person, and that nothing of whom a sender has had erased does. One thread.
//
// People are lines: all that is said under names that are one user's leaves one after another. A
// merge makes one line of two.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/hash.h"
#include "runtime/dead_letter.h"
#include "runtime/delivery_record.h"
#include "runtime/shard_input.h"
#include "runtime/store/store.h"
#include "tests/sim/forward_record.h"
#include "tests/sim/invariants.h"
#include "tests/sim/said.h"

namespace sojourn::sim {

class Forwards {
 public:
  Forwards(ForwardRecord& record, Found found) : record_(record), found_(std::move(found)) {}

  // What is said by Iterable's paths goes on in this run.
  void turn_on() { is_on_ = true; }

  // A request is given to the daemon under this ticket.
  void offered(std::uint64_t ticket, const Post& post);
  // What it was given and has not told of, it may have lost.
  void process_ended() { offered_.clear(); }
  // A commit is on disk, whether anybody hears of it or not.
  void made(const store::Commit& commit, std::uint64_t number);
  // It is told of, before anything of it is shown.
  void published(const runtime::TurnOutput& output);
  // As SentRecord::settled, of the delivery with this key in hex.
  void settled(const std::string& key);

  // `waiting`: rows of the outbox.
  using Counters = std::vector<std::pair<std::string, std::int64_t>>;
  void look_at(const Counters& counters, std::int64_t waiting) const;

 private:
  // The commit that planned it, and its number within that.
  using Rank = std::pair<std::uint64_t, std::uint32_t>;
  struct Forward {
    std::string call;  // empty: nothing but a place, until what is under way has ended
    std::vector<std::string> emails;
    bool is_erasing = false;
    Rank rank;
    bool is_claimed = false;
    bool is_next = false;  // it leaves, or is tried again: not held back behind another
    // It was that when its line became one with another, which had its own: nothing is before it.
    bool was_next = false;
    // Whoever it is about was erased since.
    bool is_erased = false;
    // Its person has become one with somebody whose erasure is on its way (docs/decisions/0041).
    bool is_free = false;
  };
  struct Ended {
    Forward forward;
    Rank first;  // where it was planned first
  };
  using Key = base::Hash128;
  using Letters = std::map<Key, runtime::DeadLetter>;

  Letters keep_letters(const store::Commit& commit);
  bool is_erased_since(const Ended& ended) const;
  void put(const store::Delivery& delivery, const runtime::DeliveryRecord& record,
           std::uint64_t number);
  void plan(const Key& key, const runtime::DeliveryRecord& record, std::uint64_t number);
  void plan_again(const Ended& ended, const Key& key, const Rank& rank);
  void keep_place(const Key& key, std::uint64_t number);
  void merge(const std::vector<std::string>& emails);
  void erase(const Forward& erasing);
  void end(const Key& key, const Letters& letters);
  bool ended_rightly(const Key& key, const Forward& forward, const Letters& letters);
  void look_at_results(const runtime::TurnOutput& output);
  bool was_planned(const connectors::HttpRequest& request, std::uint64_t commit,
                   std::uint32_t& last_place);
  void look_at_claim(const Key& key, std::uint64_t commit);
  void look_at_order(const Key& key, const Forward& forward, std::uint64_t commit) const;
  void look_at_other(const runtime::Outgoing& outgoing, std::uint64_t commit);
  std::string line_of(const Forward& forward) const;
  std::string line_of(std::string email) const;
  void close_line(const std::string& line);
  void say(Invariant invariant, std::string what) const { found_({invariant, std::move(what)}); }

  ForwardRecord& record_;
  const Found found_;
  bool is_on_ = false;
  std::map<std::uint64_t, connectors::HttpRequest> offered_;  // by ticket
  std::map<Key, Forward> waiting_;                            // in the outbox
  std::map<std::uint64_t, Key> letters_;                      // dead letters, by number
  std::map<Key, Ended> ended_;                                // not there any more
  std::map<std::string, std::string> calls_;                  // by key in hex
  std::map<std::string, std::string> merged_into_;            // emails
  std::set<std::string> leaving_;                   // lines with an erasure, until they are empty
  std::map<std::string, Rank> erased_;              // by email: the last time
  std::set<std::string> gone_;                      // emails: erased, and nothing was said since
  std::map<Key, std::vector<std::string>> others_;  // whom what else was claimed names
  std::map<std::string, std::deque<std::uint32_t>> planned_now_;  // by call: by the last commit
  std::map<std::string, std::int64_t> taken_;                     // by call: ended as accepted
  std::uint64_t last_commit_ = 0;
  std::int64_t planned_ = 0;
};

}  // namespace sojourn::sim
