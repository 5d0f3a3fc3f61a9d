#include "runtime/user_report.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>

#include "graph/value.h"
#include "graph/wording.h"
#include "runtime/delivery_record.h"
#include "runtime/find_user.h"
#include "runtime/journey_clocks.h"
#include "runtime/log_report.h"
#include "runtime/operation_record.h"
#include "runtime/program.h"
#include "runtime/user_state.h"

namespace sojourn::runtime {
namespace {

using Json = nlohmann::ordered_json;

Json json_of(const graph::Value& value) {
  std::string text;
  graph::append_json(text, value);
  return Json::parse(text);
}

Json profile_json(const UserHead& head) {
  Json profile = Json::object();
  for (const ProfileField& field : head.fields) {
    Json entry{{"value", json_of(field.value)},
               {"source", field.source == ProfileField::Source::kIntake ? "intake" : "journey"},
               {"at", base::to_iso8601(field.at)}};
    if (field.accepted_at) entry["accepted_at"] = base::to_iso8601(*field.accepted_at);
    profile[field.name] = std::move(entry);
  }
  return profile;
}

Json enrollments_json(UserState& user, const JourneyClocks& clocks) {
  Json enrollments = Json::array();
  for (const Seat& seat : user.seats()) {
    const engine::Enrollment enrollment = clocks.enrollment_now(user, seat);
    Json entry{{"number", enrollment.number},
               {"journey", seat.journey->graph.journey},
               {"version", enrollment.version.hex()},
               {"entered_at", base::to_iso8601(enrollment.entered_at)},
               {"at", seat.journey->graph.steps.at(enrollment.at).identity},
               {"since", base::to_iso8601(enrollment.arrived_at)}};
    if (enrollment.queued) entry["queued"] = true;
    // What is due then is so if the clock goes on this very moment.
    if (clocks.of(seat).stands) entry["frozen"] = true;
    if (const auto due = enrollment.next_due()) entry["due"] = base::to_iso8601(*due);
    Json fields = Json::object();
    for (std::size_t i = 0; i < enrollment.entry_fields.size(); ++i) {
      fields[seat.journey->graph.entry_fields.at(i)] = json_of(enrollment.entry_fields[i]);
    }
    entry["entry"] = std::move(fields);
    enrollments.push_back(std::move(entry));
  }
  return enrollments;
}

Json history_json(const UserState& user) {
  Json list = Json::array();
  for (const engine::EventFact& event : user.history()) {
    Json fields = Json::object();
    for (const auto& [name, value] : event.fields) fields[name] = json_of(value);
    list.push_back({{"event", event.name},
                    {"at", base::to_iso8601(event.created_at)},
                    {"fields", std::move(fields)}});
  }
  return list;
}

// What the rules of sending count.
Json sent_json(const UserState& user) {
  Json list = Json::array();
  for (const engine::SentMessage& message : user.sent()) {
    list.push_back({{"campaign", message.campaign},
                    {"at", base::to_iso8601(message.at)},
                    {"key", message.key.hex()}});
  }
  return list;
}

// What nothing is known of yet is left out, and so is a condition that time alone does
// not make true.
Json watched_json(const UserState& user, const Program& program) {
  Json list = Json::array();
  const auto& rules = program.watch_plan().rules();
  for (const auto& [rule, watch] : user.watches().known()) {
    if (!watch.due) continue;
    list.push_back({{"journey", rules[rule].graph->journey},
                    {"for", graph::wording(*rules[rule].graph, rules[rule].what())},
                    {"due", base::to_iso8601(*watch.due)}});
  }
  return list;
}

std::string_view state_of(const store::Delivery& delivery, const DeliveryRecord& record) {
  if (record.parked) return delivery.next_attempt ? "parked" : "looked up";
  if (!delivery.next_attempt) return "claimed";
  return delivery.next_attempt == kHeldBack ? "held back" : "planned";
}

base::Result<Json> deliveries_json(store::UserId id, store::Store& store) {
  auto deliveries = store.deliveries_of(id);
  if (!deliveries) return tl::unexpected(deliveries.error());
  Json list = Json::array();
  for (const store::Delivery& delivery : *deliveries) {
    auto record = decode_delivery(delivery.body);
    if (!record) return tl::unexpected(record.error());
    Json entry{{"key", delivery.key.message.hex()},
               {"what", to_string(record->kind)},
               {"journey", record->journey},
               {"subject", record->subject},
               {"state", state_of(delivery, *record)},
               {"attempts", record->attempts},
               {"in_doubt", record->in_doubt},
               {"planned_at", base::to_iso8601(record->planned_at)}};
    if (delivery.next_attempt && delivery.next_attempt != kHeldBack)
      entry["next_attempt"] = base::to_iso8601(*delivery.next_attempt);
    list.push_back(std::move(entry));
  }
  return list;
}

base::Result<Json> log_json(store::UserId id, std::size_t max_log, const Program& program,
                            store::Store& store) {
  const auto log = read_log(id, max_log, store);
  if (!log) return tl::unexpected(log.error());
  Json list = Json::array();
  for (const LogRecord& record : *log) list.push_back(runtime::log_json(record, program));
  return list;
}

Json ended_json(const std::vector<store::Row>& rows) {
  Json list = Json::array();
  for (const store::Row& row : rows) {
    if (row.key.kind != store::RowKind::kPast) continue;
    const auto past = decode_past(row.body);
    if (!past) continue;
    list.push_back({{"number", past->number},
                    {"journey", past->journey},
                    {"times", past->ended},
                    {"ended_at", base::to_iso8601(past->ends.back().at)},
                    {"reason", past->ends.back().reason}});
  }
  return list;
}

QueryAnswer nobody(const UserQuery& query) {
  const Json json{
      {"error", "nobody has the email, userId or internal id `" + query.identity + "`"}};
  return QueryAnswer{query.token, 404, json.dump(-1, ' ', false, Json::error_handler_t::replace)};
}

}  // namespace

base::Result<std::optional<Json>> person_json(const std::string& identity, std::size_t max_log,
                                              const Program& program, store::Store& store,
                                              const JourneyClocks& clocks) {
  auto id = find_user(identity, store);
  if (!id) return tl::unexpected(id.error());
  if (!*id) return std::nullopt;
  store::ReadSet read;
  read.users = {**id};
  auto loaded = store.load(read);
  if (!loaded) return tl::unexpected(loaded.error());
  const std::vector<store::Row>& rows = loaded->users[0];
  if (rows.empty()) return std::nullopt;
  auto user = UserState::from_rows(**id, rows, program);
  if (!user) return tl::unexpected(user.error());
  auto deliveries = deliveries_json(**id, store);
  if (!deliveries) return tl::unexpected(deliveries.error());
  auto log = log_json(**id, max_log, program, store);
  if (!log) return tl::unexpected(log.error());
  return Json{{"id", printed_id(**id)},
              {"email", user->field("email").is_missing() ? Json() : Json(*user->head().email)},
              {"userId", user->field("userId").is_missing() ? Json() : Json(*user->head().user_id)},
              {"profile", profile_json(user->head())},
              {"lists", user->head().lists},
              {"enrollments", enrollments_json(*user, clocks)},
              {"ended", ended_json(rows)},
              {"history", history_json(*user)},
              {"sent", sent_json(*user)},
              {"watched", watched_json(*user, program)},
              {"deliveries", std::move(*deliveries)},
              {"log", std::move(*log)}};
}

base::Result<QueryAnswer> user_report(const UserQuery& query, const Program& program,
                                      store::Store& store, const JourneyClocks& clocks) {
  auto report = person_json(query.identity, kMaxReportedLog, program, store, clocks);
  if (!report) return tl::unexpected(report.error());
  if (!*report) return nobody(query);
  return QueryAnswer{query.token, 200,
                     (*report)->dump(-1, ' ', false, Json::error_handler_t::replace)};
}

}  // namespace sojourn::runtime
