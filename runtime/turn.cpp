#include "runtime/turn.h"

#include <algorithm>
#include <tuple>
#include <utility>
#include <variant>

#include "base/hash.h"
#include "runtime/census.h"
#include "runtime/counter_names.h"
#include "runtime/dead_letter_book.h"
#include "runtime/histogram.h"
#include "runtime/item_names.h"
#include "runtime/last_lived.h"
#include "runtime/moved_claims.h"
#include "runtime/operation_book.h"
#include "runtime/overdue_gate.h"
#include "runtime/pace_book.h"
#include "runtime/program.h"
#include "runtime/retention.h"
#include "runtime/split_book.h"
#include "runtime/tombstone_book.h"

namespace sojourn::runtime {
namespace {

using store::Identity;

constexpr std::int64_t kDayMillis = 86'400'000;

store::SeenEvent seen_event(std::string_view id, base::Instant now) {
  const std::uint64_t hash = base::stable_hash64(id);
  return store::SeenEvent{static_cast<std::uint16_t>(hash % store::kShardCount),
                          static_cast<std::int32_t>(now.millis / kDayMillis), hash};
}

// Says it nothing else? One that says nothing declared says that somebody is there.
bool is_of_consent(const IntakeUpdate& update) {
  return !update.fields.empty() && std::ranges::all_of(update.fields, [](const auto& field) {
    return keeps_consent(field.first) || field.first == "email" || field.first == "userId";
  });
}

// What a repeat of the item is recognised by. Senders' ids of events and the
// provider's of engagements are apart.
std::optional<std::string> seen_id(const IntakeItem& item) {
  if (const auto* event = std::get_if<IntakeEvent>(&item)) return event->id;
  if (const auto* notice = std::get_if<IntakeNotice>(&item)) {
    const auto& key = notice->notice->natural_key;
    return key ? std::optional("notice " + key->hex()) : std::nullopt;
  }
  const auto* engagement = std::get_if<IntakeEngagement>(&item);
  if (engagement == nullptr || !engagement->id) return std::nullopt;
  return "engagement " + *engagement->id;
}

// Top-level members of `before` that `after` lacks are kept.
graph::Value merged(const graph::Value& before, const graph::Value& after) {
  if (before.kind() != graph::Value::Kind::kObject || after.kind() != graph::Value::Kind::kObject) {
    return after;
  }
  graph::Object object = after.as_object();
  for (const auto& [name, value] : before.as_object()) {
    const bool given = std::any_of(object.begin(), object.end(),
                                   [&](const auto& member) { return member.first == name; });
    if (!given) object.emplace_back(name, value);
  }
  std::sort(object.begin(), object.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  return graph::Value(std::move(object));
}

}  // namespace

Turn::Turn(const TurnContext& context, base::Instant now)
    : context_(context),
      record_(now),
      users_(context, record_),
      runner_(context, record_),
      outbox_(context, record_, users_, runner_),
      fan_outs_(context, record_, users_, runner_),
      orders_(context, record_, users_, outbox_),
      erasure_(context, record_, users_, outbox_, moved_logs_),
      leaving_(context, record_) {
  runner_.set_planners(outbox_, fan_outs_);
}

base::Status Turn::run(std::vector<ShardInput> inputs, bool look_at_outbox) {
  for (ShardInput& input : inputs) {
    auto* ended = std::get_if<AttemptEnded>(&input);
    if (ended != nullptr) ended->key.user = context_.moved_claims.ended(ended->key);
  }
  if (auto taken = take_commands(inputs); !taken) return taken;
  if (auto loaded = load(inputs, look_at_outbox); !loaded) return loaded;
  if (!context_.is_still && context_.splits.close(record_)) did_something_ = true;
  take_released_timers();
  take_timers();
  for (const ShardInput& input : inputs) {
    if (const auto* ended = std::get_if<AttemptEnded>(&input)) outbox_.take_outcome(*ended);
  }
  fan_outs_.hand_out();
  for (ShardInput& input : inputs) {
    if (auto* request = std::get_if<IntakeRequest>(&input)) take_request(std::move(*request));
  }
  take_forgets();
  take_census();
  if (auto taken = take_sent_out(); !taken) return taken;
  if (auto carried = orders_.carry_out(); !carried) return carried;
  pass_on_opt_outs();
  outbox_.claim_all();
  orders_.answer();
  if (!users_.status()) return users_.status();
  if (!fan_outs_.status()) return fan_outs_.status();
  if (!outbox_.status()) return outbox_.status();
  if (!erasure_.status()) return erasure_.status();
  close_queues();
  if (!leaving_.status()) return leaving_.status();
  if (!users_.status()) return users_.status();
  write(context_.store.sequence() + 1);
  return moved_logs_.write_to(record_.commit, context_.store);
}

base::Status Turn::load(const std::vector<ShardInput>& inputs, bool look_at_outbox) {
  if (auto loaded = load_timers(); !loaded) return loaded;
  // A timer that is due comes before an entry of the same instant, which may wait for its end.
  std::ranges::sort(timers_, {}, [](const store::TimerKey& timer) {
    return std::tuple(timer.due, timer.user, timer.enrollment == 0, timer.enrollment);
  });
  std::vector<store::UserId> users;
  users.reserve(timers_.size());
  for (const store::TimerKey& timer : timers_) users.push_back(timer.user);

  store::ReadSet read;
  const auto ask = [&](const Identity& identity) {
    if (users_.want(identity)) read.identities.push_back(identity);
  };
  for (const ShardInput& input : inputs) {
    if (const auto* ended = std::get_if<AttemptEnded>(&input)) {
      users.push_back(ended->key.user);
    } else if (const auto* order = std::get_if<DeliveryOrder>(&input)) {
      if (auto taken = orders_.take(*order, users); !taken) return taken;
    } else if (const auto* request = std::get_if<IntakeRequest>(&input)) {
      for (const IntakeItem& item : request->items) {
        for_each_identity(person_of(item), ask);
        for_each_new_identity(item, ask);
        if (const auto id = seen_id(item)) read.seen.push_back(seen_event(*id, record_.now));
      }
    }
  }
  for (const Forget& forget : forgets_) {
    if (forget.report) for_each_identity(forget.report->person, ask);
  }
  if (auto taken = fan_outs_.load(users); !taken) return taken;
  did_something_ = !timers_.empty() || !inputs.empty() || fan_outs_.found() ||
                   record_.now >= context_.lived.next_note();
  if (!context_.is_still) {
    if (auto asked = ask_released(users); !asked) return asked;
    if (auto asked = ask_census(users); !asked) return asked;
  }
  if (auto asked = ask_sent_out(users); !asked) return asked;
  auto loaded = context_.store.load(read);
  if (!loaded) return tl::unexpected(loaded.error());
  for (std::size_t i = 0; i < read.identities.size(); ++i) {
    users_.know(read.identities[i], loaded->identities[i]);
  }
  if (auto known = erasure_.load(read.identities, loaded->identities); !known) return known;
  for (std::size_t i = 0; i < read.seen.size(); ++i) {
    if (loaded->seen[i]) seen_.insert(read.seen[i].hash);
  }
  if (look_at_outbox) {
    if (auto due = load_due(users); !due) return due;
  }
  if (auto asked = ask_retention(users); !asked) return asked;
  return users_.load(users);
}

// While one is overdue, as many as the gate lets through, with whatever is due behind them.
base::Status Turn::load_timers() {
  auto first = context_.store.next_timer();
  if (!first) return tl::unexpected(first.error());
  if (!*first || **first > record_.now) return {};
  OverdueGate& gate = context_.overdue;
  const bool any_overdue = gate.is_overdue(**first, record_.now);
  const std::size_t limit = any_overdue
                                ? std::min(gate.room(record_.now), context_.settings.max_timers)
                                : context_.settings.max_timers;
  if (limit == 0) return {};
  auto timers = context_.store.due_timers(record_.now, limit);
  if (!timers) return tl::unexpected(timers.error());
  timers_ = std::move(*timers);
  gate.took(static_cast<std::size_t>(std::ranges::count_if(
      timers_, [&](const auto& timer) { return gate.is_overdue(timer.due, record_.now); })));
  return {};
}

// They are written like everybody else, and lose what nothing reads any more on the way.
base::Status Turn::ask_retention(std::vector<store::UserId>& users) {
  const bool is_idle = !did_something_;
  if (is_idle && record_.now < context_.retention.next_idle_turn()) return {};
  const TurnSettings& settings = context_.settings;
  auto next = context_.retention.next(
      context_.store, record_.now, is_idle ? settings.max_idle_retention : settings.max_retention);
  if (!next) return tl::unexpected(next.error());
  users.insert(users.end(), next->begin(), next->end());
  // What they lose is to be written.
  if (!next->empty()) did_something_ = true;
  return {};
}

base::Status Turn::ask_census(std::vector<store::UserId>& users) {
  if (!context_.census.wants_turn()) return {};
  auto next = context_.census.next(context_.store, context_.settings.max_census);
  if (!next) return tl::unexpected(next.error());
  counted_ = std::move(*next);
  users.insert(users.end(), counted_.begin(), counted_.end());
  // What changed is to be written, also when nobody is left.
  did_something_ = true;
  return {};
}

void Turn::take_census() {
  for (const store::UserId id : counted_) {
    UserState* user = users_.find(id);
    if (user == nullptr) continue;
    // What is held back aims anew when it is released.
    if (context_.census.is_aiming_anew() && !is_held_back(*user)) {
      runner_.zone_rules_changed(*user);
    } else {
      runner_.look_at(*user);
    }
  }
}

void Turn::take_timers() {
  for (const store::TimerKey& timer : timers_) {
    UserState* user = users_.find(timer.user);
    if (user != nullptr && timer.enrollment == 0 && user->is_watched_at(timer.due)) {
      runner_.look_at(*user);
      continue;
    }
    const Seat* seat = user == nullptr ? nullptr : user->find_seat(timer.enrollment);
    if (seat == nullptr) {
      // Left over: what it was for has gone.
      record_.commit.remove_timers.push_back(timer);
      continue;
    }
    if (hold_timer(*seat, timer)) continue;
    context_.lateness.add(record_.now - timer.due);
    runner_.timer_due(*user, timer.enrollment, timer.due);
  }
}

void Turn::take_request(IntakeRequest request) {
  IntakeResult result;
  const bool single = request.endpoint == IntakeRequest::Endpoint::kEventsTrack;
  result.token = request.token;
  result.endpoint = request.endpoint;
  result.failures = std::move(request.failures);
  result.refusals = std::move(request.refusals);
  result.filtered_out_fields = std::move(request.filtered_out_fields);
  result.answer_id = std::move(request.answer_id);
  auto matched = fan_outs_.match(request, [this](const IntakeItem& it) { return has_come(it); });
  if (matched.turned_away) {
    result.turned_away = matched.turned_away;
    record_.output.results.push_back(std::move(result));
    return;
  }
  auto next = matched.events.begin();
  for (std::size_t i = 0; i < request.items.size(); ++i) {
    const IntakeItem& item = request.items[i];
    const bool fanned = next != matched.events.end() && next->item == i;
    const bool goes_on = !request.forwards.empty() && !has_come(item);
    if (auto failure = take(item, fanned ? &*next++ : nullptr, single, result)) {
      result.failures.push_back(std::move(*failure));
    } else {
      ++result.accepted;
      if (goes_on) pass_on(item, std::move(request.forwards[i]));
    }
  }
  record_.output.results.push_back(std::move(result));
}

std::optional<IntakeFailure> Turn::take(const IntakeItem& item, TurnFanOuts::Matched* matched,
                                        bool single, IntakeResult& result) {
  if (auto failure = refuse_forgotten(item)) return failure;
  if (matched == nullptr) return take_item(item, result);
  return take_fanned(std::get<IntakeEvent>(item), std::move(*matched),
                     single ? result.answer_id : std::string());
}

std::optional<IntakeFailure> Turn::take_item(const IntakeItem& item, IntakeResult& result) {
  if (const auto* update = std::get_if<IntakeUpdate>(&item)) return take_update(*update);
  if (const auto* change = std::get_if<IntakeListChange>(&item)) return take_list_change(*change);
  if (const auto* said = std::get_if<IntakeSubscriptions>(&item)) return take_subscriptions(*said);
  if (const auto* consent = std::get_if<IntakeConsent>(&item)) return take_consent(*consent);
  if (const auto* notice = std::get_if<IntakeNotice>(&item)) {
    result.notice = take_notice(*notice);
    return std::nullopt;
  }
  if (const auto* rename = std::get_if<IntakeRename>(&item)) return take_rename(*rename);
  if (const auto* merge = std::get_if<IntakeMerge>(&item)) return take_merge(*merge);
  if (const auto* erasure = std::get_if<IntakeErasure>(&item)) return take_erasure(*erasure);
  if (has_come(item)) {
    record_.count("repeated_events");
  } else if (const auto* event = std::get_if<IntakeEvent>(&item)) {
    return take_event(*event);
  } else if (const auto* engagement = std::get_if<IntakeEngagement>(&item)) {
    is_repeat(item);
    take_engagement(*engagement);
  }
  return std::nullopt;
}

// Its user is known by a name that it has given them, if not by the one that it came with.
void Turn::pass_on(const IntakeItem& item, IntakeForward forward) {
  if (std::holds_alternative<IntakeErasure>(item)) return pass_on_erasure(std::move(forward));
  UserState* user = named(person_of(item));
  for_each_new_identity(item, [&](const Identity& identity) {
    if (user == nullptr) user = users_.named(identity);
  });
  if (user == nullptr) user = *users_.resolve(person_of(item), false);
  outbox_.forward(queue_of(item, *user), std::move(forward));
}

// With too many users it leaves no trace: sent again, it may be for fewer.
std::optional<IntakeFailure> Turn::take_fanned(const IntakeEvent& event,
                                               TurnFanOuts::Matched matched,
                                               const std::string& answer_id) {
  const bool too_many = !matched.users;
  if (has_come(event)) {
    record_.count("repeated_events");
    return std::nullopt;
  }
  if (!too_many) {
    if (event.update) {
      if (auto failure = take_update(*event.update)) return failure;
    }
    is_repeat(event);
  }
  return fan_outs_.take(event, std::move(matched), answer_id);
}

bool Turn::has_come(const IntakeItem& item) const {
  const auto id = seen_id(item);
  return id && seen_.contains(seen_event(*id, record_.now).hash);
}

bool Turn::is_repeat(const IntakeItem& item) {
  const auto id = seen_id(item);
  if (!id) return false;
  const store::SeenEvent seen = seen_event(*id, record_.now);
  if (!seen_.insert(seen.hash).second) return true;
  record_.commit.put_seen.push_back(seen);
  return false;
}

void Turn::take_engagement(const IntakeEngagement& engagement) {
  join_names(engagement.person, false);
  UserState& user = **users_.resolve(engagement.person, false);
  const graph::Campaign* campaign =
      engagement.campaign.empty() ? nullptr : &context_.program.campaign(engagement.campaign);
  runner_.engaged(user, {engagement.what, engagement.message_key, campaign, engagement.url},
                  record_.happened_at(engagement.created_at));
}

std::optional<IntakeFailure> Turn::take_list_change(const IntakeListChange& change) {
  if (change.must_be_known && named(change.person) == nullptr) return not_found(change.person);
  join_names(change.person, true);
  auto user = users_.resolve(change.person, true);
  if (!user) return user.error();
  // It may give them another name.
  if (!change.update.fields.empty()) {
    if (auto failure = take_update(change.update)) return failure;
  }
  runner_.list_changed(**user, change.list, change.joined);
  return std::nullopt;
}

std::optional<IntakeFailure> Turn::take_event(const IntakeEvent& event) {
  if (event.update) {
    if (auto failure = take_update(*event.update)) return failure;
  }
  is_repeat(event);
  join_names(event.person, false);
  // An event never fails over who it is about: see UserBook::resolve.
  UserState& user = **users_.resolve(event.person, false);
  const graph::EventType* type = event.journey.empty()
                                     ? context_.program.event_by_wire_name(event.wire_name)
                                     : context_.program.api_entry(event.journey);
  if (type == nullptr) {
    // Nothing reads it; it stands in the user's log and nowhere else.
    record_.count("undeclared_events");
    runner_.look_at(user);
    runner_.log(user, LogRecord::Kind::kEvent, nullptr, event.wire_name, "undeclared");
    return std::nullopt;
  }
  runner_.event_arrived(user, type->name, record_.happened_at(event.created_at), event.fields);
  return std::nullopt;
}

std::optional<IntakeFailure> Turn::take_update(const IntakeUpdate& update) {
  join_names(update.person, true);
  auto resolved = users_.resolve(update.person, true);
  if (!resolved) return resolved.error();
  UserState& user = **resolved;
  for_each_new_identity(IntakeItem(update),
                        [&](const Identity& identity) { join_names(user, identity); });
  const std::vector<FieldBefore> before = runner_.begin_profile_change(user, update.fields);
  std::optional<IntakeFailure> failure;
  for_each_new_identity(IntakeItem(update), [&](const Identity& identity) {
    if (!failure) failure = users_.rename(user, identity);
  });
  if (failure) return failure;
  std::string changed;
  for (const auto& [name, value] : update.fields) {
    if (name == "email" || name == "userId") continue;
    ProfileField field{name, update.merge_nested_objects ? merged(user.field(name), value) : value,
                       ProfileField::Source::kIntake, record_.now, std::nullopt};
    if (user.set_field(std::move(field))) changed += changed.empty() ? name : " " + name;
  }
  if (!is_of_consent(update)) user.appear();
  record_.count("profile_updates");
  if (!changed.empty()) runner_.log(user, LogRecord::Kind::kProfile, nullptr, {}, changed);
  runner_.profile_changed(user, before);
  return std::nullopt;
}

void Turn::release() {
  users_.release();
  outbox_.release();
}

void Turn::write(std::uint64_t sequence) {
  record_.output.sequence = sequence;
  users_.write_to(record_.commit, sequence);
  context_.paces.write_to(record_.commit);
  // A turn that found nothing to do is not committed.
  if (did_something_) {
    context_.census.write_to(record_.commit);
    context_.lived.write_to(record_.commit, record_.now);
    context_.splits.write_to(record_);
    context_.tombstones.report(record_);
  }
  context_.operations.write_to(record_.commit);
  erasure_.write_to(record_);
  leaving_.write_to(record_);
  remove_held_timers();
  context_.letters.write_to(record_.commit);
  outbox_.write_to(record_.commit);
  for (const auto& [name, delta] : record_.counts) {
    if (delta != 0) record_.commit.counters.push_back({name, delta});
  }
  record_.output.counters = record_.commit.counters;
}

}  // namespace sojourn::runtime
