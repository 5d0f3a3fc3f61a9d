#include "tests/sim/trace.h"

#include <fmt/format.h>
#include <utility>

#include "base/hash.h"

namespace sojourn::sim {

std::string since_start(base::Millis time) {
  const std::int64_t seconds = time.count / 1000;
  return fmt::format("{}d {:02}:{:02}:{:02}.{:03}", seconds / 86'400, seconds / 3600 % 24,
                     seconds / 60 % 60, seconds % 60, time.count % 1000);
}

void Trace::line(std::string text) {
  mix(static_cast<std::uint64_t>(agenda_.now().count));
  mix(text);
  newest_.push_back(since_start(agenda_.now()) + "  " + std::move(text));
  if (newest_.size() > kept_) newest_.pop_front();
}

void Trace::mix(std::uint64_t number) {
  // A step of SplitMix64 over both.
  std::uint64_t z = (hash_ ^ number) + 0x9E3779B97F4A7C15ULL;
  z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
  hash_ = z ^ (z >> 31U);
}

void Trace::mix(std::string_view text) {
  hash_ = base::stable_hash64(text, hash_);
}

}  // namespace sojourn::sim
