#include "graph/engagement.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace sojourn::graph {
namespace {

// Begins a comment in the language.
constexpr char kMark = '#';

// In the order of Engagement.
constexpr std::array<std::string_view, kEngagementCount> kWords{
    "received", "sent", "opened", "clicked", "bounced", "complained", "unsubscribed"};

TypedField text_field(std::string name) {
  Type type;
  type.kind = Type::Kind::kString;
  type.optional = true;
  return {std::move(name), std::move(type)};
}

std::array<EventType, kEngagementCount> make_events() {
  std::array<EventType, kEngagementCount> events;
  for (std::size_t i = 0; i < events.size(); ++i) {
    events[i].name = kMark + std::string(kWords[i]);
    events[i].wire_name = events[i].name;
    for (const std::string_view field : {kCampaignField, kMessageTypeField, kMediumField}) {
      events[i].fields.push_back(text_field(std::string(field)));
    }
  }
  events[static_cast<std::size_t>(Engagement::kClicked)].fields.push_back(text_field("url"));
  return events;
}

}  // namespace

std::string_view to_string(Engagement engagement) {
  return kWords[static_cast<std::size_t>(engagement)];
}

std::optional<Engagement> find_engagement(std::string_view word) {
  const auto found = std::ranges::find(kWords, word);
  if (found == kWords.end()) return std::nullopt;
  return static_cast<Engagement>(found - kWords.begin());
}

const EventType& event_of(Engagement engagement) {
  static const std::array<EventType, kEngagementCount> kEvents = make_events();
  return kEvents[static_cast<std::size_t>(engagement)];
}

bool is_engagement(std::string_view event) {
  return !event.empty() && event.front() == kMark && find_engagement(told(event)).has_value();
}

std::string event_about(std::string_view event, std::string_view field, std::string_view value) {
  return std::string(event).append(" ").append(field).append(" ").append(value);
}

std::string_view told(std::string_view event) {
  if (!event.empty() && event.front() == kMark) event.remove_prefix(1);
  return event;
}

}  // namespace sojourn::graph
