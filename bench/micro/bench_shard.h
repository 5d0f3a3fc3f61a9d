// A shard as the daemon has it, with its store on disk, and nothing around it: no HTTP, no
// thread of its own, a clock that stands still until it is told otherwise. What it would send
// is accepted in the turn after. For measurements; whatever goes wrong aborts. One thread.
#pragma once

#include <deque>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/random.h"
#include "calendar/tzdata/system_zones.h"
#include "runtime/intake_parse.h"
#include "runtime/program.h"
#include "runtime/shard.h"
#include "runtime/store/store.h"

namespace sojourn::bench {

class BenchShard final : public runtime::Publisher {
 public:
  // In a folder of this name below the temporary one, which is emptied before and after.
  BenchShard(const std::string& folder, const std::string& journeys);
  ~BenchShard() override;

  // The same people under another program; returns when all of them have been looked at.
  void restart_with(const std::string& journeys);

  // One request of events (`{"events":[…]}`) or updates (`{"users":[…]}`), and turns until
  // nothing is left to do.
  void track(const std::string& body);
  void update(const std::string& body);
  // Runs turns until nothing is left to do.
  void settle();
  void pass(base::Millis time);

  base::Instant now() const { return now_; }
  std::uint64_t messages() const { return messages_; }
  std::int64_t counter(const std::string& name) const;
  // Of the longest turn since `forget_longest_turn`, on the wall clock.
  std::int64_t longest_turn_micros() const { return longest_turn_micros_; }
  void forget_longest_turn() { longest_turn_micros_ = 0; }

  void publish(runtime::TurnOutput output) override;
  void answer(runtime::QueryAnswer /*answer*/) override {}

 private:
  void open(const std::string& journeys);
  void post(runtime::IntakeRequest::Endpoint endpoint, const std::string& body);

  std::filesystem::path folder_;
  base::Instant now_;
  base::SeededRandom random_{7};
  std::unique_ptr<tzdata::SystemZones> zones_;
  std::unique_ptr<store::Store> store_;
  std::shared_ptr<const runtime::Program> program_;
  std::unique_ptr<runtime::IntakeParser> parser_;
  std::unique_ptr<runtime::Shard> shard_;
  std::deque<runtime::ShardInput> inputs_;
  std::uint64_t messages_ = 0;
  std::int64_t longest_turn_micros_ = 0;
};

}  // namespace sojourn::bench
