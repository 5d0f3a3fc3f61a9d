// The queues of journeys with `pace`: the places that were given last. One row for each
// such journey, of a user that nobody is; loaded when the journey is first asked about and
// kept from then on. Owned by the shard, on its thread.
//
// A store belongs to one shard, so its users are all the users there are.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/instant.h"
#include "base/result.h"
#include "engine/facts.h"
#include "engine/pace.h"
#include "runtime/shard_gauges.h"
#include "runtime/store/store.h"

namespace sojourn::runtime {

class OperationBook;

class PaceBook {
 public:
  // kFatal when a row cannot be read.
  base::Status load(store::Store& store);

  // The place of one who comes at `now`, if there is one in time; not given yet. `clock`: the
  // journey's.
  std::optional<base::Instant> next(const graph::Graph& graph, base::Instant now,
                                    const engine::FrozenClock& clock) const;
  void take(const graph::Graph& graph, base::Instant place, const engine::FrozenClock& clock);
  // Names belong to the book.
  void report(base::Instant now, const OperationBook& operations,
              std::vector<PaceReport>& into) const;
  // Adds what changed to the commit.
  void write_to(store::Commit& commit);

 private:
  struct Queue {
    engine::Places given;  // by the journey's clock: without the time that it has stood
    bool changed = false;
  };
  std::map<std::string, Queue, std::less<>> queues_;  // by journey
};

// Format: u8 version (1), string journey, varint count, then the places as signed varint
// milliseconds after the one before (the first after 1970).
std::string encode_places(std::string_view journey, const engine::Places& places);
base::Result<std::pair<std::string, engine::Places>> decode_places(std::string_view bytes);

}  // namespace sojourn::runtime
