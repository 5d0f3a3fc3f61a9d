// Random commits over a few users, identities and events, so that keys meet
// again: what is put gets replaced, moved and removed. The same seed gives the
// same commits.
#pragma once

#include "base/random.h"
#include "tests/unit/runtime/store/model_store.h"

namespace sojourn::store {

class RandomTurns {
 public:
  // Deliveries wait in those below.
  static constexpr std::uint32_t kLanes = 3;

  explicit RandomTurns(std::uint64_t seed);

  // Everything that a commit may touch.
  const Universe& universe() const { return universe_; }
  // A commit for a store that holds `content`. Obeys the rules of `Commit`.
  Commit next(const Content& content);
  base::Random& random() { return random_; }
  base::Instant instant();

 private:
  bool chance(std::uint64_t percent) { return base::random_below(random_, 100) < percent; }
  template <typename T>
  const T& any(const std::vector<T>& pool) {
    return pool[base::random_below(random_, pool.size())];
  }
  std::string body();
  void rows(Commit& commit, const Content& content);
  void timers(Commit& commit, const Content& content);
  void deliveries(Commit& commit, const Content& content);
  Delivery planned(const DeliveryKey& key, std::string body);
  void fan_outs(Commit& commit, const Content& content);

  base::SeededRandom random_;
  Universe universe_;
};

}  // namespace sojourn::store
