// Stands on both sides of a shard: sees every call that its store makes to the
// disk, and everything that it publishes, in one order. Keeps what the world was
// promised, and the disk as a power cut would leave it. One thread.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "runtime/commit_order.h"
#include "runtime/store/store.h"
#include "runtime/store/vfs.h"
#include "tests/durability/order_checker.h"
#include "tests/unit/runtime/store/power_disk.h"

namespace sojourn::durability {

// All that the disk must hold, because somebody was told.
struct Promises {
  std::set<std::string> event_ids;             // taken
  std::map<std::string, std::int64_t> scores;  // at least this, by email; 0: the person exists
  std::map<store::DeliveryKey, std::uint32_t> claims;  // handed out: which attempt
};

class Witness final : public store::IoObserver, public runtime::Publisher {
 public:
  // Before the first turn. `store` is asked for its last commit.
  void watch(const store::Store& store) { store_ = &store; }
  // Called after everything that is published, with the promises it made.
  void at_publish(std::function<void()> call) { at_publish_ = std::move(call); }

  // A request is about to be given to the shard: its answer will promise its items.
  void asked(const runtime::IntakeRequest& request);
  // An outcome is about to be: from here on its claim may end.
  void ended(const runtime::AttemptEnded& ended);

  const std::vector<Happening>& happenings() const { return happenings_; }
  const Promises& promises() const { return promises_; }
  const std::vector<runtime::OperatorNote>& notes() const { return notes_; }
  // Requests that wait for an answer.
  std::size_t unanswered() const { return asked_.size(); }
  // Handed out and not yet taken from here.
  std::deque<runtime::Outgoing>& outgoing() { return outgoing_; }
  // To have a call to it fail.
  store::PowerDisk& disk() { return disk_; }
  // What is left on disk if the power goes now: by file what was synced.
  store::PowerDisk::Image power_cut();

  Verdict before(const store::IoCall& io) override { return disk_.before(io); }
  void after(const store::IoCall& io) override;
  void publish(runtime::TurnOutput output) override;
  void answer(runtime::QueryAnswer) override {}

 private:
  void take(const runtime::IntakeResult& result, std::uint64_t commit);
  void take(const runtime::Outgoing& outgoing, std::uint64_t commit);

  const store::Store* store_ = nullptr;
  std::function<void()> at_publish_;
  store::PowerDisk disk_;
  std::map<std::uint64_t, runtime::IntakeRequest> asked_;  // by token
  std::vector<Happening> happenings_;
  Promises promises_;
  std::vector<runtime::OperatorNote> notes_;
  std::deque<runtime::Outgoing> outgoing_;
};

}  // namespace sojourn::durability
