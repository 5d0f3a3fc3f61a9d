// What became of messages, and what people did with them, as events of the user under
// names that no author and no sender can write. So history, windows and waits go by
// them as by any other event.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "graph/catalog.h"

namespace sojourn::graph {

enum class Engagement : std::uint8_t {
  kReceived,
  kSent,
  kOpened,
  kClicked,
  kBounced,
  kComplained,
  kUnsubscribed,
};
inline constexpr std::size_t kEngagementCount = 7;

// `opened`: the author's word.
std::string_view to_string(Engagement engagement);
std::optional<Engagement> find_engagement(std::string_view word);

// The event, with the fields that authors may read: of the message `campaign`,
// `message_type` and `medium`, as far as they are known, and `url` of a click.
const EventType& event_of(Engagement engagement);

inline constexpr std::string_view kCampaignField = "campaign";
inline constexpr std::string_view kMessageTypeField = "message_type";
inline constexpr std::string_view kMediumField = "medium";

// What such an event has beside them. Every one has the message, if that is known: a
// text that no other message of the user has. `sent` has the rest as well; the others
// have the enrollment when it is known.
inline constexpr std::string_view kMessageField = "message";
inline constexpr std::string_view kJourneyField = "journey";
inline constexpr std::string_view kEnrollmentField = "enrollment";  // its number
inline constexpr std::string_view kStepField = "step";              // the identity of the send

// Is it one of event_of()'s?
bool is_engagement(std::string_view event);
// The event of a message whose `field` (kCampaignField and its like, kJourneyField) is
// `value`, where events are told apart by that.
std::string event_about(std::string_view event, std::string_view field, std::string_view value);

// The name of an event as people are told: without what marks it as not theirs.
std::string_view told(std::string_view event);

}  // namespace sojourn::graph
