#include "runtime/user_export.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "graph/value.h"
#include "runtime/dead_letter_book.h"
#include "runtime/delivery_record.h"
#include "runtime/find_user.h"
#include "runtime/log_keeper.h"
#include "runtime/past_enrollment.h"
#include "runtime/program.h"
#include "runtime/user_report.h"
#include "runtime/user_state.h"

namespace sojourn::runtime {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kFormat = 1;
// No user has more of either: what is kept of ended enrollments is one row for each unit.
constexpr std::size_t kMaxPast = 1'000'000;

// Bytes that are no text are replaced: a document that cannot be written helps nobody.
std::string dumped(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json fields_json(const std::vector<graph::Field>& fields) {
  Json json = Json::object();
  for (const auto& [name, value] : fields) {
    std::string text;
    graph::append_json(text, value);
    json[name] = Json::parse(text, nullptr, false);
  }
  return json;
}

// What is kept of a delivery beyond what a report says of it.
void add_content(Json& json, const DeliveryRecord& record) {
  if (!record.names.empty()) json["fields_named"] = record.names;
  if (!record.fields.empty()) json["fields"] = fields_json(record.fields);
  if (record.body.empty()) return;
  Json body = Json::parse(record.body, nullptr, false);
  json["body"] = body.is_discarded() ? Json(record.body) : std::move(body);
}

base::Status add_deliveries(Json& person, store::UserId user, const ExportSources& from) {
  const auto stored = from.store.deliveries_of(user);
  if (!stored) return tl::unexpected(stored.error());
  // The report lists them in the same order.
  for (std::size_t i = 0; i < stored->size() && i < person["deliveries"].size(); ++i) {
    const auto record = decode_delivery((*stored)[i].body);
    if (!record) return tl::unexpected(record.error());
    add_content(person["deliveries"][i], *record);
  }
  return {};
}

Json unsent_json(store::UserId user, const DeadLetterBook& letters) {
  Json list = Json::array();
  for (const std::uint64_t number : letters.of_user(user)) {
    const DeadLetter& letter = letters.at(number);
    Json json{{"key", letter.key.message.hex()},  {"what", to_string(letter.record.kind)},
              {"subject", letter.record.subject}, {"journey", letter.record.journey},
              {"state", to_string(letter.state)}, {"since", base::to_iso8601(letter.since)},
              {"reason", letter.reason},          {"answer", letter.answer}};
    add_content(json, letter.record);
    list.push_back(std::move(json));
  }
  return list;
}

// Each journey that they have left, with the last time for each reason.
base::Result<Json> ended_json(store::UserId user, store::Store& store) {
  const auto rows = store.rows(user, store::RowKind::kPast, kMaxPast);
  if (!rows) return tl::unexpected(rows.error());
  Json list = Json::array();
  for (auto row = rows->rbegin(); row != rows->rend(); ++row) {
    const auto past = decode_past(row->body);
    if (!past) return tl::unexpected(past.error());
    Json ends = Json::array();
    for (const PastEnd& end : past->ends) {
      ends.push_back({{"reason", end.reason}, {"at", base::to_iso8601(end.at)}});
    }
    list.push_back({{"number", past->number},
                    {"journey", past->journey},
                    {"times", past->ended},
                    {"ends", std::move(ends)}});
  }
  return list;
}

// Ended enrollments of which a goal or a split still counts something.
base::Result<Json> measured_json(store::UserId user, const ExportSources& from) {
  store::ReadSet read;
  read.users = {user};
  const auto loaded = from.store.load(read);
  if (!loaded) return tl::unexpected(loaded.error());
  auto state = UserState::from_rows(user, loaded->users[0], from.program);
  if (!state) return tl::unexpected(state.error());
  Json list = Json::array();
  for (const Seat& seat : state->measured()) {
    Json fields = Json::object();
    const auto& names = seat.journey->graph.entry_fields;
    for (std::size_t i = 0; i < seat.enrollment.entry_fields.size(); ++i) {
      std::string text;
      graph::append_json(text, seat.enrollment.entry_fields[i]);
      fields[names.at(i)] = Json::parse(text, nullptr, false);
    }
    list.push_back({{"number", seat.enrollment.number},
                    {"journey", seat.journey->graph.journey},
                    {"entry", std::move(fields)}});
  }
  return list;
}

QueryAnswer nobody(const ExportQuery& query) {
  return {
      query.token, 404,
      dumped({{"error", "nobody has the email, userId or internal id `" + query.identity + "`"}})};
}

}  // namespace

base::Result<QueryAnswer> user_export(const ExportQuery& query, const ExportSources& from) {
  const auto id = find_user(query.identity, from.store);
  if (!id) return tl::unexpected(id.error());
  if (!*id) return nobody(query);
  auto person = person_json(query.identity, kMaxLogRows, from.program, from.store, from.clocks);
  if (!person) return tl::unexpected(person.error());
  if (!*person) return nobody(query);
  Json json{{"format", kFormat}, {"exported_at", base::to_iso8601(from.clocks.now)}};
  json.update(**person);
  if (auto added = add_deliveries(json, **id, from); !added) return tl::unexpected(added.error());
  auto ended = ended_json(**id, from.store);
  if (!ended) return tl::unexpected(ended.error());
  json["ended"] = std::move(*ended);
  auto measured = measured_json(**id, from);
  if (!measured) return tl::unexpected(measured.error());
  json["measured"] = std::move(*measured);
  json["ended_unsent"] = unsent_json(**id, from.letters);
  return QueryAnswer{query.token, 200, dumped(json)};
}

}  // namespace sojourn::runtime
