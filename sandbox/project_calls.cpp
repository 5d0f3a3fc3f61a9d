// The calls that change the project: lists, templates and campaigns made over the API.
#include <array>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "sandbox/answers.h"
#include "sandbox/calls.h"
#include "sandbox/query.h"

namespace sojourn::sandbox {
namespace {

using nlohmann::json;

// What a template's row says of it; the rest of an upsert is content.
constexpr auto kRowMembers =
    std::to_array<std::string_view>({"name", "messageTypeId", "creatorUserId", "clientTemplateId"});

Reply full(std::string_view what) {
  return envelope(400, "BadParams", fmt::format("The project has too many {}", what));
}

Reply unknown_campaign(std::int64_t id) {
  return envelope(400, "BadParams", "Invalid campaignId",
                  fmt::format(R"({{"campaignId":"{}"}})", id));
}

// `row` with what `body` says of it.
json changed(json row, const json& body) {
  for (const auto& [name, value] : body.items()) {
    const bool of_row = std::ranges::find(kRowMembers, name) != kRowMembers.end();
    (of_row ? row : row["content"])[name] = value;
  }
  return row;
}

std::vector<std::int64_t> ids_with_key(const Desk& desk, const std::string& key,
                                       std::string_view medium) {
  std::vector<std::int64_t> ids;
  for (const auto& [id, row] : desk.project.rows(ProjectTable::kTemplates)) {
    if (row.value("clientTemplateId", "") == key && row.at("messageMedium") == medium) {
      ids.push_back(id);
    }
  }
  return ids;
}

// Whether the message type that a template is to have is there, if it is given.
bool knows_type(const Desk& desk, const json& body) {
  const auto type = body.find("messageTypeId");
  return type == body.end() || desk.project.open() ||
         desk.project.find(ProjectTable::kMessageTypes, type->get<std::int64_t>()) != nullptr;
}

Reply set_state(Desk& desk, const Call& call, const char* state) {
  const auto id = call.body.at("campaignId").get<std::int64_t>();
  const json* row = desk.project.find(ProjectTable::kCampaigns, id);
  if (row == nullptr || row->at("type") != "Triggered") return unknown_campaign(id);
  json after = *row;
  after["campaignState"] = state;
  after["updatedAt"] = call.now.millis;
  if (!desk.project.put(desk.inbox, ProjectTable::kCampaigns, id, std::move(after), call.now)) {
    return database_error();
  }
  return success("");
}

}  // namespace

std::string_view template_medium(std::string_view path) {
  constexpr std::string_view kTemplates = "/api/templates/";
  path.remove_prefix(kTemplates.size());
  const std::string_view word = path.substr(0, path.find('/'));
  if (word == "email") return "Email";
  if (word == "push") return "Push";
  if (word == "sms") return "SMS";
  if (word == "inapp") return "InApp";
  return "Embedded";
}

Reply unknown_template(std::int64_t id) {
  return envelope(400, "BadParams",
                  fmt::format("Template ID: {} does not exist for this project", id));
}

Reply make_list(Desk& desk, const Call& call) {
  if (!desk.project.has_room(ProjectTable::kLists)) return full("lists");
  const std::int64_t id = desk.project.next_id(ProjectTable::kLists);
  if (!desk.project.put(desk.inbox, ProjectTable::kLists, id, call.body, call.now)) {
    return database_error();
  }
  const json body{{"listId", id}};
  return {.body = body.dump()};
}

Reply delete_list(Desk& desk, const Call& call) {
  const auto id = whole_number(call.names.at(0));
  if (!id) return bad_member("listId");
  const std::int64_t project = desk.project.id();
  if (desk.project.find(ProjectTable::kLists, *id) == nullptr) {
    return envelope(
        400, "BadParams",
        fmt::format("Unable to delete list {} in Project {}, which does not exist.", *id, project));
  }
  if (!desk.project.remove(desk.inbox, ProjectTable::kLists, *id, call.now)) {
    return database_error();
  }
  return success(fmt::format("List {} in Project {} was successfully deleted.", *id, project));
}

Reply upsert_template(Desk& desk, const Call& call) {
  const std::string key = call.body.at("clientTemplateId").get<std::string>();
  const std::string_view medium = template_medium(call.path);
  if (!knows_type(desk, call.body)) return envelope(400, "BadParams", "Invalid messageTypeId");
  std::vector<std::int64_t> ids = ids_with_key(desk, key, medium);
  if (ids.empty()) {
    if (!call.body.contains("messageTypeId"))
      return envelope(400, "BadParams", "A new template needs a messageTypeId");
    if (!desk.project.has_room(ProjectTable::kTemplates)) return full("templates");
    ids.push_back(desk.project.next_id(ProjectTable::kTemplates));
  }
  std::string names;
  for (const std::int64_t id : ids) {
    const json* before = desk.project.find(ProjectTable::kTemplates, id);
    json row = before != nullptr
                   ? *before
                   : json{{"name", key}, {"messageMedium", medium}, {"content", json::object()}};
    row = changed(std::move(row), call.body);
    row["updatedAt"] = call.now.millis;
    if (before == nullptr) row["createdAt"] = call.now.millis;
    if (!desk.project.put(desk.inbox, ProjectTable::kTemplates, id, std::move(row), call.now)) {
      return database_error();
    }
    names += (names.empty() ? "" : ", ") + std::to_string(id);
  }
  return success(fmt::format("Upserted {} templates with IDs: {}", ids.size(), names));
}

// Only what is given changes.
Reply update_template(Desk& desk, const Call& call) {
  const auto id = call.body.at("templateId").get<std::int64_t>();
  const json* before = desk.project.find(ProjectTable::kTemplates, id);
  if (before == nullptr || before->at("messageMedium") != template_medium(call.path)) {
    return unknown_template(id);
  }
  if (!knows_type(desk, call.body)) return envelope(400, "BadParams", "Invalid messageTypeId");
  json given = call.body;
  given.erase("templateId");
  json row = changed(*before, given);
  row["updatedAt"] = call.now.millis;
  if (!desk.project.put(desk.inbox, ProjectTable::kTemplates, id, std::move(row), call.now)) {
    return database_error();
  }
  return success(fmt::format("Updated template with ID: {}", id));
}

// The campaign gets a copy of the template. One without lists is triggered, and ready to send.
Reply make_campaign(Desk& desk, const Call& call) {
  const auto base = call.body.at("templateId").get<std::int64_t>();
  const json* original = desk.project.find(ProjectTable::kTemplates, base);
  if (original == nullptr) return unknown_template(base);
  if (!desk.project.has_room(ProjectTable::kCampaigns) ||
      !desk.project.has_room(ProjectTable::kTemplates)) {
    return full("campaigns");
  }
  const std::int64_t id = desk.project.next_id(ProjectTable::kCampaigns);
  const std::int64_t copy = desk.project.next_id(ProjectTable::kTemplates);
  const bool blast = call.body.contains("listIds");
  json content = *original;
  content["campaignId"] = id;
  content["createdAt"] = content["updatedAt"] = call.now.millis;
  json row{{"name", call.body.at("name")},
           {"templateId", copy},
           {"messageMedium", original->at("messageMedium")},
           {"type", blast ? "Blast" : "Triggered"},
           {"campaignState", blast ? "Scheduled" : "Running"}};
  for (const char* name : {"listIds", "suppressionListIds"}) {
    if (call.body.contains(name)) row[name] = call.body.at(name);
  }
  const auto kept =
      desk.project.put(desk.inbox, ProjectTable::kTemplates, copy, std::move(content), call.now)
          .and_then([&] {
            return desk.project.put(desk.inbox, ProjectTable::kCampaigns, id, std::move(row),
                                    call.now);
          });
  if (!kept) return database_error();
  const json body{{"campaignId", id}};
  return {.body = body.dump()};
}

Reply activate_campaign(Desk& desk, const Call& call) {
  return set_state(desk, call, "Running");
}

Reply deactivate_campaign(Desk& desk, const Call& call) {
  return set_state(desk, call, "Ready");
}

}  // namespace sojourn::sandbox
