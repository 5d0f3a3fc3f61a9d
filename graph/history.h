// What a journey reads of what has happened to a user, and so what must be kept of
// it: by type of event, how long and which fields. Follows from the graph; whatever
// runs several graphs adds their needs up.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/instant.h"
#include "graph/graph.h"

namespace sojourn::graph {

// Of one user and one type of event, the newest are kept, at most this many. A count
// can be asked for up to here.
inline constexpr std::size_t kMaxKeptEvents = 256;

// `at best time` goes by what the user opened and clicked in so long.
inline constexpr base::Millis kEngagementKept = base::days24(90);

// What looks back to an entry finds also what came before the person entered, if it happened no
// longer than this before that: events overtake one another on their way.
inline constexpr base::Millis kLookBack = base::days24(1);

struct HistoryUse {
  std::string event;
  // Some question has no bound on how far back it looks.
  bool always = false;
  // The longest window that ends now; zero: there is none.
  base::Millis within;
  // Something looks back to an entry or a step: needed while the user is enrolled. (Where it is
  // an entry, `within` is kLookBack or more.)
  bool while_enrolled = false;
  // Read whole; otherwise only `fields`, sorted.
  bool whole = false;
  std::vector<std::string> fields;

  // Takes in what another journey needs of the same event.
  void add(const HistoryUse& other);
  friend bool operator==(const HistoryUse&, const HistoryUse&) = default;
};

// One for each event that the journey looks back at, by name.
std::vector<HistoryUse> history_used_by(const Graph& graph);

// The event by which an arm of a split succeeds.
const std::string& event_of(const Graph& graph, const SplitMeasure& measure);

// Every event that can change anything for a user who is in the journey.
std::set<std::string, std::less<>> events_heard(const Graph& graph);

// The fields that are read of the event bound to local `slot`; nothing when it is
// read whole.
std::optional<std::vector<std::string>> fields_read_of_local(const Graph& graph,
                                                             std::uint32_t slot);

}  // namespace sojourn::graph
