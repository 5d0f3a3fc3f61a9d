// The part of FanOutWatch that reads commits: what each says of events for many, of the people whom
// they may be for, and of who got one.
#include <algorithm>
#include <charconv>
#include <fmt/format.h>

#include "runtime/delivery_record.h"
#include "runtime/fan_out_record.h"
#include "runtime/log_record.h"
#include "runtime/user_head.h"
#include "tests/sim/fan_out_watch.h"
#include "tests/sim/program.h"

namespace sojourn::sim {
namespace {

using runtime::DeliveryRecord;
using runtime::LogRecord;
using store::UserId;

std::string text_of(const std::vector<graph::Field>& fields, std::string_view name) {
  const graph::Value& value = graph::find_field(fields, name);
  return value.kind() == graph::Value::Kind::kString ? value.as_string() : std::string();
}

// Of whom the line says that they turned out to be its user: merged, or somebody of whom little
// but consent was known. Else empty.
std::string_view who_became_another(const LogRecord& line) {
  constexpr std::string_view kConsentOf = "the consent of ";
  if (line.kind == LogRecord::Kind::kMerged) return line.subject;
  const std::string_view detail = line.detail;
  const bool is_absorbed = line.kind == LogRecord::Kind::kProfile && detail.starts_with(kConsentOf);
  return is_absorbed ? detail.substr(kConsentOf.size()) : std::string_view();
}

// An event as one user's log names it (runtime/fan_out_record.h), which may stand behind a time.
struct Arrival {
  std::string id;
  UserId user;
};
std::optional<Arrival> arrival_in(const std::string& detail) {
  constexpr std::string_view kFor = " for ";
  const std::size_t at = detail.rfind(kFor);
  if (at == std::string::npos) return std::nullopt;
  const std::size_t space = detail.find(' ');
  const std::size_t from = space == at ? 0 : space + 1;
  Arrival arrival{detail.substr(from, at - from), {}};
  const char* const end = detail.data() + detail.size();
  const auto shard = std::from_chars(detail.data() + at + kFor.size(), end, arrival.user.shard);
  const auto number = std::from_chars(std::min(shard.ptr + 1, end), end, arrival.user.number);
  if (shard.ec != std::errc{} || number.ec != std::errc{}) return std::nullopt;
  return arrival;
}

}  // namespace

std::vector<FanOutWatch::Settled> FanOutWatch::settled_by(const store::Commit& commit) {
  std::vector<Settled> settled;
  for (const store::SeenEvent& seen : commit.put_seen) {
    const auto said = said_.find(seen.hash);
    if (said == said_.end() || rule_of(said->second.name) == nullptr) continue;
    events_.try_emplace(said->second.ref, said->second);
    settled.push_back({said->second.ref, {}, false, false, true});
  }
  tracked_by(commit, settled);
  put_by(commit, settled);
  for (const store::FanOutKey& key : commit.remove_fan_outs) {
    const auto known = key.part == 0 ? numbers_.find(key.number) : numbers_.end();
    if (known == numbers_.end() || events_.at(known->second).commit != 0) continue;
    settled.push_back({known->second, {}, true, true, true});
  }
  return settled;
}

// What a journey tracks goes to Iterable as well, from the same commit on.
void FanOutWatch::tracked_by(const store::Commit& commit, std::vector<Settled>& settled) {
  for (const store::Delivery& delivery : commit.put_deliveries) {
    if (delivery.body.find(kPassedOnEvent) == std::string::npos) continue;
    const auto record = runtime::decode_delivery(delivery.body);
    if (!record || record->kind != DeliveryRecord::Kind::kTrack) continue;
    if (!tracked_.insert(delivery.key.message.hex()).second) continue;
    if (rule_of(record->subject) == nullptr) continue;
    Event event;
    event.name = record->subject;
    event.ref = text_of(record->fields, "ref");
    event.team = text_of(record->fields, "team");
    events_.try_emplace(delivery.key.message.hex(), std::move(event));
    settled.push_back({delivery.key.message.hex(), delivery.key.user, false, true, true});
  }
}

void FanOutWatch::put_by(const store::Commit& commit, std::vector<Settled>& settled) {
  for (const store::FanOutRow& row : commit.put_fan_outs) {
    if (row.key.part != 0) continue;
    const auto fanned = runtime::decode_fanned_event(row.body);
    if (!fanned) return say(Invariant::kFanOutWhole, "an event for many cannot be read");
    const auto now = std::ranges::find(settled, fanned->id, &Settled::id);
    const bool is_news = numbers_.try_emplace(row.key.number, fanned->id).second;
    if (fanned->parts == 0) {
      ++counts_.put_off;
      if (now != settled.end()) settled.erase(now);
      continue;
    }
    if (now != settled.end()) continue;
    if (!is_news) {
      settled.push_back({fanned->id, {}, true, true, true});
    } else if (fanned->event.name == kPassedOnEvent) {
      // What became of it at Iterable's came before the end of the turn.
      Event event{fanned->event.name, {}, text_of(fanned->event.fields, "team"), 0, {}, {}, {}};
      events_.try_emplace(fanned->id, std::move(event));
      settled.push_back({fanned->id, {}, false, true, false});
    } else {
      say(Invariant::kReachesOnce, fmt::format("{} {} is on its way to many, and nobody said it",
                                               fanned->event.name, fanned->id));
    }
  }
}

// Their name stands in the log of whom they turned out to be.
FanOutWatch::Moves FanOutWatch::moves_of(const store::Commit& commit) const {
  Moves moves;
  const bool any_gone = std::ranges::any_of(commit.remove_rows, [](const store::RowKey& key) {
    return key.kind == store::RowKind::kHead;
  });
  if (!any_gone) return moves;
  for (const store::Row& row : commit.put_rows) {
    if (row.key.kind != store::RowKind::kLog) continue;
    const auto lines = runtime::decode_log(row.body);
    if (!lines) continue;
    for (const LogRecord& line : *lines) {
      const auto who = by_email_.find(who_became_another(line));
      if (who == by_email_.end()) continue;
      if (who->second != row.key.user) moves.emplace(who->second, row.key.user);
    }
  }
  return moves;
}

void FanOutWatch::learn_people(const store::Commit& commit) {
  for (const store::RowKey& key : commit.remove_rows) {
    if (key.kind == store::RowKind::kHead) teams_.erase(key.user);
  }
  for (const store::Row& row : commit.put_rows) {
    if (row.key.kind != store::RowKind::kHead) continue;
    const auto head = runtime::decode_user_head(row.body);
    if (!head || !runtime::has_appeared(*head)) continue;
    const runtime::ProfileField* team = head->find("team");
    const bool is_said = team != nullptr && team->value.kind() == graph::Value::Kind::kString;
    teams_[row.key.user] = is_said ? team->value.as_string() : std::string(kTeams.front());
  }
  for (const store::Identity& name : commit.remove_identities) {
    if (name.kind == store::Identity::Kind::kEmail) by_email_.erase(name.value);
  }
  for (const auto& [name, user] : commit.put_identities) {
    if (name.kind == store::Identity::Kind::kEmail) by_email_[name.value] = user;
  }
}

void FanOutWatch::take_rows(const store::Commit& commit) {
  for (const store::FanOutRow& row : commit.put_fan_outs) {
    if (row.key.part == 0) continue;
    const auto users = runtime::decode_users(row.body);
    if (!users) return say(Invariant::kFanOutWhole, "people of an event for many cannot be read");
    rows_[row.key] = Users(users->begin(), users->end());
  }
  for (const store::FanOutKey& key : commit.remove_fan_outs) rows_.erase(key);
}

void FanOutWatch::take_logs(const store::Commit& commit, std::uint64_t number,
                            const std::vector<Settled>& settled) {
  for (const store::Row& row : commit.put_rows) {
    // A merge brings along what another user's log said before.
    if (row.key.kind != store::RowKind::kLog || row.key.number != number) continue;
    if (row.body.find(" for ") == std::string::npos) continue;
    const auto lines = runtime::decode_log(row.body);
    if (!lines) continue;
    for (const LogRecord& line : *lines) {
      const auto arrival =
          line.kind == LogRecord::Kind::kEvent ? arrival_in(line.detail) : std::nullopt;
      if (arrival) arrived(arrival->id, arrival->user, settled);
    }
  }
}

}  // namespace sojourn::sim
