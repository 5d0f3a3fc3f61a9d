#include "tests/sim/fan_out_watch.h"

#include <algorithm>
#include <fmt/format.h>

#include "base/hash.h"
#include "runtime/fan_out_record.h"
#include "tests/sim/program.h"

namespace sojourn::sim {
namespace {

using store::UserId;

std::string name(UserId user) {
  return fmt::format("user {:x}", user.packed());
}

}  // namespace

void FanOutWatch::Counts::add(const Counts& more) {
  taken += more.taken;
  reached += more.reached;
  put_off += more.put_off;
  crossed += more.crossed;
  resumed += more.resumed;
}

void FanOutWatch::program_is(std::shared_ptr<const runtime::Program> program) {
  program_ = std::move(program);
}

void FanOutWatch::begins(std::size_t max_waiting) {
  max_waiting_ = max_waiting;
  if (!rows_.empty()) ++counts_.resumed;
}

const graph::FanOut* FanOutWatch::rule_of(const std::string& event) const {
  const graph::EventType* type = program_ ? program_->catalog().find_event(event) : nullptr;
  return type != nullptr && type->fan_out ? &*type->fan_out : nullptr;
}

void FanOutWatch::going_to_say(const Said& said) {
  if (said.what != Said::What::kAlarm && said.what != Said::What::kAllClear) return;
  Event event;
  event.name = to_string(said.what);
  event.ref = said.ref;
  event.team = said.team;
  said_.try_emplace(base::stable_hash64(said.ref), std::move(event));
}

void FanOutWatch::made(const store::Commit& commit, std::uint64_t number) {
  const std::vector<Settled> settled = settled_by(commit);
  const auto before = settled.empty() ? Teams{} : teams_;
  const Moves moves = moves_of(commit);
  learn_people(commit);
  take_rows(commit);
  take_logs(commit, number, settled);
  take_departures(commit, moves);
  for (const Settled& each : settled) judge(each, before, moves, number);
  look_at_ends(commit);
  look_at_room(settled);
}

void FanOutWatch::arrived(const std::string& id, UserId user, const std::vector<Settled>& settled) {
  const auto known = events_.find(id);
  if (known == events_.end()) {
    return say(Invariant::kReachesOnce,
               fmt::format("{} reaches {}, and nobody said it", id, name(user)));
  }
  Event& event = known->second;
  const bool at_once = std::ranges::any_of(
      settled, [&](const Settled& each) { return each.id == id && each.was_put_off; });
  const bool was_to_come = event.to_come.erase(user) > 0;
  const bool is_first = event.had.insert(user).second;
  ++counts_.reached;
  // Who became another that was still to get it may have had it before as themselves.
  if (was_to_come || (at_once && is_first)) return;
  say(Invariant::kReachesOnce, fmt::format("{} {} reaches {} {}", event.name, event.ref, name(user),
                                           is_first ? "and was not for them" : "once more"));
}

// Who is merged while an event is on its way to them gets it as the other, once; who is erased
// does not.
void FanOutWatch::take_departures(const store::Commit& commit, const Moves& moves) {
  const auto depart = [&](UserId from, std::optional<UserId> to) {
    for (auto& [id, event] : events_) {
      event.concerned.erase(from);
      if (to) event.concerned.erase(*to);
      if (event.to_come.erase(from) == 0) continue;
      ++counts_.crossed;
      if (to) event.to_come.insert(*to);
    }
    std::erase_if(ended_, [&](const auto& each) {
      return each.first.second == from || each.first.second == to;
    });
  };
  for (const store::RowKey& key : commit.remove_rows) {
    if (key.kind != store::RowKind::kHead) continue;
    const auto still =
        std::ranges::find_if(rows_, [&](const auto& row) { return row.second.contains(key.user); });
    if (still != rows_.end()) {
      say(Invariant::kReachesOnce, fmt::format("{} is no more, and the event for many with the "
                                               "number {} is on its way to them",
                                               name(key.user), still->first.number));
    }
    const auto move = moves.find(key.user);
    depart(key.user, move == moves.end() ? std::nullopt : std::optional(move->second));
  }
}

FanOutWatch::Concerned FanOutWatch::concerned_by(const Event& event, const Teams& before,
                                                 const Moves& moves) const {
  Concerned out;
  for (const auto& [user, team] : before) {
    if (team == event.team) out.perhaps.insert(user);
  }
  for (const auto& [user, team] : teams_) {
    if (team != event.team) continue;
    if (out.perhaps.contains(user)) out.sure.insert(user);
    out.perhaps.insert(user);
  }
  for (const auto& [from, to] : moves) out.perhaps.insert(to);
  return out;
}

void FanOutWatch::judge(const Settled& settled, const Teams& before, const Moves& moves,
                        std::uint64_t number) {
  Event& event = events_.at(settled.id);
  event.commit = number;
  const graph::FanOut* rule = rule_of(event.name);
  // A program that has no such event for many drops what was put off.
  if (rule == nullptr) return;
  ++counts_.taken;
  for (const auto& [key, users] : rows_) {
    const auto whose = numbers_.find(key.number);
    if (whose == numbers_.end() || whose->second != settled.id) continue;
    event.to_come.insert(users.begin(), users.end());
  }
  Concerned concerned = concerned_by(event, before, moves);
  Users reached = event.had;
  reached.insert(event.to_come.begin(), event.to_come.end());
  if (settled.may_be_refused && reached.empty() && concerned.perhaps.size() > rule->most) return;
  if (settled.tracker) concerned.sure.erase(*settled.tracker);
  look_at_reached(settled, event, reached, concerned, rule->most);
  event.concerned = std::move(concerned.sure);
  for (const auto& [from, to] : moves) event.concerned.erase(to);
  if (event.name == kAllClearEvent) end_alarms(event);
}

void FanOutWatch::look_at_reached(const Settled& settled, const Event& event, const Users& reached,
                                  const Concerned& concerned, std::size_t most) const {
  const auto missing =
      std::ranges::find_if(concerned.sure, [&](UserId user) { return !reached.contains(user); });
  if (missing != concerned.sure.end() && settled.is_complete) {
    say(Invariant::kReachesEach, fmt::format("{} {} for {} is not on its way to {}", event.name,
                                             event.ref, event.team, name(*missing)));
  }
  const auto alien =
      std::ranges::find_if(reached, [&](UserId user) { return !concerned.perhaps.contains(user); });
  if (alien == reached.end() && reached.size() <= most) return;
  say(Invariant::kReachesOnce,
      fmt::format("{} {} for {} is on its way to {} users{}", event.name, event.ref, event.team,
                  reached.size(), alien == reached.end() ? "" : ", and not for " + name(*alien)));
}

void FanOutWatch::end_alarms(const Event& all_clear) {
  for (const auto& [id, alarm] : events_) {
    const bool is_before = alarm.name == kAlarmEvent && alarm.team == all_clear.team &&
                           alarm.commit != 0 && alarm.commit < all_clear.commit;
    if (!is_before) continue;
    for (const UserId user : all_clear.concerned) {
      if (alarm.concerned.contains(user)) {
        ended_.try_emplace({alarm.ref, user}, all_clear.commit);
      }
    }
  }
}

void FanOutWatch::claimed(const Message& message, std::uint64_t commit) const {
  const auto who = by_email_.find(message.email);
  if (who == by_email_.end()) return;
  const auto ended = ended_.find({message.ref, who->second});
  if (ended == ended_.end() || ended->second >= commit) return;
  say(Invariant::kNothingAfter,
      fmt::format("campaign {} about {} for {} was claimed by commit {}, and commit {} has an "
                  "event for them that ends it",
                  message.campaign, message.ref, message.email, commit, ended->second));
}

void FanOutWatch::look_at_ends(const store::Commit& commit) {
  for (const store::FanOutKey& key : commit.remove_fan_outs) {
    const auto known = key.part == 0 ? numbers_.find(key.number) : numbers_.end();
    if (known == numbers_.end()) continue;
    const Event& event = events_.at(known->second);
    if (!event.to_come.empty()) {
      say(Invariant::kReachesEach, fmt::format("{} {} is gone, and has not reached {}", event.name,
                                               event.ref, name(*event.to_come.begin())));
    }
    numbers_.erase(known);
  }
}

// Whom an event that was put off is for is settled whether there is room or not.
void FanOutWatch::look_at_room(const std::vector<Settled>& settled) {
  const bool any_is_new = std::ranges::any_of(settled, [&](const Settled& each) {
    return !each.was_put_off && !events_.at(each.id).to_come.empty();
  });
  if (!any_is_new) return;
  std::size_t waiting = 0;
  for (const auto& [key, users] : rows_) waiting += users.size();
  if (waiting <= max_waiting_) return;
  say(Invariant::kFanOutWithinLimit,
      fmt::format("{} are still to get an event, of {}", waiting, max_waiting_));
}

// An event that is on its way has those of its parts that were not handed out, the last among
// them; nothing else is there.
void FanOutWatch::look_at(store::Store& store) const {
  constexpr std::size_t kAll = 1'000'000;
  const auto rows = store.fan_outs({}, kAll);
  if (!rows) return;
  std::map<std::uint64_t, std::uint32_t> next;  // by number; one beyond the last: whole
  std::map<std::uint64_t, std::uint32_t> parts;
  for (const store::FanOutRow& row : *rows) {
    if (row.key.part == 0) {
      const auto event = runtime::decode_fanned_event(row.body);
      if (event) parts[row.key.number] = event->parts;
      continue;
    }
    const auto before = next.find(row.key.number);
    const bool follows = before == next.end() || before->second == row.key.part;
    if (!follows || !parts.contains(row.key.number)) {
      say(Invariant::kFanOutWhole, fmt::format("part {} of the event for many with the number {} "
                                               "is there without what belongs before it",
                                               row.key.part, row.key.number));
    }
    next[row.key.number] = row.key.part + 1;
  }
  for (const auto& [number, count] : parts) {
    const auto reached = next.find(number);
    const bool is_whole =
        count == 0 ? reached == next.end() : reached != next.end() && reached->second == count + 1;
    if (is_whole) continue;
    say(Invariant::kFanOutWhole,
        fmt::format("the event for many with the number {} is there without its last part",
                    number));
  }
}

}  // namespace sojourn::sim
