// What must be so of the store between two turns: read through its own interface and with the
// runtime's own codecs, and held against what the senders know. One thread.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine/enrollment.h"
#include "runtime/delivery_record.h"
#include "runtime/program.h"
#include "runtime/store/store.h"
#include "tests/sim/forwards.h"
#include "tests/sim/invariants.h"
#include "tests/sim/known.h"

namespace sojourn::sim {

struct Limits {
  std::uint32_t max_in_doubt = 0;        // per endpoint
  std::uint32_t max_calls_in_doubt = 0;  // per host of webhooks
};

class Checks {
 public:
  Checks(const Known& known, const Forwards& forwards, Found found)
      : known_(known), forwards_(forwards), found_(std::move(found)) {}

  // Another process has the store from now on, and has not run a turn.
  void reopened(store::Store& store);
  void program_is(std::shared_ptr<const runtime::Program> program) {
    program_ = std::move(program);
  }
  // A turn has ended that concerned these users; after the first of a process, all there are.
  void after_turn(store::Store& store, const std::set<store::UserId>& users, const Limits& limits);

  // As of the last turn.
  std::size_t inside() const;
  std::size_t waiting_to_leave() const { return outbox_; }
  // Who is inside and where, for a reader.
  std::string left_over() const;

 private:
  struct Live {
    std::string journey;
    std::string step;  // its name in the counters
    std::uint32_t number = 0;
  };
  struct Outbox {
    std::map<std::string, std::int64_t> messages;  // waiting, by journey and campaign
    std::set<std::pair<store::UserId, std::uint32_t>> of_enrollment;
    std::map<std::string, std::uint32_t> claims;  // by endpoint or host
    std::int64_t forwards = 0;
  };
  Outbox look_at_outbox(store::Store& store, const Limits& limits);
  void look_at_user(store::UserId user, const std::vector<store::Row>& rows,
                    const std::set<store::TimerKey>& timers, const Outbox& outbox);
  using Counters = std::vector<std::pair<std::string, std::int64_t>>;
  void note_held(const Counters& counters);
  void look_at_messages(const Counters& counters, const Outbox& outbox);
  void look_at_places(const Counters& counters);
  void look_at_taken(store::Store& store, const std::set<std::uint64_t>& taken);
  void look_at_scores(store::Store& store);
  void say(Invariant invariant, std::string what) const { found_({invariant, std::move(what)}); }

  const Known& known_;
  const Forwards& forwards_;
  const Found found_;
  std::shared_ptr<const runtime::Program> program_;
  std::map<store::UserId, std::vector<Live>> live_;
  std::set<std::string> held_;  // journeys that hold something back
  std::set<std::uint64_t> looked_for_;
  std::size_t outbox_ = 0;
};

}  // namespace sojourn::sim
