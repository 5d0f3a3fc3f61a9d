// Seeded traffic for a shard: people who sign up, change, open, unsubscribe and
// repeat themselves; and Iterable's answers. The same seed gives the same traffic.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/random.h"
#include "runtime/intake.h"
#include "runtime/shard_input.h"

namespace sojourn::durability {

class Traffic {
 public:
  explicit Traffic(std::uint64_t seed) : random_(seed) {}

  // One to three items. Their `score`s rise from request to request.
  runtime::IntakeRequest request();
  // Any outcome but one that needs an operator.
  runtime::AttemptEnded outcome(const runtime::Outgoing& outgoing);
  base::Random& random() { return random_; }

  std::int64_t people() const { return static_cast<std::int64_t>(people_.size()); }
  std::int64_t repeats() const { return repeats_; }

 private:
  runtime::IntakeItem item();
  runtime::IntakeEvent event(runtime::Person person, const char* wire_name);
  const runtime::Person& anybody();

  base::SeededRandom random_;
  std::vector<runtime::Person> people_;  // everybody signs up once
  std::vector<runtime::IntakeEvent> events_;
  std::uint64_t requests_ = 0;
  std::int64_t repeats_ = 0;
};

}  // namespace sojourn::durability
