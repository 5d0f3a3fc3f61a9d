// The project that the sandbox plays: what a team has set up in Iterable before anybody is
// written to. Declared in a JSON file of Iterable's own shapes (docs/sandbox.md), changed by the
// calls that change projects; those changes are kept in the inbox. One thread.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/instant.h"
#include "base/result.h"

namespace sojourn::sandbox {

class Inbox;

// How users are told apart; decides which names of a user a call may give.
enum class ProjectType : std::uint8_t { kEmail, kUserId, kHybrid };

// Stored as words, see project.cpp.
enum class ProjectTable : std::uint8_t {
  kCampaigns,
  kTemplates,
  kChannels,
  kMessageTypes,
  kLists,
  kJourneys,
};

class Project {
 public:
  // By id; a row is an object as Iterable shows it, with a template's `messageMedium` and
  // `content` besides.
  using Rows = std::map<std::int64_t, nlohmann::json>;
  static constexpr std::size_t kMaxRows = 100'000;  // of one table

  // `where` names the text in errors, as a file's name.
  static base::Result<Project> parse(std::string_view text, std::string_view where);
  // A small one that is open.
  static Project small();

  // Adds what an earlier run changed.
  base::Status load(Inbox& inbox);

  std::int64_t id() const { return id_; }
  ProjectType type() const { return type_; }
  // An open project has whatever a call names: campaigns, lists, message types, users.
  bool open() const { return open_; }
  // Types by name, in Iterable's words.
  const std::map<std::string, std::string>& user_fields() const { return user_fields_; }
  // Items by catalog; objects of {item id: value}.
  const std::map<std::string, nlohmann::json>& catalogs() const { return catalogs_; }

  const Rows& rows(ProjectTable table) const;
  const nlohmann::json* find(ProjectTable table, std::int64_t id) const;
  // One above the highest.
  std::int64_t next_id(ProjectTable table) const;
  // False when the table is full.
  bool has_room(ProjectTable table) const { return rows(table).size() < kMaxRows; }

  // Adds or replaces a row, with the members that every row of its table has; kept in the inbox.
  base::Status put(Inbox& inbox, ProjectTable table, std::int64_t id, nlohmann::json row,
                   base::Instant now);
  base::Status remove(Inbox& inbox, ProjectTable table, std::int64_t id, base::Instant now);

 private:
  Project() = default;
  base::Status read(const nlohmann::json& file);
  base::Status read_table(const nlohmann::json& file, std::size_t table);
  base::Status check_references() const;

  std::int64_t id_ = 1;
  ProjectType type_ = ProjectType::kEmail;
  bool open_ = false;
  std::map<std::string, std::string> user_fields_;
  std::map<std::string, nlohmann::json> catalogs_;
  std::map<ProjectTable, Rows> tables_;
};

// What a campaign is to the messages of it; of an undeclared campaign in an open project, little.
struct CampaignFacts {
  std::int64_t id = 0;
  std::string name;
  std::int64_t template_id = 0;  // an undeclared campaign stands for its own template
  std::string template_name;
  std::optional<std::int64_t> message_type;
  std::optional<std::int64_t> channel;
  bool opt_in = false;         // its message type is only for those who asked for it
  bool transactional = false;  // its channel is
  bool running = true;
  nlohmann::json labels = nlohmann::json::array();
};
// Nothing for a campaign that the project does not have, or that is not a triggered one.
std::optional<CampaignFacts> campaign_facts(const Project& project, std::int64_t id);

}  // namespace sojourn::sandbox
