#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "base/hash.h"
#include "sandbox/answers.h"
#include "sandbox/bulk_answer.h"
#include "sandbox/calls.h"

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
                                           .subject = named_in(event, "email", "userId").subject(),
                                           .time = now,
                                           .body = std::string(text)});
  if (!place) return tl::unexpected(place.error());
  // An event without an id is given one; it is no key, since nobody can repeat it.
  return id.empty() ? base::stable_hash128(fmt::format("event {}", place->sequence)).hex() : id;
}

}  // namespace

Reply track(Desk& desk, const Call& call) {
  const NameFault fault = fault_of(call.body, "email", "userId");
  if (fault == NameFault::kNobody) {
    return envelope(400, "BadParams", "Either email or userId must be specified in a track call");
  }
  if (fault != NameFault::kNone) {
    return name_refused(fault, named_in(call.body, "email", "userId"));
  }
  const std::string scope = scope_of(call.body);
  const json& fields = data_fields(call.body);
  const json mismatches = desk.field_types.mismatches(scope, fields);
  if (!mismatches.empty()) {
    const json params = {{"validationErrors", mismatches}};
    return envelope(
        400, "RequestFieldsTypesMismatched",
        "Project 1: The request does not have the same data types as the event's fields",
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
    const Named named = named_in(event, "email", "userId");
    switch (fault_of(event, "email", "userId")) {
      case NameFault::kNobody:
        return envelope(400, "BadParams",
                        "Either email or userId must be specified in a track call");
      case NameFault::kEmail:
        answer.failed("invalidEmails", named.email);
        continue;
      case NameFault::kUserId:
        answer.failed("invalidUserIds", named.user_id);
        continue;
      case NameFault::kNone:
        break;
    }
    if (!keep(desk, event, event.dump(), call.now)) return database_error();
    answer.succeeded();
  }
  return answer.reply();
}

}  // namespace sojourn::sandbox
