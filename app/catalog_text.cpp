#include "app/catalog_text.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>

#include "dsl/display_text.h"
#include "dsl/format.h"
#include "dsl/parse.h"
#include "dsl/token.h"
#include "graph/built_in.h"
#include "graph/catalog.h"

namespace sojourn::app {
namespace {

constexpr std::size_t kMaxName = 60;  // characters of a name that is made

constexpr std::string_view kHead =
    "# What the Iterable project has, as `sojourn pull` found it. Unless it is edited, the next "
    "pull\n"
    "# writes this file anew. To say more of something, as the data of a template or the fields "
    "of\n"
    "# an event, move its declaration to a file of yours: it is then left out here.\n";

// Fields of a profile that Iterable keeps for itself (help centre, "User Profile Fields Used by
// Iterable"), and one that is computed here.
constexpr auto kKeptFields = std::to_array<std::string_view>(
    {"affinity", "browserTokens", "devices", "itblDS", "itblInternal", "itblUserId",
     "profileUpdatedAt", "shoppingCartItems"});

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}

// "Trial: Day 1" is `trial_day_1`. What is no ASCII letter or digit parts words.
std::string plain_name(std::string_view theirs, std::string_view kind, std::string_view id) {
  std::string name;
  for (char c : theirs) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (is_lower(c) || is_digit(c)) {
      name += c;
    } else if (!name.empty() && name.back() != '_') {
      name += '_';
    }
  }
  if (name.size() > kMaxName) name.resize(kMaxName);
  while (!name.empty() && name.back() == '_') name.pop_back();
  if (name.empty()) name = id;
  if (!is_lower(name.front())) name = fmt::format("{}_{}", kind, name);
  // A word of the language may be a name, but reads badly.
  if (dsl::is_keyword(dsl::keyword_kind(name))) name = fmt::format("{}_{}", name, kind);
  return name;
}

// The names of one kind, given so that none is given twice.
class Names {
 public:
  Names(std::string_view kind, const std::set<std::string>& taken) : kind_(kind), taken_(taken) {}

  void keep(const std::string& name) { taken_.insert(name); }
  std::string give(std::string_view theirs, std::string_view id) {
    std::string name = plain_name(theirs, kind_, id);
    if (taken_.contains(name)) name = fmt::format("{}_{}", name, id);
    while (!taken_.insert(name).second) name += "_too";
    return name;
  }

 private:
  std::string_view kind_;
  std::set<std::string> taken_;
};

// The names by id of what is to be declared: as before where there was one.
template <typename Item>
std::map<std::int64_t, std::string> names_of(const std::vector<Item>& items, std::string_view kind,
                                             const DeclaredKind& elsewhere,
                                             const DeclaredKind& before) {
  std::map<std::int64_t, std::string> names = elsewhere.by_id;
  Names given(kind, elsewhere.names);
  for (const Item& item : items) {
    const auto found = before.by_id.find(item.id);
    if (names.contains(item.id) || found == before.by_id.end()) continue;
    if (elsewhere.names.contains(found->second)) continue;
    names.emplace(item.id, found->second);
    given.keep(found->second);
  }
  for (const Item& item : items) {
    if (!names.contains(item.id)) {
      names.emplace(item.id, given.give(item.name, std::to_string(item.id)));
    }
  }
  return names;
}

// As a comment at the end of a line.
std::string remark(std::string_view theirs) {
  return theirs.empty() ? "" : fmt::format("  # {}", dsl::printable(theirs));
}

// A text in quotes; nothing when it cannot be written so.
std::optional<std::string> quoted(std::string_view text) {
  const bool plain = std::ranges::none_of(text, [](char c) {
    return c == '"' || c == '\\' || c == '$' || static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
  });
  if (!plain || text.empty()) return std::nullopt;
  return fmt::format("\"{}\"", text);
}

std::string_view type_of_field(std::string_view theirs) {
  if (theirs == "string") return "string";
  if (theirs == "long") return "integer";
  if (theirs == "double") return "number";
  if (theirs == "boolean") return "boolean";
  if (theirs == "date") return "timestamp";
  return "any";
}

std::optional<std::string> field_name(std::string_view theirs) {
  const bool bare = !theirs.empty() && !is_digit(theirs.front()) && theirs.front() != '_' &&
                    std::ranges::all_of(theirs, [](char c) {
                      return is_lower(c) || is_digit(c) || (c >= 'A' && c <= 'Z') || c == '_';
                    });
  if (bare && !dsl::is_keyword(dsl::keyword_kind(theirs))) return std::string(theirs);
  return quoted(theirs);
}

bool is_kept(std::string_view field) {
  return std::ranges::find(kKeptFields, field) != kKeptFields.end() ||
         std::ranges::any_of(graph::built_in_user_fields(),
                             [&](const auto& known) { return known.name == field; });
}

class Writer {
 public:
  Writer(const dsl::IdsLock& lock, const Declared& elsewhere, const Declared& before)
      : lock_(lock), elsewhere_(elsewhere), before_(before) {}

  CatalogText write() {
    out_.text = kHead;
    user_fields();
    events();
    message_types();
    campaigns();
    lists();
    return std::move(out_);
  }

 private:
  void line(const std::string& text) { out_.text += text + "\n"; }

  void user_fields() {
    // A field with a point in its name is part of another.
    std::map<std::string, std::string_view, std::less<>> types;
    for (const dsl::LockedUserField& field : lock_.user_fields) {
      const std::size_t point = field.name.find('.');
      if (point == std::string::npos) {
        types.insert_or_assign(field.name, type_of_field(field.type));
      } else {
        types.emplace(field.name.substr(0, point), "any");
      }
    }
    std::string lines;
    for (const auto& [name, type] : types) {
      if (is_kept(name) || elsewhere_.user_fields.contains(name)) continue;
      const auto written = field_name(name);
      if (written) lines += fmt::format("  {} {}\n", *written, type);
      if (!written) out_.left_out.push_back(fmt::format("a user field: its name `{}`", name));
    }
    if (lines.empty()) return;
    line(
        "\n# Profile fields. Iterable does not tell a list from its elements: write `[integer]` "
        "where a");
    line("# field is a list.\nuser {\n" + lines + "}");
  }

  void events() {
    Names names("event", elsewhere_.events);
    for (const std::string& event : lock_.events) {
      const auto found = before_.event_names.find(event);
      if (found != before_.event_names.end()) names.keep(found->second);
    }
    std::string lines;
    for (const std::string& event : lock_.events) {
      if (elsewhere_.event_names.contains(event)) continue;
      const auto wire = quoted(event);
      if (!wire) {
        out_.left_out.push_back(fmt::format("an event: its name `{}`", dsl::printable(event)));
        continue;
      }
      const auto found = before_.event_names.find(event);
      const std::string name =
          found != before_.event_names.end() ? found->second : names.give(event, "of_iterable");
      lines += name == event ? fmt::format("event {}\n", name)
                             : fmt::format("event {} = {}\n", name, *wire);
    }
    if (!lines.empty()) line("\n# Events that start a journey in Iterable.\n" + lines);
  }

  void message_types() {
    type_names_ =
        names_of(lock_.message_types, "type", elsewhere_.message_types, before_.message_types);
    line("");
    for (const dsl::LockedMessageType& type : lock_.message_types) {
      if (elsewhere_.message_types.by_id.contains(type.id)) continue;
      const dsl::LockedChannel* channel = lock_.find_channel(type.channel);
      // What is not known is taken as what lets fewer messages out.
      const bool transactional = channel != nullptr && channel->kind == "transactional";
      const bool known = type.consent == "opt_out" || type.consent == "double_opt_in";
      line(fmt::format("message_type {} = {} {} {} channel {}{}", type_names_.at(type.id), type.id,
                       transactional ? "transactional" : "marketing",
                       known ? type.consent : "opt_in", type.channel, remark(type.name)));
    }
  }

  void campaigns() {
    line("");
    const auto names =
        names_of(lock_.campaigns, "campaign", elsewhere_.campaigns, before_.campaigns);
    std::size_t idle = 0;
    for (const dsl::LockedCampaign& campaign : lock_.campaigns) {
      if (elsewhere_.campaigns.by_id.contains(campaign.id)) continue;
      if (!dsl::can_be_triggered(campaign)) {
        ++idle;
        continue;
      }
      const bool has_medium = std::ranges::any_of(graph::kMedia, [&](graph::Medium medium) {
        return graph::to_string(medium) == campaign.medium;
      });
      const auto type =
          campaign.message_type ? type_names_.find(*campaign.message_type) : type_names_.end();
      if (!has_medium || type == type_names_.end()) {
        out_.left_out.push_back(fmt::format(
            "campaign {}: {}", campaign.id,
            has_medium ? "its message type is not known"
                       : fmt::format("nothing is sent to one person by `{}`", campaign.medium)));
        continue;
      }
      line(fmt::format("campaign {} = {} {} {}{}", names.at(campaign.id), campaign.id,
                       campaign.medium, type->second, remark(campaign.name)));
    }
    if (idle > 0) {
      out_.left_out.push_back(
          fmt::format("{} campaign{} that cannot be triggered now", idle, idle == 1 ? "" : "s"));
    }
  }

  void lists() {
    line("");
    const auto names = names_of(lock_.lists, "list", elsewhere_.lists, before_.lists);
    for (const dsl::LockedList& list : lock_.lists) {
      if (list.type != "standard" || elsewhere_.lists.by_id.contains(list.id)) continue;
      line(fmt::format("list {} = {}{}", names.at(list.id), list.id, remark(list.name)));
    }
  }

  const dsl::IdsLock& lock_;
  const Declared& elsewhere_;
  const Declared& before_;
  std::map<std::int64_t, std::string> type_names_;
  CatalogText out_;
};

void note(DeclaredKind& kind, const dsl::ast::Name& name,
          const std::optional<dsl::ast::ExternalId>& id) {
  kind.names.insert(name.text);
  if (id) kind.by_id.emplace(id->value, name.text);
}

void note(Declared& declared, const dsl::ast::DeclarationNode& node) {
  if (const auto* user = std::get_if<dsl::ast::UserFields>(&node)) {
    for (const dsl::ast::Field& field : user->fields) declared.user_fields.insert(field.name.text);
  } else if (const auto* event = std::get_if<dsl::ast::Event>(&node)) {
    declared.events.insert(event->name.text);
    declared.event_names.emplace(event->wire_name ? event->wire_name->text : event->name.text,
                                 event->name.text);
  } else if (const auto* type = std::get_if<dsl::ast::MessageType>(&node)) {
    note(declared.message_types, type->name, type->id);
  } else if (const auto* campaign = std::get_if<dsl::ast::Campaign>(&node)) {
    note(declared.campaigns, campaign->name, campaign->id);
  } else if (const auto* list = std::get_if<dsl::ast::List>(&node)) {
    note(declared.lists, list->name, list->id);
  }
}

}  // namespace

Declared declared_in(std::span<const dsl::SourceText> sources) {
  Declared declared;
  for (const dsl::SourceText& source : sources) {
    const dsl::ParsedFile file = dsl::parse(source.text, 0);
    for (const dsl::ast::Declaration& declaration : file.ast.declarations) {
      note(declared, declaration.node);
    }
  }
  return declared;
}

base::Result<CatalogText> catalog_text(const dsl::IdsLock& lock, const Declared& elsewhere,
                                       const Declared& before) {
  CatalogText written = Writer(lock, elsewhere, before).write();
  dsl::Formatted formatted = dsl::format(written.text, 0);
  if (!formatted.diagnostics.empty()) {
    return base::failure(base::Error::Kind::kInvalid,
                         fmt::format("what Iterable has cannot be written as a catalog: {}",
                                     formatted.diagnostics.front().message),
                         "declare it by hand; ids.lock has the ids");
  }
  written.text = std::move(formatted.text);
  return written;
}

}  // namespace sojourn::app
