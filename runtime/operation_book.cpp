#include "runtime/operation_book.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "runtime/counter_names.h"
#include "runtime/turn_context.h"

namespace sojourn::runtime {
namespace {

using Entries = Operation::Entries;
using What = JourneyCommand::What;

// Numbers of users begin with 1.
constexpr store::UserId kNobody{0, 0};
constexpr store::RowKey kRow{kNobody, store::RowKind::kOperation, 0};
// Nothing is let go more often, and after a rest no more than this long's worth at once.
constexpr base::Millis kReleaseStep{100};
constexpr base::Millis kReleaseMost{1'000};

std::string_view rule_of(Entries entries) {
  switch (entries) {
    case Entries::kOpen:
      return {};
    case Entries::kDraining:
      return "draining";
    case Entries::kStopped:
      return "stopped";
  }
  return {};
}

bool may_release(const Operation& operation) {
  return !operation.paused_at && operation.held() > 0;
}

// By the pause that goes on.
base::Millis frozen_for(const Operation& operation, base::Instant now) {
  if (!operation.clock_stands) return {};
  return std::max(now - *operation.paused_at, base::Millis{});
}

base::Millis release_step(std::uint32_t per_second) {
  return std::max(kReleaseStep, base::Millis{(999 + per_second) / per_second});
}

}  // namespace

base::Status OperationBook::load(store::Store& store, base::Instant now) {
  released_at_ = now;
  auto rows = store.rows(kRow.user, kRow.kind, 1);
  if (!rows) return tl::unexpected(rows.error());
  if (!rows->empty()) {
    auto operations = decode_operations(rows->front().body);
    if (!operations) return tl::unexpected(operations.error());
    for (Operation& operation : *operations) {
      if (operation.is_sending_out) ++sending_out_;
      std::string journey = operation.journey;
      operations_.emplace(std::move(journey), std::move(operation));
    }
  }
  auto newest = store.rows(kNobody, store::RowKind::kAudit, 1);
  if (!newest) return tl::unexpected(newest.error());
  if (!newest->empty()) next_audit_ = newest->front().key.number + 1;
  return {};
}

const Operation* OperationBook::find(std::string_view journey) const {
  if (operations_.empty()) return nullptr;
  const auto found = operations_.find(journey);
  return found == operations_.end() ? nullptr : &found->second;
}

Operation& OperationBook::change(std::string_view journey) {
  changed_ = true;
  if (const auto found = operations_.find(journey); found != operations_.end()) {
    return found->second;
  }
  std::uint64_t queue = 0;
  for (const auto& [name, other] : operations_) queue = std::max(queue, other.queue + 1);
  Operation& added = operations_[std::string(journey)];
  added.journey = journey;
  added.queue = queue;
  return added;
}

bool OperationBook::is_paused(std::string_view journey) const {
  const Operation* operation = find(journey);
  return operation != nullptr && operation->paused_at.has_value();
}

std::vector<std::string> OperationBook::paused() const {
  std::vector<std::string> journeys;
  for (const auto& [journey, operation] : operations_) {
    if (operation.paused_at) journeys.push_back(journey);
  }
  return journeys;
}

engine::FrozenClock OperationBook::clock(std::string_view journey, base::Instant now) const {
  const Operation* operation = find(journey);
  if (operation == nullptr) return {};
  return {{operation->stood.count + frozen_for(*operation, now).count}, operation->clock_stands};
}

bool OperationBook::is_sending_out(std::string_view journey) const {
  const Operation* operation = find(journey);
  return operation != nullptr && operation->is_sending_out;
}

std::string_view OperationBook::closed_by(std::string_view journey) const {
  const Operation* operation = find(journey);
  if (operation == nullptr) return {};
  return operation->paused_at ? "paused" : rule_of(operation->entries);
}

std::uint64_t OperationBook::held(std::string_view journey) const {
  const Operation* operation = find(journey);
  return operation == nullptr ? 0 : operation->held();
}

std::optional<std::string> OperationBook::refusal(What what, std::string_view journey) const {
  static const Operation kOrdinary;
  const Operation* found = find(journey);
  const Operation& now = found == nullptr ? kOrdinary : *found;
  const auto already = [&](std::string_view state) {
    return fmt::format("`{}` is {} already", journey, state);
  };
  switch (what) {
    case What::kPause:
      if (now.clock_stands) {
        return fmt::format("`{}` is paused already, with its clock frozen", journey);
      }
      if (now.paused_at) return already("paused");
      if (now.entries == Entries::kStopped) return already("stopped");
      return std::nullopt;
    case What::kResume:
      if (now.paused_at) return std::nullopt;
      if (now.entries == Entries::kOpen) {
        return fmt::format("`{}` is neither paused nor drained nor stopped", journey);
      }
      if (!now.is_sending_out) return std::nullopt;
      return fmt::format("people are still being sent out of `{}`; try again when that is done",
                         journey);
    case What::kDrain:
      if (now.entries == Entries::kOpen) return std::nullopt;
      return already(now.entries == Entries::kDraining ? "draining" : "stopped");
    case What::kStop:
      if (now.entries == Entries::kStopped) return already("stopped");
      return std::nullopt;
  }
  return std::nullopt;
}

void OperationBook::tell(TurnRecord& record, std::string_view journey, std::string_view state,
                         bool on) {
  record.count(counter_name({"operation", journey, state}), on ? 1 : -1);
}

void OperationBook::begin_pause(Operation& operation, JourneyCommand::Clock clock,
                                TurnRecord& record) {
  operation.paused_at = record.now;
  operation.clock_stands = clock == JourneyCommand::Clock::kFreeze;
  released_at_ = record.now;
  tell(record, operation.journey, "paused", true);
  if (operation.clock_stands) tell(record, operation.journey, "frozen", true);
}

void OperationBook::end_pause(Operation& operation, TurnRecord& record) {
  if (!operation.paused_at) return;
  tell(record, operation.journey, "paused", false);
  if (operation.clock_stands) tell(record, operation.journey, "frozen", false);
  operation.stood.count += frozen_for(operation, record.now).count;
  operation.clock_stands = false;
  operation.paused_at.reset();
  released_at_ = record.now;
}

void OperationBook::apply(const JourneyCommand& command, const std::string& detail,
                          TurnRecord& record) {
  Operation& operation = change(command.journey);
  const auto set_entries = [&](Entries entries) {
    if (operation.entries != Entries::kOpen) {
      tell(record, operation.journey, rule_of(operation.entries), false);
    }
    operation.entries = entries;
    if (entries != Entries::kOpen) tell(record, operation.journey, rule_of(entries), true);
  };
  switch (command.what) {
    case What::kPause:
      begin_pause(operation, command.clock, record);
      break;
    case What::kResume:
      if (operation.paused_at) {
        end_pause(operation, record);
      } else {
        set_entries(Entries::kOpen);
      }
      break;
    case What::kDrain:
      set_entries(Entries::kDraining);
      break;
    case What::kStop:
      end_pause(operation, record);
      set_entries(Entries::kStopped);
      operation.is_sending_out = true;
      operation.last_sent_out.reset();
      ++sending_out_;
      break;
  }
  note(command, detail, record);
}

void OperationBook::note(const JourneyCommand& command, const std::string& detail,
                         TurnRecord& record) {
  note(AuditLine{record.now, command.by, words_of(command), command.journey, detail}, record);
}

void OperationBook::note(const CommandNote& command, TurnRecord& record) {
  note(AuditLine{record.now, command.by, command.command, {}, command.detail}, record);
}

void OperationBook::note(const AuditLine& line, TurnRecord& record) {
  const std::uint64_t number = next_audit_++;
  record.commit.put_rows.push_back({{kNobody, store::RowKind::kAudit, number}, encode(line)});
  if (number > kMaxAuditLines) {
    record.commit.remove_rows.push_back({kNobody, store::RowKind::kAudit, number - kMaxAuditLines});
  }
  record.output.notes.push_back(
      {"operator", fmt::format("{}{}{} by {}: {}", line.command, line.journey.empty() ? "" : " ",
                               line.journey, line.by, line.detail)});
}

void OperationBook::hold(std::string_view journey, const HeldBack& held, TurnRecord& record) {
  Operation& operation = change(journey);
  record.commit.put_rows.push_back({held_row(operation.queue, operation.next++), encode(held)});
  record.count(counter_name({"held_back", journey}));
}

base::Instant OperationBook::next_release(std::uint32_t per_second) const {
  const bool any =
      std::ranges::any_of(operations_, [](const auto& each) { return may_release(each.second); });
  return any ? released_at_ + release_step(per_second) : base::kNever;
}

base::Result<std::vector<HeldBack>> OperationBook::release(store::Store& store,
                                                           std::uint32_t per_second,
                                                           std::size_t limit, TurnRecord& record) {
  std::vector<HeldBack> released;
  if (record.now < next_release(per_second)) return released;
  const base::Millis since =
      std::max(std::min(record.now - released_at_, kReleaseMost), release_step(per_second));
  std::size_t room =
      std::min<std::size_t>(limit, static_cast<std::size_t>(since.count) * per_second / 1'000);
  released_at_ = record.now;
  for (auto& [journey, operation] : operations_) {
    if (room == 0 || !may_release(operation)) continue;
    const std::size_t wanted = std::min<std::uint64_t>(room, operation.held());
    auto rows = store.rows(queue_user(operation.queue), store::RowKind::kHeldBack, wanted);
    if (!rows) return tl::unexpected(rows.error());
    if (rows->size() != wanted) {
      return base::failure(base::Error::Kind::kFatal,
                           fmt::format("of what is held back of `{}` rows are missing", journey),
                           "the database is damaged");
    }
    for (const store::Row& row : *rows) {
      auto held = decode_held(row.body);
      if (!held) return tl::unexpected(held.error());
      released.push_back(*held);
      record.commit.remove_rows.push_back(row.key);
    }
    operation.first += wanted;
    room -= wanted;
    changed_ = true;
    record.count(counter_name({"held_back", journey}), -static_cast<std::int64_t>(wanted));
  }
  return released;
}

base::Result<std::vector<store::UserId>> OperationBook::next_to_send_out(store::Store& store,
                                                                         std::size_t limit) {
  std::vector<store::UserId> users;
  const auto found = std::ranges::find_if(
      operations_, [](const auto& each) { return each.second.is_sending_out; });
  if (found == operations_.end()) return users;
  Operation& operation = found->second;
  auto heads = store.heads(operation.last_sent_out, limit);
  if (!heads) return tl::unexpected(heads.error());
  changed_ = true;
  for (const store::Row& head : *heads) users.push_back(head.key.user);
  if (users.empty()) {
    operation.is_sending_out = false;
    operation.last_sent_out.reset();
    --sending_out_;
  } else {
    operation.last_sent_out = users.back();
  }
  return users;
}

void OperationBook::write_to(store::Commit& commit) {
  if (!std::exchange(changed_, false)) return;
  std::erase_if(operations_, [](const auto& each) { return each.second.is_ordinary(); });
  std::vector<Operation> operations;
  for (const auto& [journey, operation] : operations_) operations.push_back(operation);
  commit.put_rows.push_back({kRow, encode(operations)});
}

}  // namespace sojourn::runtime
