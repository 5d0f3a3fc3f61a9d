// One user's life as docs/language.md tells it, slowly: a second reading of the language,
// which shares no line with engine/. What runs people through journeys is held against it.
//
// It keeps everything that ever happened in one list and answers each question by
// going through it; it remembers no answers, and plans nothing ahead: what time alone
// may bring is looked for at every instant that could matter. Pure; one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "calendar/zone.h"
#include "graph/catalog.h"
#include "graph/engagement.h"
#include "graph/graph.h"

namespace sojourn::oracle {

using Fields = std::vector<graph::Field>;

// The place of a unit on the line of 10,000 that splits and holdouts divide. The language
// says only that it is always the same, so it comes from outside.
using PlaceOf = std::function<std::uint32_t(std::string_view journey, std::string_view name,
                                            const graph::Value& unit)>;

struct World {
  const graph::Catalog& catalog;
  std::vector<const graph::Graph*> journeys;  // by name
  calendar::ZoneSource& zones;
  std::int64_t user = 0;  // the unit of splits that name none
  PlaceOf place_of;
};

// What comes to the user from outside.
struct Input {
  enum class Kind : std::uint8_t {
    kEvent,   // `name` with `fields`, which happened at `created_at`
    kChange,  // of the profile; a missing value clears the field
    kJoined,  // the list `name`
    kLeft,
    kEngaged,  // with the last message of the campaign `name`, if there was one
    kEnter,    // the journey `name` by the API
  };
  base::Instant at;
  Kind kind = Kind::kEvent;
  std::string name;
  Fields fields;
  base::Instant created_at;
  graph::Engagement engagement = graph::Engagement::kOpened;
};

// What happened to them: `send tour {"plan":"pro"}`, `exit completed`.
struct Told {
  base::Instant at;
  std::string journey;
  std::string what;
  friend bool operator==(const Told&, const Told&) = default;
};
std::string to_string(const Told& told);
// Fields as an object, those that are missing left out.
std::string text_of(const Fields& fields);

// From the first input to `end`, both included. `inputs` are in order of time. Before the
// first of them the profile is `profile`.
std::vector<Told> live(const World& world, const Fields& profile, const std::vector<Input>& inputs,
                       base::Instant end);

}  // namespace sojourn::oracle
