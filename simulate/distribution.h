// What a field of a synthetic person or event may hold, and how often each value
// comes. Values; drawing asks only the passed source of chance, so the same seed
// draws the same on every machine.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/instant.h"
#include "base/random.h"
#include "graph/type.h"
#include "graph/value.h"

namespace sojourn::simulate {

// Both ends are in, and all between them are equally likely.
struct WholeNumbers {
  std::int64_t from = 0;
  std::int64_t to = 0;
};
// For timestamps and dates: this long after the entry, or before it when negative.
struct AfterEntry {
  base::Millis from;
  base::Millis to;
};
// The equal of a field of the entry or of the profile.
struct SameAs {
  bool of_entry = false;  // else of the profile
  std::string field;
};

struct Choice {
  double weight = 1;
  std::variant<graph::Value, WholeNumbers, AfterEntry, SameAs> what;
};

// Items of a list.
inline constexpr std::int64_t kMaxItems = 100;

struct Distribution {
  graph::Type type;
  double missing = 0;  // the share that has no value
  std::vector<Choice> choices = {};
  // Of a list: how many items, and what they are. It has no choices of its own, nor
  // has an object.
  std::int64_t least_items = 0;
  std::int64_t most_items = 0;
  std::shared_ptr<const Distribution> item = {};
  std::vector<std::pair<std::string, Distribution>> fields = {};
};

// What a value may refer to; lives for one drawing.
struct DrawnFrom {
  base::Instant entry;
  const std::vector<graph::Field>& entry_fields;
  const std::vector<graph::Field>& profile;
};

graph::Value draw(const Distribution& distribution, base::Random& random, const DrawnFrom& from);

// Uniform in [0, 1), in steps of 2^-53.
double draw_unit(base::Random& random);
// Uniform in [from, to].
std::int64_t draw_between(base::Random& random, std::int64_t from, std::int64_t to);
// An index, as likely as its weight says; the weights are not all zero.
std::size_t draw_weighted(base::Random& random, const std::vector<double>& weights);

}  // namespace sojourn::simulate
