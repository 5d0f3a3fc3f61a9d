// What the simulated daemon runs: a journey with a message, a split, a call and waits of each kind,
// one with a place in a queue and an enrollment for each order, one that events for many begin and
// end, and edits of them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "calendar/zone.h"
#include "graph/catalog.h"
#include "graph/graph.h"

namespace sojourn::sim {

struct Compiled {
  graph::Catalog catalog;
  std::vector<graph::Graph> graphs;
};

// Of the edits: 0 is the program that every run begins with. An edit may meet people inside a
// version that it lacks; then the daemon refuses it.
inline constexpr std::size_t kEdits = 4;
Compiled compile_edit(std::size_t edit, calendar::ZoneSource& zones);

// Whether the step is a split, where a person goes the same way each time.
bool is_split(std::string_view step);

// No enrollment lasts longer, whatever fails.
inline constexpr base::Millis kLongestLife = base::days24(12);

inline constexpr std::int64_t kNewsType = 41;
struct CampaignFacts {
  std::string_view name;
  std::int64_t id = 0;
  bool is_marketing = true;
  bool is_at_most_once = false;
  std::string_view sent = "emailSend";  // as Iterable tells of it
};
// Null: no journey sends it.
const CampaignFacts* find_campaign(std::int64_t id);

// Events for everybody of a team. Who never said of which they are is of the first.
inline constexpr std::array<std::string_view, 3> kTeams{"blue", "red", "green"};
inline constexpr std::string_view kAlarmEvent = "alarm";  // of a sender: an enrollment for each
inline constexpr std::string_view kAllClearEvent = "all_clear";  // the same: ends those of its team
inline constexpr std::string_view kPassedOnEvent = "passed_on";  // tracked by a journey

}  // namespace sojourn::sim
