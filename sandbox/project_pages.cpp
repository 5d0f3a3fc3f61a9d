// What a project has, as Iterable's read endpoints list it.
#include <algorithm>
#include <fmt/core.h>

#include "sandbox/answers.h"
#include "sandbox/calls.h"
#include "sandbox/query.h"

namespace sojourn::sandbox {
namespace {

using nlohmann::json;

std::vector<json> rows_of(const Desk& desk, ProjectTable table) {
  std::vector<json> out;
  for (const auto& [id, row] : desk.project.rows(table)) out.push_back(row);
  return out;
}

// A list without pages.
Reply whole(const Desk& desk, ProjectTable table, const char* member) {
  const json body{{member, rows_of(desk, table)}};
  return {.body = body.dump()};
}

// What `GET /api/templates` shows of a template: not its content.
json listed(const json& row) {
  json out = row;
  out.erase("content");
  out.erase("messageMedium");
  return out;
}

// The values of a member that may come more than once; nothing when the query cannot be read.
std::optional<std::vector<std::string>> values_of(std::string_view query, std::string_view name) {
  const auto members = members_of(query);
  if (!members) return std::nullopt;
  std::vector<std::string> out;
  for (const QueryMember& member : *members) {
    if (member.name == name) out.push_back(member.value);
  }
  return out;
}

bool one_of(const std::vector<std::string>& values, const json& value) {
  return std::ranges::any_of(values, [&](const std::string& one) { return value == one; });
}

}  // namespace

Reply campaigns_page(Desk& desk, const Call& call) {
  const auto states = values_of(call.query, "campaignState");
  if (!states) return bad_member("campaignState");
  std::vector<json> rows = rows_of(desk, ProjectTable::kCampaigns);
  if (!states->empty()) {
    std::erase_if(rows, [&](const json& row) { return !one_of(*states, row["campaignState"]); });
  }
  return paged({call.path, "campaigns", "totalCampaignsCount"}, call.query, std::move(rows));
}

Reply campaign_page(Desk& desk, const Call& call) {
  const auto id = whole_number(call.names.at(0));
  if (!id) return bad_member("id");
  const json* row = desk.project.find(ProjectTable::kCampaigns, *id);
  if (row == nullptr) {
    return envelope(404, "NotFound", fmt::format("Campaign {} does not exist", *id));
  }
  return {.body = row->dump()};
}

// Not served; it must not pass for a campaign either.
Reply campaign_metrics(Desk&, const Call&) {
  return not_found();
}

// A template belongs to a campaign, or is a base for others: `Workflow` and `Blast` ones are none
// of ours.
Reply templates_page(Desk& desk, const Call& call) {
  const auto media = values_of(call.query, "messageMedium");
  const auto types = values_of(call.query, "templateType");
  if (!media || !types) return bad_member("messageMedium");
  std::vector<json> rows;
  for (const auto& [id, row] : desk.project.rows(ProjectTable::kTemplates)) {
    const json type = row.contains("campaignId") ? "Triggered" : "Base";
    if (!media->empty() && !one_of(*media, row["messageMedium"])) continue;
    if (!types->empty() && !one_of(*types, type)) continue;
    rows.push_back(listed(row));
  }
  return paged({call.path, "templates", "totalTemplatesCount"}, call.query, std::move(rows));
}

Reply template_page(Desk& desk, const Call& call) {
  const auto ids = values_of(call.query, "templateId");
  const auto id = ids && ids->size() == 1 ? whole_number(ids->front()) : std::nullopt;
  if (!id) return bad_member("templateId");
  const json* row = desk.project.find(ProjectTable::kTemplates, *id);
  if (row == nullptr || row->at("messageMedium") != template_medium(call.path)) {
    return unknown_template(*id);
  }
  // Email has the facts of the template below `metadata`, the other media beside the content.
  json out = row->at("content");
  const json facts = listed(*row);
  for (const char* name : {"templateId", "name", "messageTypeId", "clientTemplateId"}) {
    if (facts.contains(name)) out[name] = facts[name];
  }
  if (template_medium(call.path) == "Email") {
    out["metadata"] = facts;
  } else {
    out.update(facts);
  }
  return {.body = out.dump()};
}

Reply templates_by_client_id(Desk& desk, const Call& call) {
  const auto names = values_of(call.query, "clientTemplateId");
  if (!names || names->size() != 1) return bad_member("clientTemplateId");
  json list = json::array();
  for (const auto& [id, row] : desk.project.rows(ProjectTable::kTemplates)) {
    if (row.value("clientTemplateId", "") != names->front()) continue;
    json& one = list.emplace_back(json{{"templateId", id}, {"locales", json::array()}});
    if (row.contains("campaignId")) one["campaignId"] = row["campaignId"];
  }
  const json body{{"templates", std::move(list)}};
  return {.body = body.dump()};
}

Reply channels_page(Desk& desk, const Call&) {
  return whole(desk, ProjectTable::kChannels, "channels");
}

Reply message_types_page(Desk& desk, const Call&) {
  return whole(desk, ProjectTable::kMessageTypes, "messageTypes");
}

Reply lists_page(Desk& desk, const Call&) {
  return whole(desk, ProjectTable::kLists, "lists");
}

Reply journeys_page(Desk& desk, const Call& call) {
  const auto states = values_of(call.query, "state");
  if (!states) return bad_member("state");
  const bool archived = std::ranges::find(*states, "Archived") != states->end();
  std::vector<json> rows = rows_of(desk, ProjectTable::kJourneys);
  std::erase_if(rows, [&](const json& row) { return row.value("isArchived", false) != archived; });
  return paged({call.path, "journeys", "totalJourneysCount", 10, 50}, call.query, std::move(rows));
}

}  // namespace sojourn::sandbox
