// What a journey reads of profiles and events, and what it compares that with: the
// clues from which a synthetic population is made that goes every way now and then.
#pragma once

#include <compare>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "simulate/distribution.h"

#include "graph/graph.h"
#include "graph/value.h"

namespace sojourn::simulate {

// A field of the profile, of an event, or of a webhook's reply.
struct FieldName {
  std::string event;  // empty: of the profile; `webhook NAME`: of its reply
  std::string field;
  friend auto operator<=>(const FieldName&, const FieldName&) = default;
};

struct FieldClues {
  std::vector<graph::Value> constants;  // each once
  // Those of them on which an `exit when` may stand.
  std::vector<graph::Value> exits_on;
  std::optional<SameAs> same_as;
  // The journey leaves, or stops waiting, when it changes.
  bool stands = false;
};

struct Clues {
  std::map<FieldName, FieldClues> fields;
  // Events by the part they play; one may play several.
  std::set<std::string> entries;
  std::map<std::string, base::Millis> waits;  // with the longest time that is waited for it
  std::set<std::string> exits;
  std::set<std::string> questions;
  // What people belong to that the journey asks about.
  std::set<std::string> lists;
  std::set<std::string> message_types;
};

// FieldName::event of what a webhook replies.
std::string reply_of(std::string_view webhook);

Clues clues_of(const graph::Graph& graph);

}  // namespace sojourn::simulate
