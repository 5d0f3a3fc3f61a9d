// The planted faults, for the test binary alone.
#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "runtime/delivery_record.h"
#include "runtime/erasing_forward.h"
#include "runtime/user_head.h"
#include "tests/sim/passing_store.h"
#include "tests/sim/planted/salted_place.h"
#include "tests/sim/plants.h"
#include "tests/sim/program.h"

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

// Of one user, what this process has not claimed.
class HidesClaims final : public PassingStore {
 public:
  using PassingStore::PassingStore;
  void commit(const store::Commit& commit, const Done& done) override {
    for (const store::Delivery& each : commit.put_deliveries) {
      if (!each.next_attempt) claimed_.insert(each.key);
    }
    PassingStore::commit(commit, done);
  }
  base::Result<std::vector<store::Delivery>> deliveries_of(store::UserId user) override {
    auto found = PassingStore::deliveries_of(user);
    if (!found) return found;
    std::erase_if(*found, [&](const store::Delivery& each) {
      return !each.next_attempt && claimed_.contains(each.key);
    });
    return found;
  }

 private:
  std::set<store::DeliveryKey> claimed_;
};

class Miscounts final : public PassingStore {
 public:
  using PassingStore::PassingStore;
  void commit(const store::Commit& commit, const Done& done) override {
    store::Commit less = commit;
    if (++commits_ % 5 == 0) {
      std::erase_if(less.counters,
                    [](const auto& each) { return each.name == "forwards_waiting"; });
    }
    PassingStore::commit(less, done);
  }

 private:
  std::uint64_t commits_ = 0;
};

// What was to be dropped with a person stays, and is counted as if it were to.
class KeepsErased final : public PassingStore {
 public:
  using PassingStore::PassingStore;
  void commit(const store::Commit& commit, const Done& done) override {
    if (!erases(commit)) return PassingStore::commit(commit, done);
    store::Commit less = commit;
    const auto kept = std::erase_if(less.remove_deliveries,
                                    [&](const store::DeliveryKey& key) { return is_planned(key); });
    less.counters.push_back({"forwards_waiting", static_cast<std::int64_t>(kept)});
    less.counters.push_back({"forwards/erased", -static_cast<std::int64_t>(kept)});
    PassingStore::commit(less, done);
  }

 private:
  static bool is_forward(const store::Delivery& delivery, bool erasing) {
    const auto record = runtime::decode_delivery(delivery.body);
    return record && record->kind == DeliveryRecord::Kind::kForward &&
           runtime::is_erasing(record->subject) == erasing;
  }
  static bool erases(const store::Commit& commit) {
    return std::ranges::any_of(commit.put_deliveries,
                               [](const auto& each) { return is_forward(each, true); });
  }
  bool is_planned(const store::DeliveryKey& key) {
    const auto theirs = deliveries_of(key.user);
    return theirs && std::ranges::any_of(*theirs, [&](const store::Delivery& each) {
             return each.key == key && each.next_attempt && is_forward(each, false);
           });
  }
};

bool is_senders_event(const connectors::HttpRequest& request) {
  return request.path == "/api/events/track" && request.body.find(R"("id":)") != std::string::npos;
}

// Without having asked.
class SaysTaken final : public runtime::Transport {
 public:
  explicit SaysTaken(runtime::Transport& under) : under_(under) {}
  bool send(const connectors::HttpRequest& request, Done done) override {
    const bool is_left_out = is_senders_event(request) && ++requests_ % 7 == 0;
    if (!is_left_out) return under_.send(request, std::move(done));
    done(connectors::Response{200, "", "{}"});
    return true;
  }

 private:
  runtime::Transport& under_;
  std::uint64_t requests_ = 0;
};

class PassesOnTwice final : public runtime::Transport {
 public:
  explicit PassesOnTwice(runtime::Transport& under) : under_(under) {}
  bool send(const connectors::HttpRequest& request, Done done) override {
    if (is_senders_event(request) && ++requests_ % 3 == 0) {
      under_.send(request, [](const auto&) {});
    }
    return under_.send(request, std::move(done));
  }

 private:
  runtime::Transport& under_;
  std::uint64_t requests_ = 0;
};

// Whoever asks for no more than an event may reach.
class OverlooksUsers final : public PassingStore {
 public:
  using PassingStore::PassingStore;
  base::Result<std::vector<store::UserId>> users_with(std::uint32_t field, base::Hash128 value,
                                                      std::size_t limit) override {
    auto users = PassingStore::users_with(field, value, limit);
    constexpr std::size_t kOfAnEvent = 1'000;
    if (users && users->size() > 1 && limit < kOfAnEvent) users->pop_back();
    return users;
  }
};

// Its parts are gone, and the event is still there.
class KeepsHandedOut final : public PassingStore {
 public:
  using PassingStore::PassingStore;
  void commit(const store::Commit& commit, const Done& done) override {
    store::Commit less = commit;
    std::erase_if(less.remove_fan_outs, [](const store::FanOutKey& key) { return key.part == 0; });
    PassingStore::commit(less, done);
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
    case Plant::kOverlooksUsers:
      return std::make_unique<OverlooksUsers>(std::move(store));
    case Plant::kKeepsHandedOut:
      return std::make_unique<KeepsHandedOut>(std::move(store));
    case Plant::kForgetsOptOuts:
      return std::make_unique<ForgetsOptOuts>(std::move(store));
    case Plant::kHidesClaims:
      return std::make_unique<HidesClaims>(std::move(store));
    case Plant::kMiscounts:
      return std::make_unique<Miscounts>(std::move(store));
    case Plant::kKeepsErased:
      return std::make_unique<KeepsErased>(std::move(store));
    default:
      return store;
  }
}

std::unique_ptr<runtime::Transport> planted_transport(Plant plant, runtime::Transport& transport) {
  if (plant == Plant::kSendsTwice) return std::make_unique<SendsTwice>(transport);
  if (plant == Plant::kTriesAgain) return std::make_unique<TriesAgain>(transport);
  if (plant == Plant::kSaysTaken) return std::make_unique<SaysTaken>(transport);
  if (plant == Plant::kPassesOnTwice) return std::make_unique<PassesOnTwice>(transport);
  return nullptr;
}

base::Millis planted_haste(Plant plant) {
  return plant == Plant::kClockAhead ? base::minutes(2) : base::Millis{};
}

std::uint32_t planted_room(Plant plant) {
  return plant == Plant::kClaimsTooMany ? 3 : 0;
}

std::size_t planted_waiting_room(Plant plant) {
  return plant == Plant::kLetsTooManyIn ? 1'000 : 0;
}

std::optional<runtime::IntakeRequest> planted_copy(Plant plant,
                                                   const runtime::IntakeRequest& request) {
  if (plant != Plant::kHandsOverTwice || request.items.size() != 1) return std::nullopt;
  const auto* event = std::get_if<runtime::IntakeEvent>(&request.items.front());
  if (event == nullptr || event->wire_name != kAlarmEvent) return std::nullopt;
  runtime::IntakeRequest copy = request;
  copy.token = 0;
  std::get<runtime::IntakeEvent>(copy.items.front()).id.reset();
  // It would go on once more as well, and be found by that.
  copy.forwards.clear();
  return copy;
}

bool loses_keys(Plant plant) {
  return plant == Plant::kLosesKeys;
}

bool loses_outcome(Plant plant, std::uint64_t number) {
  return plant == Plant::kLosesOutcomes && number % 5 == 0;
}

void planted_process(Plant plant, std::uint64_t number) {
  salt_places(plant == Plant::kForgetsArms ? number : 0);
}

}  // namespace sojourn::sim
