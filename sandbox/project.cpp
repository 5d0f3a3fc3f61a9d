#include "sandbox/project.h"

#include <array>
#include <fmt/core.h>

#include "base/check.h"
#include "sandbox/field_types.h"
#include "sandbox/inbox.h"
#include "sandbox/small_project.h"

namespace sojourn::sandbox {
namespace {

using nlohmann::json;

// When the declared things were made, unless the file says: 2025-01-01T00:00:00Z.
constexpr std::int64_t kMadeAt = 1'735'689'600'000;

struct Reference {
  const char* member = nullptr;
  ProjectTable table = ProjectTable::kCampaigns;
};

// One table of the file: its word, the member with the id, the members that are texts and must be
// there, what is added where it is missing, and the row of another table that it names.
struct TableFacts {
  const char* word;
  const char* id;
  std::array<const char*, 3> texts;
  const char* defaults;
  Reference reference;
  bool must_refer;
};

// By ProjectTable; the words are stored.
constexpr auto kTables = std::to_array<TableFacts>({
    {"campaigns",
     "id",
     {"name", "messageMedium", nullptr},
     R"({"type":"Triggered","campaignState":"Running","createdByUserId":"team@example.com"})",
     {"templateId", ProjectTable::kTemplates},
     false},
    {"templates",
     "templateId",
     {"name", "messageMedium", nullptr},
     R"({"creatorUserId":"team@example.com","content":{}})",
     {"messageTypeId", ProjectTable::kMessageTypes},
     true},
    {"channels", "id", {"name", "channelType", "messageMedium"}, "{}", {}, false},
    {"messageTypes",
     "id",
     {"name", "subscriptionPolicy", nullptr},
     "{}",
     {"channelId", ProjectTable::kChannels},
     true},
    {"lists", "id", {"name", nullptr, nullptr}, R"({"listType":"Standard"})", {}, false},
    {"journeys",
     "id",
     {"name", nullptr, nullptr},
     R"({"description":"","enabled":true,"isArchived":false,"journeyType":"Published",)"
     R"("creatorUserId":"team@example.com","triggerEventNames":[]})",
     {},
     false},
});

const TableFacts& facts_of(ProjectTable table) {
  return kTables.at(static_cast<std::size_t>(table));
}

// Channels have no times.
bool is_dated(ProjectTable table) {
  return table != ProjectTable::kChannels;
}

void complete(ProjectTable table, json& row, std::int64_t made_at) {
  const TableFacts& facts = facts_of(table);
  const json defaults = json::parse(facts.defaults);
  for (const auto& [name, value] : defaults.items()) {
    if (!row.contains(name)) row[name] = value;
  }
  if (!is_dated(table)) return;
  if (!row.contains("createdAt")) row["createdAt"] = made_at;
  if (table != ProjectTable::kLists && !row.contains("updatedAt"))
    row["updatedAt"] = row["createdAt"];
}

tl::unexpected<base::Error> invalid(std::string message, std::string hint = {}) {
  return base::failure(base::Error::Kind::kInvalid, std::move(message), std::move(hint));
}

// What is wrong with a row; empty: nothing.
std::string fault_of_row(const TableFacts& facts, const json& row) {
  if (!row.is_object()) return "is not an object";
  if (!row.contains(facts.id) || !row[facts.id].is_number_integer()) {
    return fmt::format("has no whole number `{}`", facts.id);
  }
  for (const char* name : facts.texts) {
    if (name != nullptr && (!row.contains(name) || !row[name].is_string())) {
      return fmt::format("has no text `{}`", name);
    }
  }
  const char* refers = facts.reference.member;
  if (refers != nullptr &&
      (row.contains(refers) ? !row[refers].is_number_integer() : facts.must_refer)) {
    return fmt::format("has no whole number `{}`", refers);
  }
  if (row.contains("content") && !row["content"].is_object())
    return "has a `content` that is no object";
  if (row.contains("labels") && !row["labels"].is_array()) return "has `labels` that are no list";
  return {};
}

}  // namespace

base::Result<Project> Project::parse(std::string_view text, std::string_view where) {
  const json file = json::parse(text, nullptr, false);
  if (!file.is_object()) {
    return invalid(fmt::format("project `{}`: it is not a JSON object", where),
                   "docs/sandbox.md shows one");
  }
  Project project;
  auto read = project.read(file);
  if (read) read = project.check_references();
  if (!read)
    return invalid(fmt::format("project `{}`: {}", where, read.error().message), read.error().hint);
  return project;
}

Project Project::small() {
  auto project = parse(kSmallProject, "small");
  SOJOURN_CHECK(project.has_value(), "the small project is well formed");
  return std::move(*project);
}

base::Status Project::read(const json& file) {
  for (const auto& [name, value] : file.items()) {
    bool known = name == "projectId" || name == "type" || name == "open" || name == "userFields" ||
                 name == "catalogs";
    for (const TableFacts& facts : kTables) known = known || name == facts.word;
    if (!known) return invalid(fmt::format("nothing is called `{}`", name));
  }
  if (file.contains("projectId") && !file["projectId"].is_number_integer()) {
    return invalid("`projectId` is not a whole number");
  }
  if (file.contains("open") && !file["open"].is_boolean())
    return invalid("`open` is true or false");
  id_ = file.value("projectId", std::int64_t{1});
  open_ = file.value("open", false);
  const json type = file.value("type", json("email"));
  if (type != "email" && type != "userId" && type != "hybrid") {
    return invalid("`type` is not one of email, userId and hybrid");
  }
  type_ = type == "email"    ? ProjectType::kEmail
          : type == "userId" ? ProjectType::kUserId
                             : ProjectType::kHybrid;
  const json fields = file.value("userFields", json::object());
  if (!fields.is_object()) return invalid("`userFields` is not an object");
  for (const auto& [name, value] : fields.items()) {
    if (!value.is_string() || !field_type_of(value.get<std::string>())) {
      return invalid(fmt::format("the type of `userFields.{}` is none of Iterable's", name),
                     "write string, date, long, double, boolean, object or geo_location");
    }
    user_fields_[name] = value.get<std::string>();
  }
  const json catalogs = file.value("catalogs", json::object());
  if (!catalogs.is_object()) return invalid("`catalogs` is not an object");
  for (const auto& [name, items] : catalogs.items()) {
    if (!items.is_object()) return invalid(fmt::format("`catalogs.{}` is not an object", name));
    for (const auto& [item, value] : items.items()) {
      if (!value.is_object()) {
        return invalid(fmt::format("`catalogs.{}.{}` is not an object", name, item));
      }
    }
    catalogs_[name] = items;
  }
  for (std::size_t i = 0; i < kTables.size(); ++i) {
    if (auto read = read_table(file, i); !read) return read;
  }
  return {};
}

base::Status Project::read_table(const json& file, std::size_t table) {
  const TableFacts& facts = kTables.at(table);
  const json list = file.value(facts.word, json::array());
  if (!list.is_array() || list.size() > kMaxRows) {
    return invalid(fmt::format("`{}` is not a list of at most {}", facts.word, kMaxRows));
  }
  Rows& rows = tables_[static_cast<ProjectTable>(table)];
  for (std::size_t i = 0; i < list.size(); ++i) {
    json row = list[i];
    const std::string fault = fault_of_row(facts, row);
    if (!fault.empty()) return invalid(fmt::format("`{}[{}]` {}", facts.word, i, fault));
    complete(static_cast<ProjectTable>(table), row, kMadeAt);
    const auto id = row[facts.id].get<std::int64_t>();
    if (!rows.try_emplace(id, std::move(row)).second) {
      return invalid(fmt::format("`{}` has {} twice", facts.word, id));
    }
  }
  return {};
}

base::Status Project::check_references() const {
  for (const auto& [table, rows] : tables_) {
    const TableFacts& facts = facts_of(table);
    const char* member = facts.reference.member;
    if (member == nullptr) continue;
    for (const auto& [id, row] : rows) {
      if (!row.contains(member)) continue;
      const auto named = row[member].get<std::int64_t>();
      if (find(facts.reference.table, named) == nullptr) {
        return invalid(fmt::format("`{}` {} names {} {}, which is not in `{}`", facts.word, id,
                                   member, named, facts_of(facts.reference.table).word));
      }
    }
  }
  return {};
}

base::Status Project::load(Inbox& inbox) {
  return inbox.each(RecordKind::kProjectRow, [this](const store::LoggedRecord& logged) {
    for (std::size_t i = 0; i < kTables.size(); ++i) {
      if (logged.record.topic != kTables.at(i).word) continue;
      Rows& rows = tables_[static_cast<ProjectTable>(i)];
      const std::int64_t id = std::stoll(logged.record.subject);
      if (logged.record.body.empty()) {
        rows.erase(id);
      } else {
        rows[id] = json::parse(logged.record.body);
      }
    }
  });
}

const Project::Rows& Project::rows(ProjectTable table) const {
  return tables_.at(table);
}

const json* Project::find(ProjectTable table, std::int64_t id) const {
  const Rows& all = rows(table);
  const auto found = all.find(id);
  return found == all.end() ? nullptr : &found->second;
}

std::int64_t Project::next_id(ProjectTable table) const {
  const Rows& all = rows(table);
  return all.empty() ? 1 : all.rbegin()->first + 1;
}

base::Status Project::put(Inbox& inbox, ProjectTable table, std::int64_t id, json row,
                          base::Instant now) {
  row[facts_of(table).id] = id;
  complete(table, row, now.millis);
  const auto kept = inbox.keep(RecordKind::kProjectRow, {.topic = facts_of(table).word,
                                                         .key = {},
                                                         .subject = std::to_string(id),
                                                         .time = now,
                                                         .body = row.dump()});
  if (!kept) return tl::unexpected(kept.error());
  tables_[table][id] = std::move(row);
  return {};
}

base::Status Project::remove(Inbox& inbox, ProjectTable table, std::int64_t id, base::Instant now) {
  const auto kept = inbox.keep(RecordKind::kProjectRow, {.topic = facts_of(table).word,
                                                         .key = {},
                                                         .subject = std::to_string(id),
                                                         .time = now,
                                                         .body = {}});
  if (!kept) return tl::unexpected(kept.error());
  tables_[table].erase(id);
  return {};
}

std::optional<CampaignFacts> campaign_facts(const Project& project, std::int64_t id) {
  const json* campaign = project.find(ProjectTable::kCampaigns, id);
  CampaignFacts facts;
  facts.id = facts.template_id = id;
  if (campaign == nullptr) {
    if (!project.open()) return std::nullopt;
    facts.name = facts.template_name = fmt::format("Campaign {}", id);
    return facts;
  }
  if (campaign->value("type", "") != "Triggered") return std::nullopt;
  facts.name = campaign->value("name", "");
  facts.running = campaign->value("campaignState", "") == "Running";
  facts.labels = campaign->value("labels", json::array());
  if (!campaign->contains("templateId")) return facts;
  facts.template_id = campaign->at("templateId").get<std::int64_t>();
  const json* content = project.find(ProjectTable::kTemplates, facts.template_id);
  if (content == nullptr) return facts;
  facts.template_name = content->value("name", "");
  facts.message_type = content->at("messageTypeId").get<std::int64_t>();
  const json* type = project.find(ProjectTable::kMessageTypes, *facts.message_type);
  if (type == nullptr) return facts;
  facts.opt_in = type->value("subscriptionPolicy", "") == "OptIn";
  facts.channel = type->at("channelId").get<std::int64_t>();
  const json* channel = project.find(ProjectTable::kChannels, *facts.channel);
  facts.transactional = channel != nullptr && channel->value("channelType", "") == "Transactional";
  return facts;
}

}  // namespace sojourn::sandbox
