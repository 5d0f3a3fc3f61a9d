// The answer of the bulk operations: counts, and the failed items by reason and
// name (there is no index). Private to the service.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "sandbox/exchange.h"

namespace sojourn::sandbox {

class BulkAnswer {
 public:
  enum class Kind { kUsers, kEvents };
  explicit BulkAnswer(Kind kind) : kind_(kind) {}

  void succeeded() { ++successes_; }
  // `list` is one of those in `failedUpdates`, e.g. `invalidEmails`.
  void failed(std::string_view list, std::string_view name);
  Reply reply() const;

 private:
  Kind kind_;
  std::uint64_t successes_ = 0;
  std::uint64_t failures_ = 0;
  std::map<std::string, std::vector<std::string>, std::less<>> lists_;
};

}  // namespace sojourn::sandbox
