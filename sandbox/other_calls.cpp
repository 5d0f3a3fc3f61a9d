// Calls that are checked and kept, and change nothing else here: there are no apps, no devices
// and no journeys behind the sandbox.
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "sandbox/answers.h"
#include "sandbox/calls.h"
#include "sandbox/names.h"

namespace sojourn::sandbox {
namespace {

base::Status keep(Desk& desk, const Call& call, std::string topic, std::string subject) {
  const auto kept = desk.inbox.keep(RecordKind::kCall, {.topic = std::move(topic),
                                                        .key = {},
                                                        .subject = std::move(subject),
                                                        .time = call.now,
                                                        .body = std::string(call.text)});
  if (!kept) return tl::unexpected(kept.error());
  return {};
}

}  // namespace

Reply keep_call(Desk& desk, const Call& call) {
  const NameFault fault = fault_of(desk, call.body);
  const Named named = named_in(desk, call.body);
  if (fault != NameFault::kNone) return name_refused(fault, named, 409);
  if (!keep(desk, call, std::string(call.topic()), named.subject())) return database_error();
  return success("");
}

// The token says enough; a user may be named.
Reply disable_device(Desk& desk, const Call& call) {
  const bool names_user = call.body.contains("email") || call.body.contains("userId");
  if (names_user) return keep_call(desk, call);
  if (!keep(desk, call, std::string(call.topic()), {})) return database_error();
  return success("");
}

Reply trigger_workflow(Desk& desk, const Call& call) {
  const auto workflow = call.body.at("workflowId").get<std::int64_t>();
  const bool names_list = call.body.contains("listId");
  if (!names_list && !call.body.contains("email") && !call.body.contains("userId")) {
    return envelope(400, "GenericError", "Must provide either an email or list id");
  }
  const Named named = named_in(desk, call.body);
  if (!names_list) {
    const NameFault fault = fault_of(desk, call.body);
    if (fault != NameFault::kNone) return name_refused(fault, named);
  }
  if (!desk.project.open() && desk.project.find(ProjectTable::kJourneys, workflow) == nullptr) {
    return envelope(400, "BadParams", "Invalid workflowId",
                    fmt::format(R"({{"workflowId":"{}"}})", workflow));
  }
  const std::string subject = names_list ? std::string() : named.subject();
  if (!keep(desk, call, fmt::format("{} {}", call.topic(), workflow), subject)) {
    return database_error();
  }
  return success("");
}

// The medium in the path must be that of the template.
Reply template_proof(Desk& desk, const Call& call) {
  const auto id = call.body.at("templateId").get<std::int64_t>();
  const nlohmann::json* row = desk.project.find(ProjectTable::kTemplates, id);
  const bool there = row != nullptr && row->at("messageMedium") == template_medium(call.path);
  if (!there && !desk.project.open()) return unknown_template(id);
  const NameFault fault = fault_of(desk, call.body, kRecipient);
  const Named named = named_in(desk, call.body, kRecipient);
  if (fault != NameFault::kNone) return name_refused(fault, named);
  if (!keep(desk, call, fmt::format("{} {}", call.topic(), id), named.subject())) {
    return database_error();
  }
  return success(fmt::format("Template {} - Sent proof to: {}", id, named.shown()));
}

}  // namespace sojourn::sandbox
