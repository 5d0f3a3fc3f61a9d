// The durable counters as the loop's thread knows them: read once at start, then
// kept by the deltas of every commit. So `status` and `/metrics` cost the shard
// nothing.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "runtime/store/store.h"

namespace sojourn::app {

class Counters {
 public:
  void set(const std::vector<std::pair<std::string, std::int64_t>>& values);
  void apply(const std::vector<store::CounterDelta>& deltas);
  const std::map<std::string, std::int64_t>& values() const { return values_; }

 private:
  std::map<std::string, std::int64_t> values_;
};

}  // namespace sojourn::app
