// The declared world of a program: what all files together say exists. Built once
// per compile() by check_declarations, then only read. It points into the parsed
// files and lives no longer than they do.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "dsl/ast.h"
#include "graph/catalog.h"

namespace sojourn::calendar {
class ZoneSource;
}

namespace sojourn::dsl {

// A declaration of one kind: where its name stands, so that a second one of that
// name, or a misuse, can point at it.
using Places = std::map<std::string, Span, std::less<>>;

// The place of a name; nothing when it has none.
inline std::optional<Span> place_of(const Places& places, std::string_view name) {
  const auto found = places.find(name);
  return found == places.end() ? std::nullopt : std::optional(found->second);
}

// The days of `workday`.
struct Workdays {
  std::uint8_t weekdays = 0b001'1111;  // bit 0 is Monday
  std::vector<graph::Date> except;     // sorted, none twice
};

struct PolicyFacts {
  const ast::Expr* timezone = nullptr;  // the chain; null when no line gives one
  Workdays workdays;
  std::vector<ast::Name> require;
  std::map<std::string, const ast::ForbidLine*, std::less<>> forbidden;  // by message type
};

// A parameter stands for a campaign, or for a value that is written out where the
// fragment is used.
struct FragmentParameter {
  ast::Name name;
  bool is_campaign = false;
  graph::Type type;  // of a value
};

struct Fragment {
  const ast::Fragment* node = nullptr;
  std::vector<FragmentParameter> parameters;
  bool known = true;  // false: a parameter is wrong, and reported
};

struct World {
  graph::Catalog catalog;

  Places user_fields;
  Places events;
  Places message_types;
  Places campaigns;
  Places lists;
  Places webhooks;
  Places journeys;
  // Fields of events, of campaigns' data and of entries by the API, as `event.e.f`,
  // `campaign.c.f` and `journey.j.f`.
  Places fields;

  // By user field: the event that it `changed`.
  std::map<std::string, graph::EventType, std::less<>> changes;
  std::map<std::string, Fragment, std::less<>> fragments;
  std::map<std::string, const ast::Segment*, std::less<>> segments;
  // Segments with a reported error: every use of them is silent.
  std::set<std::string, std::less<>> broken_segments;
  std::map<std::string, const ast::Constant*, std::less<>> constants;
  // Constants with a reported error: every use of them is silent.
  std::set<std::string, std::less<>> broken_constants;
  std::map<std::string, const ast::StringText*, std::less<>> deprecated;  // type -> why
  PolicyFacts policy;

  // Fields whose declared type could not be read, as `user.f`, `event.e.f`,
  // `campaign.c.f`, `journey.j.f`. What reads them is silent.
  std::set<std::string, std::less<>> untyped;
  bool is_untyped(std::string_view owner, std::string_view name, std::string_view field = {}) const;

  // Declared, or one of Iterable's own.
  const graph::UserField* find_user_field(std::string_view name) const;
  std::vector<std::string_view> user_field_names() const;
  static bool is_written_by_iterable(std::string_view field);
};

// The names of a kind, for `did you mean`.
template <typename Map>
std::vector<std::string_view> names_of(const Map& map) {
  std::vector<std::string_view> names;
  for (const auto& [name, value] : map) names.emplace_back(name);
  return names;
}

}  // namespace sojourn::dsl
