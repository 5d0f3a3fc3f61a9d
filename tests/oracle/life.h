// One user's life as docs/language.md tells it, slowly: a second reading of the language,
// which shares no line with engine/. What runs people through journeys is held against it.
//
// It keeps everything that ever happened in one list and answers each question by
// going through it; it remembers no answers, and plans nothing ahead: what time alone
// may bring is looked for at every instant that could matter. Pure; one thread.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
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

// What becomes of a call: so long after it was made, the service answers or has failed.
struct Served {
  base::Millis after;
  std::optional<Fields> reply;  // none: it has failed
};
// The service at the other end of a webhook, asked with `data` (a JSON object) at an instant.
// Nothing: no answer comes.
using Service = std::function<std::optional<Served>(std::string_view webhook, std::string_view data,
                                                    base::Instant at)>;

// How likely somebody of whom nothing is known is to look in each hour of the day, in parts of
// 200. The language gives its shape only, so it comes from outside.
using UsualHours = std::array<std::int64_t, 24>;

struct World {
  const graph::Catalog& catalog;
  std::vector<const graph::Graph*> journeys;  // by name
  calendar::ZoneSource& zones;
  std::int64_t user = 0;  // the unit of splits that name none
  PlaceOf place_of;
  Service service;
  UsualHours usual_hours{};
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
// The same of a message's data, where what is missing is said, too, as `null`.
std::string text_of_message(const Fields& data);

// From the first input to `end`, both included. `inputs` are in order of time. Before the
// first of them the profile is `profile`.
std::vector<Told> live(const World& world, const Fields& profile, const std::vector<Input>& inputs,
                       base::Instant end);

}  // namespace sojourn::oracle
