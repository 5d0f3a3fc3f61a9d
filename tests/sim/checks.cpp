#include "tests/sim/checks.h"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>

#include "engine/enrollment_fit.h"
#include "runtime/counter_names.h"
#include "runtime/delivery_endpoint.h"
#include "runtime/erasing_forward.h"
#include "runtime/past_enrollment.h"
#include "runtime/user_head.h"

namespace sojourn::sim {
namespace {

using runtime::DeliveryRecord;

constexpr std::size_t kAll = 1'000'000;

std::string name(store::UserId user) {
  return fmt::format("user {:x}", user.packed());
}

}  // namespace

void Checks::reopened(store::Store& store) {
  look_at_taken(store, known_.taken());
  look_at_scores(store);
  live_.clear();
}

void Checks::after_turn(store::Store& store, const std::set<store::UserId>& users,
                        const Limits& limits) {
  const Outbox outbox = look_at_outbox(store, limits);
  std::set<store::TimerKey> timers;
  const auto due = store.due_timers(base::kNever, kAll);
  if (due) timers.insert(due->begin(), due->end());
  store::ReadSet read;
  read.users.assign(users.begin(), users.end());
  const auto loaded = store.load(read);
  if (!loaded) return say(Invariant::kNoHalfTransaction, loaded.error().message);
  const auto counters = store.counters();
  if (!counters) return say(Invariant::kNoHalfTransaction, counters.error().message);
  note_held(*counters);
  for (std::size_t i = 0; i < read.users.size(); ++i) {
    look_at_user(read.users[i], loaded->users[i], timers, outbox);
  }
  look_at_messages(*counters, outbox);
  look_at_places(*counters);
  forwards_.look_at(*counters, outbox.forwards);
  std::set<std::uint64_t> news;
  std::ranges::set_difference(known_.taken(), looked_for_, std::inserter(news, news.end()));
  look_at_taken(store, news);
  looked_for_.insert(news.begin(), news.end());
}

Checks::Outbox Checks::look_at_outbox(store::Store& store, const Limits& limits) {
  Outbox outbox;
  const auto deliveries = store.deliveries({}, kAll);
  if (!deliveries) return outbox;
  outbox_ = deliveries->size();
  for (const store::Delivery& delivery : *deliveries) {
    const auto record = runtime::decode_delivery(delivery.body);
    if (!record) {
      say(Invariant::kNoHalfTransaction, "a delivery cannot be read");
      continue;
    }
    outbox.of_enrollment.emplace(delivery.key.user, record->enrollment);
    const bool is_call = record->kind == DeliveryRecord::Kind::kCall;
    if (record->kind == DeliveryRecord::Kind::kMessage) {
      ++outbox.messages[record->journey + "/" + record->subject];
    }
    const bool is_forward = record->kind == DeliveryRecord::Kind::kForward;
    if (is_forward) ++outbox.forwards;
    // Of what was under way to somebody who was erased, the row does not say where to.
    const bool is_hollow = is_forward && runtime::is_hollow(*record);
    // What is being looked up has its claim with the endpoint that is asked.
    if (delivery.next_attempt || record->parked || is_hollow) continue;
    const std::string lane =
        is_call ? "the host of " + record->subject
                : std::string(to_string(runtime::claimed_endpoint_of(*record, *program_)));
    const std::uint32_t limit = is_call ? limits.max_calls_in_doubt : limits.max_in_doubt;
    if (++outbox.claims[lane] > limit) {
      say(Invariant::kInDoubtWithinLimit, fmt::format("{} claims without an outcome at {}, of {}",
                                                      outbox.claims[lane], lane, limit));
    }
  }
  return outbox;
}

void Checks::look_at_user(store::UserId user, const std::vector<store::Row>& rows,
                          const std::set<store::TimerKey>& timers, const Outbox& outbox) {
  std::vector<Live>& live = live_[user];
  live.clear();
  std::set<base::Hash128> units;
  std::vector<std::pair<base::Hash128, std::uint32_t>> ended;
  for (const store::Row& row : rows) {
    if (row.key.kind != store::RowKind::kPast) continue;
    if (const auto past = runtime::decode_past(row.body))
      ended.emplace_back(past->unit, past->number);
  }
  for (const store::Row& row : rows) {
    if (row.key.kind != store::RowKind::kEnrollment) continue;
    const auto version = engine::stored_version(row.body);
    const runtime::Journey* journey = version ? program_->find(*version) : nullptr;
    const auto number = static_cast<std::uint32_t>(row.key.number);
    const auto decoded = journey == nullptr
                             ? base::Result<engine::Enrollment>(tl::unexpected(base::Error{}))
                             : engine::read_live_enrollment(row.body, user.packed(), number,
                                                            journey->graph, journey->numbers);
    if (!decoded) {
      say(Invariant::kOnePlace,
          fmt::format("enrollment {} of {} cannot be read", number, name(user)));
      continue;
    }
    live.push_back({journey->graph.journey, journey->inside_counters.at(decoded->at), number});
    const bool is_over = std::ranges::any_of(ended, [&](const auto& each) {
      return each.first == decoded->unit && each.second == number;
    });
    if (is_over || !units.insert(decoded->unit).second) {
      say(Invariant::kOnePlace,
          fmt::format("enrollment {} of {} in {} is live {}", number, name(user),
                      journey->graph.journey, is_over ? "and over" : "beside another of its unit"));
    }
    const auto due = decoded->next_due();
    const bool has_timer = due && timers.contains({user, *due, number});
    const bool is_held = held_.contains(journey->graph.journey);
    if (due && !has_timer && !is_held) {
      say(Invariant::kEverybodyWaits,
          fmt::format("enrollment {} of {} in {} has no row for its timer", number, name(user),
                      journey->graph.journey));
    } else if (!has_timer && !is_held && !outbox.of_enrollment.contains({user, number})) {
      say(Invariant::kEverybodyWaits, fmt::format("enrollment {} of {} in {} waits for nothing",
                                                  number, name(user), journey->graph.journey));
    }
  }
}

void Checks::note_held(const Counters& counters) {
  held_.clear();
  for (const auto& [counter, value] : counters) {
    const auto parts = runtime::counter_parts(counter);
    if (parts[0] == "held_back" && value > 0) held_.emplace(parts.at(1));
  }
}

// planned = accepted + skipped + not yet ended.
void Checks::look_at_messages(const Counters& counters, const Outbox& outbox) {
  std::map<std::string, std::int64_t> rest;
  for (const auto& [counter, value] : counters) {
    const auto parts = runtime::counter_parts(counter);
    if (parts[0] == "planned") rest[fmt::format("{}/{}", parts.at(1), parts.at(2))] += value;
    if (parts[0] != "accepted" && parts[0] != "skipped") continue;
    rest[fmt::format("{}/{}", parts.at(1), parts.at(2))] -= value;
  }
  for (const auto& [campaign, waiting] : outbox.messages) rest[campaign] -= waiting;
  for (const auto& [campaign, count] : rest) {
    if (count == 0) continue;
    say(Invariant::kOneFinalState,
        fmt::format("{}: {} messages were planned beyond those that wait, were accepted or skipped",
                    campaign, count));
  }
}

// entered = inside + exited, and inside are those whose rows say so.
void Checks::look_at_places(const Counters& counters) {
  std::map<std::string, std::int64_t> rest;
  std::map<std::string, std::int64_t> places;
  for (const auto& [user, live] : live_) {
    for (const Live& each : live) ++places[each.step];
  }
  for (const auto& [counter, value] : counters) {
    const auto parts = runtime::counter_parts(counter);
    if (parts[0] == "entered") rest[std::string(parts.at(1))] += value;
    if (parts[0] == "exited" || parts[0] == "inside") rest[std::string(parts.at(1))] -= value;
    if (parts[0] == "inside") places[counter] -= value;
  }
  for (const auto& [journey, count] : rest) {
    if (count == 0) continue;
    say(Invariant::kOnePlace,
        fmt::format("{}: {} entered beyond those inside and those who left", journey, count));
  }
  for (const auto& [place, count] : places) {
    if (count == 0) continue;
    say(Invariant::kOnePlace, fmt::format("{}: {} are there beyond those counted", place, count));
  }
}

void Checks::look_at_taken(store::Store& store, const std::set<std::uint64_t>& taken) {
  store::ReadSet read;
  // An id is looked for on every day, so the day does not matter.
  for (const std::uint64_t hash : taken) {
    read.seen.push_back({static_cast<std::uint16_t>(hash % store::kShardCount), 0, hash});
  }
  const auto loaded = store.load(read);
  if (!loaded) return;
  for (std::size_t i = 0; i < read.seen.size(); ++i) {
    if (loaded->seen[i]) continue;
    say(Invariant::kAcknowledgedKept,
        fmt::format("the event with the id of hash {:x} was taken and is not there",
                    read.seen[i].hash));
  }
}

void Checks::look_at_scores(store::Store& store) {
  for (const auto& [email, score] : known_.scores()) {
    store::ReadSet who;
    who.identities.push_back({store::Identity::Kind::kEmail, email});
    const auto user = store.load(who);
    if (!user || !user->identities.front()) {
      say(Invariant::kAcknowledgedKept, fmt::format("{} was taken and is not there", email));
      continue;
    }
    store::ReadSet read;
    read.users.push_back(*user->identities.front());
    const auto rows = store.load(read);
    const auto head = rows && !rows->users.front().empty()
                          ? runtime::decode_user_head(rows->users.front().front().body)
                          : base::Result<runtime::UserHead>(tl::unexpected(base::Error{}));
    const runtime::ProfileField* field = head ? head->find("score") : nullptr;
    if (field != nullptr && field->value.as_integer() >= score) continue;
    say(Invariant::kAcknowledgedKept,
        fmt::format("{} was taken with score {}, and is not there with it", email, score));
  }
}

std::size_t Checks::inside() const {
  std::size_t all = 0;
  for (const auto& [user, live] : live_) all += live.size();
  return all;
}

std::string Checks::left_over() const {
  std::string text;
  for (const auto& [user, live] : live_) {
    for (const Live& each : live) {
      text += fmt::format("{} enrollment {} at {}; ", name(user), each.number, each.step);
    }
  }
  return text;
}

}  // namespace sojourn::sim
