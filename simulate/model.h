// How the people of a simulation behave: when they enter, what their profiles hold,
// which events come after that. Derived from a journey (derive_model.h), and changed
// by a file (docs/simulate.md). A value.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "simulate/distribution.h"

#include "base/instant.h"
#include "graph/engagement.h"

namespace sojourn::simulate {

// How long after something; both ends are in, all between are equally likely.
struct Delay {
  base::Millis from;
  base::Millis to;
};

struct FieldModel {
  std::string name;
  Distribution values;
  // The share of people for whom it is drawn once more, `delay` after the entry.
  double changes = 0;
  Delay delay{{}, base::days24(30)};
};

struct EventModel {
  enum class From : std::uint8_t {
    kEntry,  // `times` times each with `probability`, `delay` after the entry
    kWait,   // each time that somebody begins to wait for it
  };
  static constexpr std::int64_t kMaxTimes = 100;

  std::string event;
  // Of the events that may start the journey: how likely this one is.
  double enters = 0;
  // Whether it comes by itself.
  double probability = 0;
  From from = From::kEntry;
  std::int64_t times = 1;
  Delay delay{{}, base::days24(30)};
  std::vector<std::pair<std::string, Distribution>> fields;
};

// A webhook that does not answer lets the time of the call pass.
struct WebhookModel {
  std::string webhook;
  double answers = 1;
  Delay delay{base::seconds(1), base::seconds(10)};  // after the call
  std::vector<std::pair<std::string, Distribution>> reply;
};

// What people do with a message that they have received.
struct EngagementModel {
  graph::Engagement what = graph::Engagement::kOpened;
  double share = 0;                                // of the messages
  Delay delay{base::minutes(1), base::days24(2)};  // after it was sent
};

struct ListModel {
  std::string list;
  double members = 0;  // the share of people who are on it
};

struct ConsentModel {
  std::string message_type;
  double subscribed = 1;
};

struct Model {
  static constexpr std::size_t kMaxArrivalDays = 3650;

  // Midnight UTC of the first day.
  base::Instant start;
  // How many enter on each day, in proportion.
  std::vector<double> arrivals;
  std::vector<FieldModel> profile;  // by name
  std::vector<EventModel> events;   // by name; none enters where dates and conditions do
  std::vector<WebhookModel> webhooks;
  std::vector<EngagementModel> engagement;
  std::vector<ListModel> lists;
  std::vector<ConsentModel> consent;
};

}  // namespace sojourn::simulate
