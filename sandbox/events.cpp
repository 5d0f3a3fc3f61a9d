#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "base/hash.h"
#include "base/percent.h"
#include "base/text.h"
#include "sandbox/answers.h"
#include "sandbox/bulk_answer.h"
#include "sandbox/calls.h"
#include "sandbox/names.h"
#include "sandbox/query.h"

namespace sojourn::sandbox {
namespace {

using nlohmann::json;

std::string scope_of(const json& event) {
  return "event " + event.at("eventName").get<std::string>();
}

base::Result<std::string> keep(Desk& desk, const json& event, std::string_view text,
                               base::Instant now) {
  const std::string id = event.value("id", "");
  const auto place =
      desk.inbox.keep(RecordKind::kEvent, {.topic = event.at("eventName").get<std::string>(),
                                           .key = id,
                                           .subject = named_in(desk, event).subject(),
                                           .time = now,
                                           .body = std::string(text)});
  if (!place) return tl::unexpected(place.error());
  // An event without an id is given one; it is no key, since nobody can repeat it.
  return id.empty() ? base::stable_hash128(fmt::format("event {}", place->sequence)).hex() : id;
}

constexpr std::int64_t kMaxListed = 200;

// System events have a type, the others a name.
json flat(const store::Record& record) {
  const json body = json::parse(record.body);
  json out = data_fields(body);
  out[record.topic == "purchase" ? "eventType" : "eventName"] = record.topic;
  out["createdAt"] = base::to_iterable_time(
      body.contains("createdAt") ? base::Instant{body["createdAt"].get<std::int64_t>() * 1000}
                                 : record.time);
  for (const char* name : {"id", "email", "userId", "campaignId", "templateId", "total", "items"}) {
    if (body.contains(name)) out[name] = body[name];
  }
  if (body.contains("email")) out["email"] = base::lower_ascii(body["email"].get<std::string>());
  return out;
}

// The same id again is the same event, whoever's it was and whatever its name: it is as it was said
// last.
base::Result<bool> is_to_be_seen(Desk& desk, const store::LoggedRecord& logged,
                                 base::Instant until) {
  if (logged.record.time > until) return false;
  if (logged.record.key.empty()) return true;
  const auto next = desk.inbox.read(
      RecordKind::kEvent, {.key = logged.record.key, .after = logged.place.sequence, .limit = 1});
  if (!next) return tl::unexpected(next.error());
  return next->empty() || next->front().record.time > until;
}

Reply nobody() {
  return envelope(400, "BadParams", "Either email or userId must be specified in a track call");
}

}  // namespace

Reply track(Desk& desk, const Call& call) {
  const NameFault fault = fault_of(desk, call.body, {}, Unknown::kRefused);
  if (fault == NameFault::kNobody) return nobody();
  if (fault != NameFault::kNone) return name_refused(fault, named_in(desk, call.body));
  const std::string scope = scope_of(call.body);
  const json& fields = data_fields(call.body);
  const json mismatches = desk.field_types.mismatches(scope, fields);
  if (!mismatches.empty()) {
    const json params = {{"validationErrors", mismatches}};
    return envelope(
        400, "RequestFieldsTypesMismatched",
        fmt::format(
            "Project {}: The request does not have the same data types as the event's fields",
            desk.project.id()),
        params.dump());
  }
  if (desk.field_types.too_many(scope, fields)) {
    return envelope(400, "UniqueFieldsLimitExceeded", "The event has too many fields");
  }
  const auto learnt = desk.field_types.learn(desk.inbox, scope, fields, call.now);
  if (!learnt) return database_error();
  const auto id = keep(desk, call.body, call.text, call.now);
  if (!id) return database_error();
  const json params = {{"id", *id}};
  return success(fmt::format("Event with id: {} tracked.", *id), params.dump());
}

// Its answer has no list for data of the wrong type, so types are not looked at.
Reply track_bulk(Desk& desk, const Call& call) {
  BulkAnswer answer(BulkAnswer::Kind::kEvents);
  for (const json& event : call.body.at("events")) {
    const Named named = named_in(desk, event);
    const NameFault fault = fault_of(desk, event, {}, Unknown::kRefused);
    if (fault == NameFault::kNobody) return nobody();
    if (fault != NameFault::kNone) {
      if (!name_failed(answer, fault, named)) return name_refused(fault, named);
      continue;
    }
    if (!keep(desk, event, event.dump(), call.now)) return database_error();
    answer.succeeded();
  }
  return answer.reply();
}

// Newest first, flat: the name, the times and the data side by side.
Reply user_events(Desk& desk, const Call& call) {
  const std::string& name = call.names.at(0);
  const bool by_email = call.path.find("/byUserId/") == std::string_view::npos;
  const json item{{by_email ? "email" : "userId", name}};
  const NameFault fault = fault_of(desk, item);
  if (fault != NameFault::kNone) return name_refused(fault, named_in(desk, item));
  const auto limit = whole_number(base::query_member(call.query, "limit").value_or("30"));
  if (!limit || *limit < 1 || *limit > kMaxListed) return bad_member("limit");
  std::vector<store::LoggedRecord> found;
  store::RecordQuery query{.subject = named_in(desk, item).subject(), .limit = 1000};
  while (true) {
    const auto page = desk.inbox.read(RecordKind::kEvent, query);
    if (!page) return database_error();
    found.insert(found.end(), page->begin(), page->end());
    if (page->size() < query.limit) break;
    query.after = page->back().place.sequence;
  }
  json list = json::array();
  for (auto one = found.rbegin(); one != found.rend(); ++one) {
    if (list.size() >= static_cast<std::size_t>(*limit)) break;
    const auto stands = is_to_be_seen(desk, *one, call.now - desk.options.read_lag);
    if (!stands) return database_error();
    if (*stands) list.push_back(flat(one->record));
  }
  const json body{{"events", std::move(list)}};
  return {.body = body.dump()};
}

}  // namespace sojourn::sandbox
