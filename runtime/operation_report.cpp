#include "runtime/operation_report.h"

#include <algorithm>
#include <cstdint>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "runtime/counter_names.h"
#include "runtime/journey_clocks.h"
#include "runtime/operation_book.h"
#include "runtime/program.h"
#include "runtime/store/store.h"
#include "runtime/user_state.h"

namespace sojourn::runtime {
namespace {

using Json = nlohmann::ordered_json;

constexpr base::Millis kSoon = base::days24(1);
constexpr std::size_t kUsersAtOnce = 500;
constexpr store::UserId kNobody{0, 0};

struct Counts {
  std::int64_t inside = 0;
  std::int64_t due_soon = 0;
  bool due_at_least = false;
  std::int64_t messages_waiting = 0;
  std::uint64_t held_back = 0;
};

std::string dumped(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

base::Status count_people(std::string_view journey, store::Store& store, Counts& counts) {
  auto counters = store.counters();
  if (!counters) return tl::unexpected(counters.error());
  for (const auto& [name, value] : *counters) {
    const auto parts = counter_parts(name);
    if (parts.size() < 3 || parts[1] != journey) continue;
    if (parts[0] == "inside") counts.inside += value;
    if (parts[0] == "planned") counts.messages_waiting += value;
    if (parts[0] == "accepted" || parts[0] == "skipped") counts.messages_waiting -= value;
  }
  return {};
}

// The clock of the journey has stood, and the enrollment may have to follow it first.
base::Result<bool> is_due_soon(const store::TimerKey& timer, const std::vector<store::Row>& rows,
                               const Program& program, const JourneyClocks& clocks) {
  auto user = UserState::from_rows(timer.user, rows, program);
  if (!user) return tl::unexpected(user.error());
  const Seat* seat = user->find_seat(timer.enrollment);
  if (seat == nullptr) return false;
  const auto due = clocks.enrollment_now(*user, *seat).next_due();
  return due && *due <= clocks.now + kSoon;
}

// How many of `timers`, which are of some users, are of enrollments in the journey that are due
// soon.
base::Result<std::int64_t> count_timers(std::string_view journey, const Program& program,
                                        std::vector<store::TimerKey> timers, store::Store& store,
                                        const JourneyClocks& clocks) {
  const bool has_stood = clocks.operations.clock(journey, clocks.now).stood.count > 0;
  std::ranges::sort(timers, {}, &store::TimerKey::user);
  store::ReadSet read;
  for (const store::TimerKey& timer : timers) {
    if (read.users.empty() || read.users.back() != timer.user) read.users.push_back(timer.user);
  }
  auto loaded = store.load(read);
  if (!loaded) return tl::unexpected(loaded.error());
  std::int64_t count = 0;
  auto timer = timers.begin();
  for (std::size_t i = 0; i < read.users.size(); ++i) {
    for (; timer != timers.end() && timer->user == read.users[i]; ++timer) {
      const store::RowKey key{timer->user, store::RowKind::kEnrollment, timer->enrollment};
      const auto row = std::ranges::find(loaded->users[i], key, &store::Row::key);
      if (timer->enrollment == 0 || row == loaded->users[i].end()) continue;
      auto version = engine::stored_version(row->body);
      if (!version) return tl::unexpected(version.error());
      const Journey* found = program.find(*version);
      if (found == nullptr || found->graph.journey != journey) continue;
      if (has_stood) {
        const auto soon = is_due_soon(*timer, loaded->users[i], program, clocks);
        if (!soon) return tl::unexpected(soon.error());
        if (!*soon) continue;
      }
      ++count;
    }
  }
  return count;
}

base::Status count_due(std::string_view journey, const Program& program, store::Store& store,
                       const JourneyClocks& clocks, Counts& counts) {
  auto timers = store.due_timers(clocks.now + kSoon, kMaxCountedTimers);
  if (!timers) return tl::unexpected(timers.error());
  counts.due_at_least = timers->size() == kMaxCountedTimers;
  for (auto from = timers->begin(); from != timers->end();) {
    const auto to = from + std::min<std::ptrdiff_t>(kUsersAtOnce, timers->end() - from);
    auto found = count_timers(journey, program, {from, to}, store, clocks);
    if (!found) return tl::unexpected(found.error());
    counts.due_soon += *found;
    from = to;
  }
  return {};
}

CommandReport refused(const JourneyCommand& command, int status, const std::string& why) {
  return {QueryAnswer{command.token, status, dumped(Json{{"error", why}})}, {}, false};
}

bool is_in_text(std::string_view name, const Program& program) {
  return std::ranges::any_of(program.journeys(),
                             [&](const Journey& journey) { return journey.graph.journey == name; });
}

// What ends a pause. It must not need the text: what is held back is here without it.
bool ends_pause(const JourneyCommand& command) {
  return command.what == JourneyCommand::What::kResume ||
         command.what == JourneyCommand::What::kStop;
}

CommandReport unknown(const JourneyCommand& command, const Program& program,
                      const OperationBook& operations) {
  std::vector<std::string> paused;
  if (ends_pause(command)) paused = operations.paused();
  std::vector<std::string_view> names(paused.begin(), paused.end());
  for (const Journey& journey : program.journeys()) names.emplace_back(journey.graph.journey);
  const auto near = base::did_you_mean(command.journey, names);
  return refused(command, 404,
                 fmt::format("there is no journey named `{}`{}", command.journey,
                             near ? fmt::format("; did you mean `{}`?", *near) : ""));
}

}  // namespace

base::Result<CommandReport> command_report(const JourneyCommand& command, const Program& program,
                                           store::Store& store, const JourneyClocks& clocks) {
  const OperationBook& operations = clocks.operations;
  const bool known = is_in_text(command.journey, program) ||
                     (ends_pause(command) && operations.knows(command.journey));
  if (!known) return unknown(command, program, operations);
  if (const auto why = operations.refusal(command.what, command.journey)) {
    return refused(command, 409, *why);
  }
  Counts counts;
  counts.held_back = operations.held(command.journey);
  if (auto counted = count_people(command.journey, store, counts); !counted) {
    return tl::unexpected(counted.error());
  }
  if (auto counted = count_due(command.journey, program, store, clocks, counts); !counted) {
    return tl::unexpected(counted.error());
  }
  CommandReport report;
  report.is_possible = true;
  report.detail = fmt::format("{} inside, {}{} due within a day, {} messages waiting, {} held back",
                              counts.inside, counts.due_at_least ? "at least " : "",
                              counts.due_soon, counts.messages_waiting, counts.held_back);
  report.answer = {command.token, 200,
                   dumped(Json{{"command", words_of(command)},
                               {"journey", command.journey},
                               {"done", command.carry_out},
                               {"inside", counts.inside},
                               {"due_within_a_day", counts.due_soon},
                               {"due_at_least", counts.due_at_least},
                               {"messages_waiting", counts.messages_waiting},
                               {"held_back", counts.held_back}})};
  return report;
}

std::vector<OperatorNote> left_while_paused(const OperationBook& operations,
                                            const Program& program) {
  std::vector<OperatorNote> notes;
  for (const std::string& journey : operations.paused()) {
    if (is_in_text(journey, program)) continue;
    notes.push_back({"paused_journey_left",
                     fmt::format("journey={} held_back={}: it is paused and not in the text any "
                                 "more; `sojourn resume` or `stop` ends the pause",
                                 journey, operations.held(journey))});
  }
  return notes;
}

base::Result<QueryAnswer> audit_report(const AuditQuery& query, store::Store& store) {
  auto rows = store.rows(kNobody, store::RowKind::kAudit, std::min(query.limit, kMaxReportedAudit));
  if (!rows) return tl::unexpected(rows.error());
  Json list = Json::array();
  for (auto row = rows->rbegin(); row != rows->rend(); ++row) {
    auto line = decode_audit(row->body);
    if (!line) return tl::unexpected(line.error());
    list.push_back({{"at", base::to_iso8601(line->at)},
                    {"by", line->by},
                    {"command", line->command},
                    {"journey", line->journey},
                    {"detail", line->detail}});
  }
  return QueryAnswer{query.token, 200, dumped(Json{{"commands", std::move(list)}})};
}

}  // namespace sojourn::runtime
