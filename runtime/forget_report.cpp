#include "runtime/forget_report.h"

#include <fmt/format.h>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "runtime/dead_letter_book.h"
#include "runtime/delivery_record.h"
#include "runtime/find_user.h"
#include "runtime/program.h"
#include "runtime/user_state.h"

namespace sojourn::runtime {
namespace {

using Json = nlohmann::ordered_json;

constexpr auto kAllRows = static_cast<std::size_t>(std::numeric_limits<std::int64_t>::max());

std::string dumped(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void count_life(UserState& user, ForgetReport& report) {
  report.person = {user.head().email, user.head().user_id};
  report.events = user.history().size();
  for (const Seat& seat : user.seats()) {
    report.journeys.push_back(seat.journey->graph.journey);
    if (seat.stored_due) ++report.timers;
  }
  for (const auto& [rule, watch] : user.watches().known()) {
    if (!watch.due || !user.is_watched_at(*watch.due)) continue;
    ++report.timers;
    break;
  }
}

base::Status count_deliveries(store::Store& store, ForgetReport& report) {
  const auto deliveries = store.deliveries_of(report.user);
  if (!deliveries) return tl::unexpected(deliveries.error());
  for (const store::Delivery& delivery : *deliveries) {
    const auto record = decode_delivery(delivery.body);
    if (!record) return tl::unexpected(record.error());
    if (delivery.next_attempt && !record->parked) {
      ++report.waiting;
    } else {
      report.claimed.push_back({delivery.key.message.hex(), std::string(to_string(record->kind)),
                                record->subject, record->parked});
    }
  }
  return {};
}

}  // namespace

base::Result<std::optional<ForgetReport>> forget_report(const std::string& identity,
                                                        const Program& program, store::Store& store,
                                                        const DeadLetterBook& letters) {
  const auto id = find_user(identity, store);
  if (!id) return tl::unexpected(id.error());
  if (!*id) return std::nullopt;
  store::ReadSet read;
  read.users = {**id};
  const auto loaded = store.load(read);
  if (!loaded) return tl::unexpected(loaded.error());
  if (loaded->users[0].empty()) return std::nullopt;
  auto user = UserState::from_rows(**id, loaded->users[0], program);
  if (!user) return tl::unexpected(user.error());
  ForgetReport report;
  report.user = **id;
  count_life(*user, report);
  if (auto counted = count_deliveries(store, report); !counted) {
    return tl::unexpected(counted.error());
  }
  report.ended_unsent = letters.of_user(**id).size();
  const auto log = store.rows(**id, store::RowKind::kLog, kAllRows);
  if (!log) return tl::unexpected(log.error());
  report.log_rows = log->size();
  return report;
}

std::string summary(const ForgetReport& report) {
  return fmt::format("{} enrollments, {} timers, {} waiting, {} under way, {} ended unsent",
                     report.journeys.size(), report.timers, report.waiting, report.claimed.size(),
                     report.ended_unsent);
}

QueryAnswer forget_answer(const ForgetCommand& command, const ForgetReport& report) {
  Json claimed = Json::array();
  for (const ForgetReport::Claimed& one : report.claimed) {
    claimed.push_back({{"key", one.key},
                       {"what", one.what},
                       {"subject", one.subject},
                       {"in_doubt", one.in_doubt}});
  }
  const Json json{{"id", printed_id(report.user)},
                  {"email", report.person.email ? Json(*report.person.email) : Json()},
                  {"userId", report.person.user_id ? Json(*report.person.user_id) : Json()},
                  {"journeys", report.journeys},
                  {"timers", report.timers},
                  {"waiting", report.waiting},
                  {"claimed", std::move(claimed)},
                  {"ended_unsent", report.ended_unsent},
                  {"events", report.events},
                  {"log_rows", report.log_rows},
                  {"iterable_is_asked", command.goes_on},
                  {"done", command.carry_out}};
  return {command.token, 200, dumped(json)};
}

QueryAnswer not_in_ledger(const ForgetCommand& command) {
  return {command.token, 503,
          dumped({{"error",
                   "the ledger of erasures cannot be written, so nobody was erased; the log says "
                   "why (`erasure_refused`)"}})};
}

QueryAnswer nobody_to_forget(const ForgetCommand& command) {
  return {command.token, 404,
          dumped({{"error", "nobody has the email, userId or internal id `" + command.identity +
                                "`; a name that nobody has is refused by the intake's "
                                "users/forget"}})};
}

}  // namespace sojourn::runtime
