// A shard of the world (world.h) over a store: what it hands out is kept, and answered by whoever
// drives it. Nothing of it fails but by an error of the store. One thread.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "runtime/intake_mapping.h"
#include "runtime/shard.h"

namespace sojourn::fuzz {

class WorldShard final : public runtime::Publisher {
 public:
  // Applies the world to the store, which outlives this, and takes up what was under way.
  static base::Result<std::unique_ptr<WorldShard>> open(store::Store& store, base::Instant now);

  base::Instant now() const { return now_; }
  void give(runtime::ShardInput input) { inputs_.push_back(std::move(input)); }
  // A request to one of the paths of senders; one that is refused is passed over.
  void post(std::string_view path, std::string_view body,
            runtime::ForwardMode forward = runtime::ForwardMode::kOff);
  void notice(std::string_view body);
  // Turns until there is nothing to do, kMaxTurns at most.
  base::Status settle();
  // The same, at each moment at which something is due until then; kMaxWakes at most.
  base::Status live_until(base::Instant when);

  // Handed out, and without an outcome.
  std::vector<runtime::Outgoing> take_outgoing() { return std::exchange(outgoing_, {}); }
  void end(const runtime::Outgoing& outgoing, connectors::OutcomeKind kind);

  void publish(runtime::TurnOutput output) override;
  void answer(runtime::QueryAnswer answer) override;

 private:
  static constexpr int kMaxTurns = 40;
  static constexpr int kMaxWakes = 25;

  WorldShard(std::shared_ptr<const runtime::Program> program, store::Store& store,
             base::Instant now);

  const std::shared_ptr<const runtime::Program> program_;
  base::SeededRandom random_{7};
  base::Instant now_;
  base::Instant next_wake_;
  runtime::Shard shard_;
  std::deque<runtime::ShardInput> inputs_;
  std::vector<runtime::Outgoing> outgoing_;
};

}  // namespace sojourn::fuzz
