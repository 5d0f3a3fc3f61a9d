#include "tests/sim/watched_store.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "runtime/delivery_record.h"
#include "runtime/log_record.h"
#include "tests/sim/program.h"

namespace sojourn::sim {
namespace {

using runtime::LogRecord;
using store::Content;

// A wall clock that is a little off is followed (runtime/lived_time.h).
constexpr base::Millis kTolerance = base::seconds(10);

template <typename Map>
std::string first_difference(const char* what, const Map& found, const Map& wanted) {
  if (found == wanted) return {};
  return fmt::format("{}: {} on disk, {} expected; ", what, found.size(), wanted.size());
}

std::string difference(const Content& found, const Content& wanted) {
  return first_difference("rows", found.rows, wanted.rows) +
         first_difference("timers", found.timers, wanted.timers) +
         first_difference("deliveries", found.deliveries, wanted.deliveries) +
         first_difference("identities", found.identities, wanted.identities) +
         first_difference("ids", found.seen, wanted.seen) +
         first_difference("counters", found.counters, wanted.counters) +
         first_difference("field values", found.field_values, wanted.field_values) +
         first_difference("fan-outs", found.fan_outs, wanted.fan_outs);
}

std::string name(store::UserId user) {
  return fmt::format("user {:x}", user.packed());
}

}  // namespace

void CommitWatch::begin(const store::Commit& commit, std::uint64_t number) {
  look_at_ids(commit);
  for (const store::Row& row : commit.put_rows) {
    touched_.insert(row.key.user);
    // A merge brings along what another user's log said before.
    const bool is_news = row.key.number == number;
    if (row.key.kind == store::RowKind::kLog && is_news) look_at_log(row);
  }
  for (const store::RowKey& key : commit.remove_rows) touched_.insert(key.user);
  for (const store::TimerKey& key : commit.put_timers) touched_.insert(key.user);
  for (const store::TimerKey& key : commit.remove_timers) touched_.insert(key.user);
  for (const store::Delivery& each : commit.put_deliveries) touched_.insert(each.key.user);
  for (const store::DeliveryKey& key : commit.remove_deliveries) touched_.insert(key.user);
  look_at_messages(commit);
  pending_ = commit;
  pending_number_ = number;
}

void CommitWatch::done(bool is_durable) {
  if (is_durable) pending_was_made();
}

void CommitWatch::pending_was_made() {
  content_.apply(*pending_);
  on_disk_(*pending_, pending_number_);
  made_.push_back(std::move(*pending_));
  pending_.reset();
}

// By its id alone, on whatever day it came.
void CommitWatch::look_at_ids(const store::Commit& commit) {
  for (const store::SeenEvent& event : commit.put_seen) {
    const bool again = std::ranges::any_of(content_.seen, [&](const store::SeenEvent& known) {
      return known.shard == event.shard && known.hash == event.hash;
    });
    if (!again) continue;
    found_({Invariant::kTakenOnce,
            fmt::format("the event with the id of hash {:x} is taken again", event.hash)});
  }
}

void CommitWatch::look_at_log(const store::Row& row) {
  const auto lines = runtime::decode_log(row.body);
  if (!lines) return found_({Invariant::kNoHalfTransaction, "a row of the log cannot be read"});
  const bool merges = std::ranges::any_of(
      *lines, [](const LogRecord& line) { return line.kind == LogRecord::Kind::kMerged; });
  // A merge brings along what the other user did in the same turn, before it.
  const auto is_own = [&](const LogRecord& line) {
    return !merges ||
           content_.rows.contains({row.key.user, store::RowKind::kEnrollment, line.enrollment});
  };
  for (const LogRecord& line : *lines) {
    if (!is_own(line)) continue;
    if (line.kind == LogRecord::Kind::kBranch && is_split(line.subject)) {
      const auto key = fmt::format("{} {} {}", row.key.user.packed(), line.journey, line.subject);
      const auto& arm = arms_.try_emplace(key, line.detail).first->second;
      if (arm == line.detail) continue;
      found_({Invariant::kStickyArms,
              fmt::format("{} went {} at `{}` of {} and now, in enrollment {}, goes {}",
                          name(row.key.user), arm, line.subject, line.journey, line.enrollment,
                          line.detail)});
    }
    if (line.kind != LogRecord::Kind::kWaitOver) continue;
    ++waits_over_;
    const base::Instant latest = clock_.true_time() + ahead_ + kTolerance;
    const auto timer = std::ranges::find_if(content_.timers, [&](const store::TimerKey& each) {
      return each.user == row.key.user && each.enrollment == line.enrollment;
    });
    if (timer == content_.timers.end() || timer->due <= latest) continue;
    found_({Invariant::kNoTimerEarly,
            fmt::format("step {} of enrollment {} of {} was due at {}, and it is {}", line.subject,
                        line.enrollment, name(row.key.user), base::to_iso8601(timer->due),
                        base::to_iso8601(clock_.true_time()))});
  }
}

// A message that leaves the outbox has been accepted or skipped, by a line of the same commit.
void CommitWatch::look_at_messages(const store::Commit& commit) {
  std::map<std::pair<store::UserId, std::string>, int> balance;
  for (const store::DeliveryKey& key : commit.remove_deliveries) {
    const auto known = content_.deliveries.find(key);
    if (known == content_.deliveries.end()) continue;
    const auto record = runtime::decode_delivery(std::get<1>(known->second));
    if (!record || record->kind != runtime::DeliveryRecord::Kind::kMessage) continue;
    ++balance[{key.user, record->subject}];
  }
  std::set<store::UserId> gone;  // erased, or somebody else from here on
  for (const store::RowKey& key : commit.remove_rows) {
    if (key.kind == store::RowKind::kHead) gone.insert(key.user);
  }
  for (const store::Row& row : commit.put_rows) {
    if (row.key.kind != store::RowKind::kLog) continue;
    const auto lines = runtime::decode_log(row.body);
    if (!lines) continue;
    for (const LogRecord& line : *lines) {
      if (line.kind == LogRecord::Kind::kMerged) gone.insert(row.key.user);
      if (line.kind != LogRecord::Kind::kAccepted && line.kind != LogRecord::Kind::kSkipped)
        continue;
      // What was planned by this very commit was never in the outbox.
      const auto waited = balance.find({row.key.user, line.subject});
      if (waited != balance.end()) --waited->second;
    }
  }
  for (const auto& [whose, left] : balance) {
    if (left <= 0 || gone.contains(whose.first)) continue;
    found_({Invariant::kOneFinalState, fmt::format("campaign {} of {} leaves the outbox without "
                                                   "having been accepted or skipped",
                                                   whose.second, name(whose.first))});
  }
}

std::set<store::UserId> CommitWatch::users() const {
  std::set<store::UserId> users;
  for (const auto& [key, body] : content_.rows) users.insert(key.user);
  return users;
}

store::Universe CommitWatch::universe() const {
  Content both = content_;
  if (pending_) both.apply(*pending_);
  store::Universe universe;
  std::set<store::UserId> users = this->users();
  for (const auto& [key, body] : both.rows) users.insert(key.user);
  for (const auto& [key, body] : both.deliveries) users.insert(key.user);
  universe.users.assign(users.begin(), users.end());
  std::set<store::Identity> identities;
  for (const auto* content : {&content_, static_cast<const Content*>(&both)}) {
    for (const auto& [identity, user] : content->identities) identities.insert(identity);
  }
  universe.identities.assign(identities.begin(), identities.end());
  universe.seen.assign(both.seen.begin(), both.seen.end());
  std::set<std::pair<std::uint32_t, base::Hash128>> values;
  for (const auto* content : {&content_, static_cast<const Content*>(&both)}) {
    for (const store::FieldValue& entry : content->field_values) {
      values.emplace(entry.field, entry.value);
    }
  }
  universe.field_values.assign(values.begin(), values.end());
  return universe;
}

// What both sides can be asked for, in one form.
Content CommitWatch::comparable(Content content) const {
  content.sequence = 0;
  content.graphs.clear();
  content.settings.clear();
  std::erase_if(content.counters, [](const auto& each) { return each.second == 0; });
  std::erase_if(content.seen,
                [&](const store::SeenEvent& event) { return event.day < kept_from_day_; });
  std::erase_if(content.field_values, [&](const store::FieldValue& entry) {
    return dropped_fields_.contains(entry.field);
  });
  // Rows of the operator's, which are read by number.
  std::erase_if(content.rows,
                [](const auto& each) { return each.first.kind > store::RowKind::kLog; });
  return content;
}

// How many of the last commits would have to be gone to make it so; 0: it is nothing of the kind.
std::size_t CommitWatch::commits_missing(const Content& found) const {
  Content content;
  for (std::size_t made = 0; made < made_.size(); ++made) {
    if (comparable(content) == found) return made_.size() - made;
    content.apply(made_[made]);
  }
  return 0;
}

void CommitWatch::reopened(store::Store& store) {
  const Content found = comparable(store::content_of(store, universe()));
  if (pending_) {
    Content with = content_;
    with.apply(*pending_);
    if (found == comparable(std::move(with))) return pending_was_made();
  }
  const bool was_under_way = pending_.has_value();
  pending_.reset();
  const Content wanted = comparable(content_);
  if (found == wanted) return;
  if (const std::size_t missing = commits_missing(found)) {
    return found_({Invariant::kAcknowledgedKept,
                   fmt::format("the last {} commits are gone, and were told of", missing)});
  }
  found_({Invariant::kNoHalfTransaction,
          fmt::format("the store is not as after its last commit{}: {}",
                      was_under_way ? ", nor as after the one under way" : "",
                      difference(found, wanted))});
}

void WatchedStore::commit(const store::Commit& commit, const Done& done) {
  watch_.begin(commit, sequence() + 1);
  PassingStore::commit(commit, [&](base::Result<std::uint64_t> committed) {
    watch_.done(committed.has_value());
    done(std::move(committed));
  });
}

}  // namespace sojourn::sim
