// What the daemon runs: the catalog, and each journey's graph with the numbers
// of its steps. Immutable once made; shared by the loop and the shard threads.
#pragma once

#include <absl/container/flat_hash_map.h>
#include <absl/container/flat_hash_set.h>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "engine/enrollment_codec.h"
#include "engine/watch_plan.h"
#include "graph/catalog.h"
#include "graph/graph.h"
#include "graph/history.h"
#include "runtime/field_index.h"
#include "runtime/step_places.h"
#include "runtime/string_map.h"

namespace sojourn::store {
class Store;
}

namespace sojourn::runtime {

struct Journey {
  graph::Graph graph;
  graph::Version version;
  engine::StepNumbers numbers;
  // The names of its counters that change most, made once: by step index.
  std::vector<std::string> inside_counters;
  std::vector<std::string> reached_counters;
  // Events that can change anything for somebody inside.
  StringSet heard_events;
  // As StepPlaces.
  StringMap<std::string> places = {};

  bool hears(std::string_view event) const { return heard_events.contains(event); }
};

class Program {
 public:
  // One event enters its journeys by priority, then in the order of `journeys`: by name.
  // `indexed`: the fields by which its events `for users` find them.
  Program(std::string project, graph::Catalog catalog, std::vector<Journey> journeys,
          std::vector<IndexedField> indexed = {});
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  const std::string& project() const { return project_; }
  const graph::Catalog& catalog() const { return catalog_; }
  const std::vector<Journey>& journeys() const { return journeys_; }

  const Journey* find(const graph::Version& version) const;
  // Those with an `enter on` this event, in order.
  const std::vector<const Journey*>& entered_by(std::string_view event) const;
  // What must be kept of such an event, and how long; null: nothing looks back at it.
  const graph::HistoryUse* history_of(std::string_view event) const;
  // Does some journey ask whether somebody is in this one, or has left it?
  bool is_asked_about(std::string_view journey) const { return asked_about_.contains(journey); }
  const graph::EventType* event_by_wire_name(std::string_view wire_name) const;
  // What an entry of the journey by the API brings; null when it has none.
  const graph::EventType* api_entry(std::string_view journey) const;
  // What the user field reads as while nothing is known; missing when no fallback is declared.
  const graph::Value& fallback_of(std::string_view user_field) const;
  // The event that the user field changed; null: no journey looks out for it.
  const std::string* change_of(std::string_view user_field) const;
  const std::vector<IndexedField>& indexed_fields() const { return indexed_; }
  // The number of the field by which this finds its users.
  std::uint32_t index_of(const graph::FanOut& rule) const;
  // What its users are watched for.
  const engine::WatchPlan& watch_plan() const { return watch_plan_; }
  // Where `what` stands in the text of the journey that runs now (StepPlaces); null: not known.
  const std::string* place_of(std::string_view journey, std::string_view what) const;
  // Aborts when there is none: a verified program names only what the catalog has. What a
  // program before it has planned may name others.
  const graph::Campaign& campaign(std::string_view name) const;
  const graph::Campaign* find_campaign(std::string_view name) const;

 private:
  void find_changes(std::span<const graph::UserField> fields);

  std::string project_;
  graph::Catalog catalog_;
  std::vector<Journey> journeys_;
  std::vector<IndexedField> indexed_;
  engine::WatchPlan watch_plan_;
  StringMap<std::vector<const Journey*>> entered_by_;
  absl::flat_hash_map<std::pair<std::uint64_t, std::uint64_t>, const Journey*> by_version_;
  StringMap<const graph::EventType*> by_wire_name_;
  StringMap<const graph::EventType*> api_entries_;  // by journey
  StringMap<graph::Value> fallbacks_;               // by user field
  StringMap<std::string> changes_;                  // by user field
  StringMap<const graph::Campaign*> campaigns_;
  StringMap<graph::HistoryUse> history_;
  StringSet asked_about_;  // journeys
};

// A new store belongs to the first who starts it. Refused (kInvalid) when this one belongs to
// another project, or to another environment (empty: the one without a name), by whose ids and
// limits those who wait in it would be written to.
base::Status check_owner(const std::string& project, const std::string& environment,
                         store::Store& store);

// Registers the graphs and step numbers in the store, makes the program, and the index of
// users that its events `for users` need.
// Refused (kConflict, with the counts) while people are inside a version that
// `graphs` does not have, (kInvalid) when the store belongs to another project,
// and when a campaign that a journey sends, or a list or message type that it changes, has
// no id.
base::Result<std::shared_ptr<const Program>> apply_program(std::string project,
                                                           graph::Catalog catalog,
                                                           std::vector<graph::Graph> graphs,
                                                           store::Store& store,
                                                           const StepPlaces& places = {});

}  // namespace sojourn::runtime
