// Where the stages of one file's parse put what they find. Bounded: a file of
// nothing but faults keeps the first kMaxFaults. One owner, one thread.
#pragma once

#include <utility>
#include <vector>

#include "dsl/diagnostic.h"

namespace sojourn::dsl {

class Faults {
 public:
  static constexpr std::size_t kMaxFaults = 1000;

  void add(Diagnostic diagnostic) {
    if (found_.size() < kMaxFaults) found_.push_back(std::move(diagnostic));
  }
  // Nothing more is kept, so nothing more need be looked for.
  bool is_full() const { return found_.size() == kMaxFaults; }
  std::vector<Diagnostic> take() && { return std::move(found_); }

 private:
  std::vector<Diagnostic> found_;
};

}  // namespace sojourn::dsl
