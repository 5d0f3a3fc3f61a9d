// What the provider and the network know of what senders said and goes on to Iterable: by what the
// request says, method, path and body, since it has no key. One thread.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "connectors/request.h"
#include "tests/sim/invariants.h"
#include "tests/sim/try_record.h"

namespace sojourn::sim {

// All that a request says, as one text.
std::string call_of(const connectors::HttpRequest& request);
// The emails that a request names, in its path, its query or at the root of its body.
std::vector<std::string> emails_in(const connectors::HttpRequest& request);

class ForwardRecord final : public TryRecord {
 public:
  explicit ForwardRecord(Found found) : found_(std::move(found)) {}

  // The outbox has one more of them.
  void planned(const std::string& call) { ++planned_[call]; }
  bool knows(const std::string& call) const { return planned_.contains(call); }
  // Its request leaves the process.
  Attempt left(const std::string& call);
  // The provider will never take it, and says so.
  void rejected(const std::string& call) { rejected_.insert(call); }

  std::int64_t accepted_times(const std::string& call) const { return accepted_of(call); }
  bool was_rejected(const std::string& call) const { return rejected_.contains(call); }
  bool may_be_taken(const std::string& call) const { return may_have_arrived(call) > 0; }
  // A merge cannot be done twice: whoever was merged is no more.
  bool is_done_for_good(const std::string& call) const;
  std::uint64_t rejected_in_all() const { return rejected_.size(); }

 private:
  std::int64_t wanted(const std::string& call) const override { return planned_.at(call); }
  void too_often(const std::string& call, std::int64_t accepted, std::int64_t lost) override;

  const Found found_;
  std::map<std::string, std::int64_t> planned_;
  std::set<std::string> rejected_;
};

}  // namespace sojourn::sim
