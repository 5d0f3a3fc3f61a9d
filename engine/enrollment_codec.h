// The stored form of an enrollment. Step indices belong to one graph, so rows
// name steps by number instead: one per step identity of a journey, given once
// and never reused (runtime keeps the table). The format stands in the .cpp.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "engine/enrollment.h"

namespace sojourn::engine {

// For one graph: the number of each of its steps, and back.
class StepNumbers {
 public:
  // `numbers[i]` is the number of step i.
  explicit StepNumbers(std::vector<std::uint32_t> numbers);
  std::uint32_t number_of(graph::StepIndex step) const;
  std::optional<graph::StepIndex> step_of(std::uint32_t number) const;

 private:
  std::vector<std::uint32_t> numbers_;
};

// `user` and `number` are the row's key and are not repeated in the bytes.
std::string encode(const Enrollment& enrollment, const StepNumbers& numbers);
// The version alone, to find the graph and its numbers with.
base::Result<graph::Version> stored_version(std::string_view bytes);
base::Result<Enrollment> decode(std::string_view bytes, std::uint64_t user, std::uint32_t number,
                                const StepNumbers& numbers);

}  // namespace sojourn::engine
