// The planted faults, for the test binary alone.
#include <map>
#include <utility>
#include <vector>

#include "runtime/delivery_record.h"
#include "runtime/user_head.h"
#include "tests/sim/passing_store.h"
#include "tests/sim/planted/salted_place.h"
#include "tests/sim/plants.h"

namespace sojourn::sim {
namespace {

using runtime::DeliveryRecord;

// It tells of commits that are not made yet.
class AnswersFirst final : public PassingStore {
 public:
  using PassingStore::PassingStore;
  void commit(const store::Commit& commit, const Done& done) override {
    done(sequence() + 1);
    PassingStore::commit(commit, [](const auto&) {});
  }
};

// Of what is asked for together with names, it does not know the ids.
class ForgetsIds final : public PassingStore {
 public:
  using PassingStore::PassingStore;
  base::Result<store::Loaded> load(const store::ReadSet& read) override {
    auto loaded = PassingStore::load(read);
    const bool is_of_a_turn = !read.identities.empty() && read.users.empty();
    if (loaded && is_of_a_turn) loaded->seen.assign(loaded->seen.size(), false);
    return loaded;
  }
};

// First who is where, then what leaves and what is due.
class SplitsCommits final : public PassingStore {
 public:
  using PassingStore::PassingStore;
  void commit(const store::Commit& commit, const Done& done) override {
    store::Commit first = commit;
    store::Commit second;
    second.put_timers = std::exchange(first.put_timers, {});
    second.remove_timers = std::exchange(first.remove_timers, {});
    second.put_deliveries = std::exchange(first.put_deliveries, {});
    second.remove_deliveries = std::exchange(first.remove_deliveries, {});
    if (first.empty() || second.empty()) return PassingStore::commit(commit, done);
    bool went_well = false;
    PassingStore::commit(first, [&](const auto& committed) {
      went_well = committed.has_value();
      if (!went_well) done(committed);
    });
    if (went_well) PassingStore::commit(second, done);
  }
};

// Messages that have ended stay, now and then.
class KeepsEnded final : public PassingStore {
 public:
  using PassingStore::PassingStore;
  void commit(const store::Commit& commit, const Done& done) override {
    store::Commit less = commit;
    if (++commits_ % 7 == 0) less.remove_deliveries.clear();
    PassingStore::commit(less, done);
  }

 private:
  std::uint64_t commits_ = 0;
};

class KeepsLeavers final : public PassingStore {
 public:
  using PassingStore::PassingStore;
  void commit(const store::Commit& commit, const Done& done) override {
    store::Commit less = commit;
    std::erase_if(less.remove_rows,
                  [](const store::RowKey& key) { return key.kind == store::RowKind::kEnrollment; });
    PassingStore::commit(less, done);
  }
};

class LosesTimers final : public PassingStore {
 public:
  using PassingStore::PassingStore;
  void commit(const store::Commit& commit, const Done& done) override {
    store::Commit less = commit;
    if (++commits_ % 5 == 0 && !less.put_timers.empty()) less.put_timers.pop_back();
    PassingStore::commit(less, done);
  }

 private:
  std::uint64_t commits_ = 0;
};

// As a cache would be that nobody tells of opt-outs.
class ForgetsOptOuts final : public PassingStore {
 public:
  using PassingStore::PassingStore;
  base::Result<store::Loaded> load(const store::ReadSet& read) override {
    auto loaded = PassingStore::load(read);
    if (!loaded || !read.identities.empty()) return loaded;
    for (auto& rows : loaded->users) {
      for (store::Row& row : rows) {
        if (row.key.kind == store::RowKind::kHead) row.body = without_opt_outs(row.body);
      }
    }
    return loaded;
  }

 private:
  static std::string without_opt_outs(const std::string& body) {
    auto head = runtime::decode_user_head(body);
    if (!head) return body;
    std::erase_if(head->fields, [](const runtime::ProfileField& field) {
      return field.name == "unsubscribedMessageTypeIds";
    });
    return runtime::encode(*head);
  }
};

class SaysTooSoon final : public PassingStore {
 public:
  using PassingStore::PassingStore;
  base::Result<std::vector<store::WaitingLane>> waiting_lanes() override {
    auto lanes = PassingStore::waiting_lanes();
    if (!lanes) return lanes;
    for (store::WaitingLane& lane : *lanes) lane.first = lane.first - base::seconds(1);
    return lanes;
  }
};

class SendsTwice final : public runtime::Transport {
 public:
  explicit SendsTwice(runtime::Transport& under) : under_(under) {}
  bool send(const connectors::HttpRequest& request, Done done) override {
    const bool is_welcome = request.body.find(R"("campaignId":101,)") != std::string::npos;
    if (is_welcome && ++requests_ % 3 == 0) under_.send(request, [](const auto&) {});
    return under_.send(request, std::move(done));
  }

 private:
  runtime::Transport& under_;
  std::uint64_t requests_ = 0;
};

// As HTTP clients do that mean well: what ends without an answer is sent once more.
class TriesAgain final : public runtime::Transport {
 public:
  explicit TriesAgain(runtime::Transport& under) : under_(under) {}
  bool send(const connectors::HttpRequest& request, Done done) override {
    return under_.send(request, [this, request, done](const connectors::Attempt& attempt) {
      const auto* failure = std::get_if<connectors::TransportFailure>(&attempt);
      if (failure == nullptr || !failure->maybe_received) return done(attempt);
      under_.send(request, done);
    });
  }

 private:
  runtime::Transport& under_;
};

}  // namespace

std::unique_ptr<store::Store> planted_store(Plant plant, std::unique_ptr<store::Store> store) {
  switch (plant) {
    case Plant::kAnswersFirst:
      return std::make_unique<AnswersFirst>(std::move(store));
    case Plant::kForgetsIds:
      return std::make_unique<ForgetsIds>(std::move(store));
    case Plant::kSplitsCommits:
      return std::make_unique<SplitsCommits>(std::move(store));
    case Plant::kKeepsEnded:
      return std::make_unique<KeepsEnded>(std::move(store));
    case Plant::kKeepsLeavers:
      return std::make_unique<KeepsLeavers>(std::move(store));
    case Plant::kLosesTimers:
      return std::make_unique<LosesTimers>(std::move(store));
    case Plant::kSaysTooSoon:
      return std::make_unique<SaysTooSoon>(std::move(store));
    case Plant::kForgetsOptOuts:
      return std::make_unique<ForgetsOptOuts>(std::move(store));
    default:
      return store;
  }
}

std::unique_ptr<runtime::Transport> planted_transport(Plant plant, runtime::Transport& transport) {
  if (plant == Plant::kSendsTwice) return std::make_unique<SendsTwice>(transport);
  if (plant == Plant::kTriesAgain) return std::make_unique<TriesAgain>(transport);
  return nullptr;
}

base::Millis planted_haste(Plant plant) {
  return plant == Plant::kClockAhead ? base::minutes(2) : base::Millis{};
}

std::uint32_t planted_room(Plant plant) {
  return plant == Plant::kClaimsTooMany ? 3 : 0;
}

bool loses_outcome(Plant plant, std::uint64_t number) {
  return plant == Plant::kLosesOutcomes && number % 5 == 0;
}

void planted_process(Plant plant, std::uint64_t number) {
  salt_places(plant == Plant::kForgetsArms ? number : 0);
}

}  // namespace sojourn::sim
