#include "runtime/turn_fan_outs.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>
#include <utility>
#include <variant>

#include "base/random.h"
#include "engine/fan_out.h"
#include "runtime/counter_names.h"
#include "runtime/fan_out_book.h"
#include "runtime/program.h"

namespace sojourn::runtime {
namespace {

// Rows that one turn looks at.
constexpr std::size_t kMaxRows = 64;

tl::unexpected<base::Error> no_part_of_it(const store::FanOutKey& key) {
  return base::failure(base::Error::Kind::kFatal,
                       fmt::format("of the event on its way to many with the number {} there is a "
                                   "part {} that it does not have",
                                   key.number, key.part),
                       "the database is damaged; `sojourn fsck` says more");
}

}  // namespace

base::Status TurnFanOuts::load(std::vector<store::UserId>& users) {
  if (context_.fan_outs.is_empty()) return {};
  auto rows = context_.store.fan_outs({}, kMaxRows);
  if (!rows) return tl::unexpected(rows.error());
  found_ = true;
  std::size_t room = context_.settings.max_fan_out_users;
  FannedEvent event;
  std::uint64_t number = 0;  // the event's; the first is 1
  for (const store::FanOutRow& row : *rows) {
    if (row.key.part == 0) {
      number = row.key.number;
      auto decoded = decode_fanned_event(row.body);
      if (!decoded) return tl::unexpected(decoded.error());
      event = std::move(*decoded);
      if (event.parts == 0) room = settle(row.key, event, room);
    } else {
      if (row.key.number != number || row.key.part > event.parts) return no_part_of_it(row.key);
      auto part = decode_users(row.body);
      if (!part) return tl::unexpected(part.error());
      // The first is taken whatever its size: parts may be of an earlier, larger setting.
      if (part->size() > room && !pieces_.empty()) break;
      room -= std::min(room, part->size());
      if (auto gone = context_.fan_outs.users_gone(*part); !gone) return gone;
      record_.commit.remove_fan_outs.push_back(row.key);
      if (row.key.part == event.parts) remove_event(row.key.number);
      pieces_.push_back({event, std::move(*part)});
    }
    if (room == 0) break;
  }
  for (const Piece& piece : pieces_) {
    users.insert(users.end(), piece.users.begin(), piece.users.end());
  }
  return status_;
}

std::size_t TurnFanOuts::settle(const store::FanOutKey& key, FannedEvent event, std::size_t room) {
  const graph::EventType* type = context_.program.catalog().find_event(event.event.name);
  if (type == nullptr || !type->fan_out) {
    record_.output.notes.push_back(
        {"fan_out_undeclared", fmt::format("event={} number={}", event.event.name, key.number)});
    remove_event(key.number);
    return room - 1;
  }
  Match users = users_of(*type->fan_out, event.event.fields);
  if (!users) {
    refuse(*type);
    remove_event(key.number);
    return room - 1;
  }
  count(type->name, "taken", users->size());
  if (users->size() < room) {
    remove_event(key.number);
    room -= users->size() + 1;
    pieces_.push_back({std::move(event), std::move(*users)});
    return room;
  }
  put_parts(key.number, std::move(event), *users);
  return 0;
}

void TurnFanOuts::hand_out() {
  for (const Piece& piece : pieces_) {
    const engine::EventFact& event = piece.event.event;
    for (const store::UserId id : piece.users) {
      UserState* user = users_.find(id);
      if (user == nullptr) continue;
      runner_.event_arrived(*user, event.name, event.created_at, event.fields,
                            fanned_id(piece.event, id));
    }
  }
}

const graph::EventType* TurnFanOuts::type_of(const IntakeItem& item) const {
  const auto* event = std::get_if<IntakeEvent>(&item);
  if (event == nullptr || !event->journey.empty()) return nullptr;
  const graph::EventType* type = context_.program.event_by_wire_name(event->wire_name);
  return type != nullptr && type->fan_out ? type : nullptr;
}

TurnFanOuts::Request TurnFanOuts::match(const IntakeRequest& request,
                                        const std::function<bool(const IntakeItem&)>& is_repeat) {
  Request out;
  if (context_.program.indexed_fields().empty()) return out;
  std::size_t users = 0;
  for (std::size_t i = 0; i < request.items.size(); ++i) {
    const graph::EventType* type = type_of(request.items[i]);
    if (type == nullptr || is_repeat(request.items[i])) continue;
    const auto& event = std::get<IntakeEvent>(request.items[i]);
    Matched matched{i, type, users_of(*type->fan_out, event.fields)};
    if (matched.users) users += matched.users->size();
    if (!has_room_for(users)) {
      using enum IntakeResult::TurnedAway;
      out.turned_away = users > context_.settings.max_fan_out_waiting ? kTooLarge : kFull;
      return out;
    }
    out.events.push_back(std::move(matched));
  }
  return out;
}

bool TurnFanOuts::has_room_for(std::size_t users) const {
  return users == 0 ||
         context_.fan_outs.waiting_users() + users <= context_.settings.max_fan_out_waiting;
}

// The index says what was committed; users whom this turn has changed are asked themselves.
TurnFanOuts::Match TurnFanOuts::users_of(const graph::FanOut& rule,
                                         const std::vector<graph::Field>& fields) {
  const auto key = engine::fan_out_key(rule, fields);
  if (!key) return std::vector<store::UserId>{};
  std::set<store::UserId> changed;
  std::vector<store::UserId> users;
  for (const UserState* user : users_.users()) {
    if (!user->is_indexed_otherwise()) continue;
    changed.insert(user->id());
    if (user->is_gone() || !has_appeared(user->head())) continue;
    if (engine::is_for(rule, *user, fields)) users.push_back(user->id());
  }
  auto stored = context_.store.users_with(context_.program.index_of(rule), *key,
                                          rule.most + 1 + changed.size());
  if (!stored) {
    status_ = tl::unexpected(stored.error());
    return std::vector<store::UserId>{};
  }
  std::ranges::copy_if(*stored, std::back_inserter(users),
                       [&](store::UserId user) { return !changed.contains(user); });
  if (users.size() > rule.most) return std::nullopt;
  std::ranges::sort(users);
  return users;
}

FannedEvent TurnFanOuts::make(const graph::EventType& type, std::string id,
                              base::Instant created_at, std::vector<graph::Field> fields) const {
  FannedEvent event;
  event.id = std::move(id);
  event.event.name = type.name;
  event.event.created_at = created_at;
  event.event.arrived_at = record_.now;
  event.event.fields = std::move(fields);
  return event;
}

std::optional<IntakeFailure> TurnFanOuts::take(const IntakeEvent& event, Matched matched,
                                               const std::string& answer_id) {
  // Its own name, the one that the sender is told, or, of one among many, one of ours.
  std::string id = event.id.value_or(answer_id);
  if (id.empty()) {
    id = fmt::format("{:016x}{:016x}", context_.random.next(), context_.random.next());
  }
  if (!matched.users) {
    refuse(*matched.type);
    return IntakeFailure{std::string(kTooManyUsers), event.id.value_or(event.wire_name)};
  }
  count(matched.type->name, "taken", matched.users->size());
  add(make(*matched.type, std::move(id), record_.happened_at(event.created_at), event.fields),
      std::move(*matched.users));
  return std::nullopt;
}

bool TurnFanOuts::track(const UserState& tracker, const graph::EventType& type,
                        const base::Hash128& key, const std::vector<graph::Field>& fields) {
  FannedEvent event = make(type, key.hex(), record_.now, fields);
  Match users = users_of(*type.fan_out, fields);
  if (!users) {
    refuse(type);
    return false;
  }
  if (!has_room_for(users->size())) {
    // Nobody can be told to come again: whom it is for is settled when its time comes.
    context_.fan_outs.event_added();
    record_.commit.put_fan_outs.push_back({{context_.fan_outs.next_number(), 0}, encode(event)});
    return false;
  }
  count(type.name, "taken", users->size());
  const bool is_own = std::erase(*users, tracker.id()) > 0;
  add(std::move(event), std::move(*users));
  return is_own;
}

void TurnFanOuts::add(FannedEvent event, std::vector<store::UserId> users) {
  follow_moved(users);
  if (users.empty()) return;
  context_.fan_outs.event_added();
  put_parts(context_.fan_outs.next_number(), std::move(event), users);
}

void TurnFanOuts::put_parts(std::uint64_t number, FannedEvent event,
                            const std::vector<store::UserId>& users) {
  std::vector<store::FanOutRow>& rows = record_.commit.put_fan_outs;
  const auto size = static_cast<std::ptrdiff_t>(
      std::clamp<std::size_t>(context_.settings.max_fan_out_users, 1, kFanOutPart));
  std::uint32_t part = 0;
  for (auto from = users.begin(); from != users.end();) {
    const auto to = from + std::min<std::ptrdiff_t>(size, users.end() - from);
    rows.push_back({{number, ++part}, encode_users({from, to})});
    from = to;
  }
  event.parts = part;
  rows.push_back({{number, 0}, encode(event)});
  context_.fan_outs.users_added(users);
}

void TurnFanOuts::remove_event(std::uint64_t number) {
  context_.fan_outs.event_gone();
  record_.commit.remove_fan_outs.push_back({number, 0});
}

void TurnFanOuts::refuse(const graph::EventType& type) {
  count(type.name, "refused", 0);
  record_.output.notes.push_back({"fan_out_refused", fmt::format("event={} for more than {} users",
                                                                 type.name, type.fan_out->most)});
}

void TurnFanOuts::count(std::string_view event, std::string_view outcome, std::size_t users) {
  record_.count(counter_name({"fan_outs", event, outcome}));
  if (users > 0) {
    record_.count(counter_name({"fan_out_users", event}), static_cast<std::int64_t>(users));
  }
}

}  // namespace sojourn::runtime
