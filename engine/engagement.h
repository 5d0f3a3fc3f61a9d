// The events that messages cause (graph/engagement.h), said once for everybody who
// runs people through journeys.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/facts.h"
#include "graph/catalog.h"
#include "graph/engagement.h"

namespace sojourn::engine {

// A message that the provider took.
struct SentFacts {
  const graph::Campaign& campaign;
  std::string message;  // no other of the user has this text
  std::string_view journey;
  std::uint32_t enrollment = 0;
  std::string_view step;  // the identity of the send; empty: no longer known
};
std::vector<graph::Field> fields_of(const SentFacts& sent);

// What somebody did with a message.
struct Engaged {
  graph::Engagement what = graph::Engagement::kOpened;
  std::string message;                        // empty: not known
  const graph::Campaign* campaign = nullptr;  // null: not known
  std::string url;                            // of a click; empty: not known
};
// Where only the campaign is known, its last message in `history` is meant. What the
// history knows of the message beside is added.
std::vector<graph::Field> fields_of(const Engaged& engaged, std::span<const EventFact> history);

// What takes back the consent to the message type of the campaign: who complains wants no more of
// it either.
constexpr bool says_no(graph::Engagement what) {
  return what == graph::Engagement::kUnsubscribed || what == graph::Engagement::kComplained;
}

}  // namespace sojourn::engine
