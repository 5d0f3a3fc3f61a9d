#include "runtime/shard.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "base/clock.h"
#include "connectors/iterable/passed_on.h"
#include "runtime/delivery_endpoint.h"
#include "runtime/delivery_report.h"
#include "runtime/journey_clocks.h"
#include "runtime/membership_request.h"
#include "runtime/operation_report.h"
#include "runtime/program.h"
#include "runtime/turn.h"
#include "runtime/turn_orders.h"
#include "runtime/user_export.h"
#include "runtime/user_report.h"
#include "runtime/user_state.h"
#include "runtime/why_report.h"

namespace sojourn::runtime {
namespace {

constexpr std::size_t kRecoverBatch = 1'000;
constexpr std::size_t kDropBatch = 5'000;
constexpr std::int64_t kDayMillis = 86'400'000;
// Counting a million overdue timers takes a while, so it is done so rarely.
constexpr base::Millis kCountOverdueEvery = base::seconds(60);

base::Millis behind(std::optional<base::Instant> due, base::Instant now) {
  return due && *due < now ? now - *due : base::Millis{0};
}

// It changes nothing.
bool is_question(const ShardInput& input) {
  const auto* command = std::get_if<JourneyCommand>(&input);
  const auto* order = std::get_if<DeliveryOrder>(&input);
  const auto* forget = std::get_if<ForgetCommand>(&input);
  return std::holds_alternative<UserQuery>(input) || std::holds_alternative<AuditQuery>(input) ||
         std::holds_alternative<DeliveryQuery>(input) || std::holds_alternative<WhyQuery>(input) ||
         std::holds_alternative<ExportQuery>(input) ||
         (command != nullptr && !command->carry_out) || (order != nullptr && !order->go) ||
         (forget != nullptr && !forget->carry_out);
}

}  // namespace

Shard::Shard(ShardSettings settings, std::shared_ptr<const Program> program, store::Store& store,
             calendar::ZoneSource& zones, base::Random& random, Publisher& publisher)
    : settings_(std::move(settings)),
      program_(std::move(program)),
      store_(store),
      zones_(zones),
      publisher_(publisher),
      herald_(publisher),
      window_(settings_.max_in_doubt, settings_.budgets),
      calls_(program_->catalog().webhooks, settings_.max_calls_in_doubt),
      users_(settings_.user_cache_bytes),
      splits_(*program_, settings_.turn.max_split_units),
      letters_(settings_.dead_letters),
      doubts_(std::max(settings_.max_parked, settings_.max_in_doubt)),
      overdue_(settings_.overdue_per_second, settings_.overdue_after),
      releases_(settings_.put_off_per_second),
      log_keeper_(settings_.keep_log_days),
      context_{*program_,   settings_.turn, store,    zones,      random,   window_,   claimed_,
               users_,      paces_,         calls_,   fan_outs_,  census_,  splits_,   operations_,
               letters_,    retention_,     doubts_,  lived_,     overdue_, lateness_, releases_,
               tombstones_, moved_claims_,  changes_, forgotten_, leaving_, is_still_} {}

Shard::~Shard() = default;

base::Status Shard::recover(base::Instant now) {
  now_ = std::max(now_, now);
  lived_.begin(now_);
  if (auto loaded = paces_.load(store_); !loaded) return loaded;
  if (auto loaded = fan_outs_.load(store_); !loaded) return loaded;
  if (auto loaded = census_.load(store_, program_->watch_plan(), zones_.rules_fingerprint(), now_);
      !loaded) {
    return loaded;
  }
  // Nobody: numbers of users begin with 1.
  const UserState nobody({0, 0}, *program_);
  census_.expect(engine::find_newcomers(program_->watch_plan(), nobody.facts(zones_), now_));
  if (auto loaded = splits_.load(store_, now_); !loaded) return loaded;
  if (auto loaded = operations_.load(store_, now_); !loaded) return loaded;
  if (auto loaded = letters_.load(store_); !loaded) return loaded;
  if (auto loaded = doubts_.load(store_); !loaded) return loaded;
  if (auto loaded = tombstones_.load(store_); !loaded) return loaded;
  if (auto loaded = forgotten_.load(store_); !loaded) return loaded;
  if (auto loaded = leaving_.load(store_); !loaded) return loaded;
  if (auto loaded = washing_.load(store_, now_); !loaded) return loaded;
  std::optional<store::DeliveryKey> after;
  while (true) {
    auto claimed = store_.claimed_deliveries(after, kRecoverBatch);
    if (!claimed) return tl::unexpected(claimed.error());
    if (claimed->empty()) break;
    after = claimed->back().key;
    std::vector<ShardInput> inputs;
    for (const store::Delivery& delivery : *claimed) {
      auto input = doubt(delivery);
      if (!input) return tl::unexpected(input.error());
      inputs.push_back(std::move(*input));
    }
    Turn turn(context_, now_);
    // No claims here: the next batch could not tell them from the last process's. What is planned
    // meanwhile is not put off by it.
    stop_claiming(base::kNever);
    if (auto ran = turn.run(std::move(inputs), false); !ran) return ran;
    if (auto done = finish(turn); !done) return done;
  }
  if (auto caught_up = catch_up(); !caught_up) return caught_up;
  TurnOutput said;
  said.sequence = store_.sequence();
  said.notes = left_while_paused(operations_, *program_);
  if (!said.notes.empty()) publisher_.publish(std::move(said));
  hold(hold_);
  return {};
}

// What a claim that outlived its process means: a message may have left, and so may a request that
// is passed on; anything else can simply be repeated.
base::Result<ShardInput> Shard::doubt(const store::Delivery& delivery) {
  auto record = decode_delivery(delivery.body);
  if (!record) return tl::unexpected(record.error());
  AttemptEnded ended;
  ended.key = delivery.key;
  ended.attempt = record->attempts;
  if (record->kind == DeliveryRecord::Kind::kCall) {
    ended.webhook = record->subject;
  } else {
    ended.endpoint = claimed_endpoint_of(*record, *program_);
  }
  ended.recovered = true;
  const bool may_count_twice = record->kind == DeliveryRecord::Kind::kMessage ||
                               (record->kind == DeliveryRecord::Kind::kForward &&
                                connectors::iterable::passed_on(record->subject, record->body) ==
                                    connectors::iterable::Endpoint::kSend);
  ended.outcome.kind =
      may_count_twice ? connectors::OutcomeKind::kUnknown : connectors::OutcomeKind::kRetry;
  ended.outcome.reason = "restart";
  ended.outcome.message = "the process ended before the answer came";
  // It may still arrive, behind what is decided meanwhile (what_holds).
  if (is_membership(record->kind)) record->in_doubt = true;
  claimed_.emplace(delivery.key, std::move(*record));
  return ShardInput(std::move(ended));
}

base::Status Shard::finish(Turn& turn) {
  const std::int64_t began = stopwatch_ == nullptr ? 0 : stopwatch_->monotonic_millis();
  auto done = commit_then_publish(store_, turn.commit(), std::move(turn.output()), herald_);
  if (done) washing_.committed(turn.commit(), now_);
  if (stopwatch_ != nullptr) commits_.add(base::Millis{stopwatch_->monotonic_millis() - began});
  if (done) turn.release();
  return done;
}

std::vector<ShardInput> Shard::take(std::deque<ShardInput>& inputs) const {
  std::vector<ShardInput> taken;
  std::size_t items = 0;
  while (!inputs.empty() && items < settings_.max_items_per_turn) {
    if (const auto* request = std::get_if<IntakeRequest>(&inputs.front())) {
      if (items > 0 && items + request->items.size() > settings_.max_items_per_turn) break;
      items += request->items.size();
    } else {
      ++items;
    }
    taken.push_back(std::move(inputs.front()));
    inputs.pop_front();
  }
  return taken;
}

base::Result<TurnReport> Shard::turn(std::deque<ShardInput>& inputs, base::Instant now) {
  now_ = std::max(now_, now);
  std::vector<ShardInput> taken = take(inputs);
  // Questions are answered from what is committed, so after the turn.
  std::vector<ShardInput> questions;
  std::erase_if(taken, [&](ShardInput& input) {
    if (std::holds_alternative<StopClaiming>(input)) {
      is_stopping_ = true;
      stop_claiming(base::kNever);
      return true;
    }
    const bool asks = is_question(input);
    if (asks) questions.push_back(std::move(input));
    return asks;
  });
  auto busy = run(std::move(taken));
  if (!busy) return tl::unexpected(busy.error());
  for (const ShardInput& question : questions) {
    if (auto answered = answer(question); !answered) return tl::unexpected(answered.error());
  }
  if (!*busy) {
    if (auto dropped = drop_old_ids(); !dropped) return tl::unexpected(dropped.error());
  }
  const auto kind = *busy ? LogKeeper::Turn::kBusy : LogKeeper::Turn::kIdle;
  if (auto dropped = drop_old_log(kind); !dropped) return tl::unexpected(dropped.error());
  if (auto washed = wash(); !washed) return tl::unexpected(washed.error());
  auto wake = next_wake();
  if (!wake) return tl::unexpected(wake.error());
  const base::Instant note =
      std::min({lived_.next_note(), retention_.next_idle_turn(), washing_.next()});
  return TurnReport{*busy || !inputs.empty(), *wake, note};
}

base::Result<bool> Shard::run(std::vector<ShardInput> inputs) {
  Turn turn(context_, now_);
  if (auto ran = turn.run(std::move(inputs), true); !ran) return tl::unexpected(ran.error());
  if (!turn.did_something()) return false;
  if (auto done = finish(turn); !done) return tl::unexpected(done.error());
  return true;
}

base::Result<base::Instant> Shard::next_wake() {
  auto timer = next_timer();
  if (!timer) return tl::unexpected(timer.error());
  auto delivery = next_delivery();
  if (!delivery) return tl::unexpected(delivery.error());
  if (is_still_) return std::min(*timer, *delivery);
  return std::min({*timer, *delivery, splits_.next_close(),
                   operations_.next_release(settings_.turn.release_per_second)});
}

// When the outbox is to be looked at. Of a lane that is shut, that is in vain: it opens by itself,
// or by an outcome, which wakes us anyway.
base::Result<base::Instant> Shard::next_delivery() {
  auto lanes = store_.waiting_lanes();
  if (!lanes) return tl::unexpected(lanes.error());
  auto deadline = store_.next_deadline();
  if (!deadline) return tl::unexpected(deadline.error());
  base::Instant next = *deadline ? **deadline + base::Millis{1} : base::kNever;
  base::Instant first = base::kNever;
  for (const store::WaitingLane& waiting : *lanes) {
    first = std::min(first, waiting.first);
    next = std::min(next, std::max(waiting.first, next_opening(waiting.lane)));
  }
  deliveries_behind_ = behind(first, now_);
  return next;
}

// Of one that is open, now.
base::Instant Shard::next_opening(std::uint32_t number) {
  Lane* lane = window_.find(number);
  if (lane == nullptr) lane = calls_.find(number);
  return lane == nullptr || lane->open(now_) ? now_ : lane->next_opening(now_);
}

// When timers are to be looked at. Those that are overdue wait for the gate.
base::Result<base::Instant> Shard::next_timer() {
  auto first = store_.next_timer();
  if (!first) return tl::unexpected(first.error());
  if (auto looked = look_at_overdue(*first); !looked) return tl::unexpected(looked.error());
  if (!*first) return base::kNever;
  return overdue_.is_overdue(**first, now_) ? std::max(**first, overdue_.next_opening()) : **first;
}

base::Status Shard::look_at_overdue(std::optional<base::Instant> first) {
  overdue_view_.late_by = behind(first, now_);
  if (!first || !overdue_.is_overdue(*first, now_)) {
    overdue_view_.waiting = 0;
    overdue_view_.may_be_more = false;
    return {};
  }
  const std::size_t taken = overdue_.taken_since_asked();
  // What was taken may be of those that were not counted.
  if (!overdue_view_.may_be_more) {
    overdue_view_.waiting -= std::min(overdue_view_.waiting, taken);
  }
  if (overdue_view_.waiting > 0 && now_ - overdue_counted_at_ < kCountOverdueEvery) return {};
  auto count = store_.count_timers(now_ - settings_.overdue_after - base::Millis{1},
                                   settings_.overdue_counted);
  if (!count) return tl::unexpected(count.error());
  overdue_view_.waiting = *count;
  overdue_view_.may_be_more = *count == settings_.overdue_counted;
  overdue_counted_at_ = now_;
  return {};
}

void Shard::stop_claiming(base::Instant until) {
  window_.pause_all(until);
  calls_.pause_all(until);
}

void Shard::hold(Hold what) {
  hold_ = what;
  is_still_ = what == Hold::kEverything;
  if (what != Hold::kNothing || is_stopping_) return stop_claiming(base::kNever);
  window_.end_pauses();
  calls_.end_pauses();
}

void Shard::report(ShardGauges& into) {
  into.endpoints.clear();
  window_.report(now_, into.endpoints);
  into.hosts.clear();
  calls_.report(now_, into.hosts);
  into.fan_out_users = {fan_outs_.waiting_users(), settings_.turn.max_fan_out_waiting};
  into.parked = {doubts_.most_parked(), doubts_.max_parked()};
  into.dead_letters = {letters_.kept(), settings_.dead_letters.max_letters};
  into.user_cache_bytes = {users_.bytes(), settings_.user_cache_bytes};
  into.split_units = {splits_.most_units(), settings_.turn.max_split_units};
  into.paces.clear();
  paces_.report(now_, operations_, into.paces);
  into.census_is_on = census_.wants_turn();
  into.overdue = overdue_view_;
  into.deliveries_behind = deliveries_behind_;
  into.lateness = lateness_;
  into.commits = commits_;
}

base::Status Shard::drop_old_ids() {
  const auto before =
      static_cast<std::int32_t>(now_.millis / kDayMillis) - settings_.dedup_days + 1;
  if (before <= dropped_before_day_) return {};
  auto done = store_.drop_seen_before(before, kDropBatch);
  if (!done) return tl::unexpected(done.error());
  if (*done) dropped_before_day_ = before;
  return {};
}

base::Status Shard::drop_old_log(LogKeeper::Turn turn) {
  if (!log_keeper_.wants_look(now_, turn)) return {};
  store::Commit commit;
  if (auto looked = log_keeper_.look(store_, now_, commit, turn); !looked) return looked;
  if (commit.empty()) return {};
  TurnOutput output;
  output.sequence = store_.sequence() + 1;
  return commit_then_publish(store_, commit, std::move(output), publisher_);
}

base::Status Shard::wash() {
  if (now_ < washing_.next()) return {};
  if (auto washed = store_.wash(); !washed) return washed;
  const store::Commit commit = washing_.washed();
  TurnOutput output;
  output.sequence = store_.sequence() + 1;
  output.counters = commit.counters;
  return commit_then_publish(store_, commit, std::move(output), publisher_);
}

base::Status Shard::answer(const ShardInput& question) {
  base::Result<QueryAnswer> report;
  if (const auto* query = std::get_if<UserQuery>(&question)) {
    report = user_report(*query, *program_, store_, {operations_, zones_, now_});
  } else if (const auto* why = std::get_if<WhyQuery>(&question)) {
    report = why_report(*why, *program_, store_);
  } else if (const auto* audit = std::get_if<AuditQuery>(&question)) {
    report = audit_report(*audit, store_);
  } else if (const auto* deliveries = std::get_if<DeliveryQuery>(&question)) {
    report = delivery_report(*deliveries, {*program_, store_, letters_, now_});
  } else if (const auto* asked = std::get_if<ExportQuery>(&question)) {
    report = user_export(*asked, {*program_, store_, letters_, {operations_, zones_, now_}});
  } else if (const auto* forget = std::get_if<ForgetCommand>(&question)) {
    report = preview(*forget, context_);
  } else if (const auto* order = std::get_if<DeliveryOrder>(&question)) {
    report = preview(*order, context_, now_);
  } else {
    const auto& command = std::get<JourneyCommand>(question);
    auto counted = command_report(command, *program_, store_, {operations_, zones_, now_});
    if (!counted) return tl::unexpected(counted.error());
    report = std::move(counted->answer);
  }
  if (!report) return tl::unexpected(report.error());
  publisher_.answer(std::move(*report));
  return {};
}

}  // namespace sojourn::runtime
