#include "graph/causes.h"

#include <variant>

#include "graph/built_in.h"
#include "graph/catalog.h"
#include "graph/engagement.h"
#include "graph/reserved.h"

namespace sojourn::graph {
namespace {

// What becomes of a message without any deed of its reader's. That it is opened or clicked,
// complained of or unsubscribed from is a deed: each takes a person and their time, so
// nothing goes round by it without them.
constexpr Engagement kBySending[] = {Engagement::kReceived, Engagement::kSent,
                                     Engagement::kBounced};

std::vector<std::string> events_of_message(const Graph& graph, const Send& send,
                                           const Catalog& catalog) {
  const Campaign* campaign = catalog.find_campaign(send.campaign);
  std::vector<std::string> events;
  for (const Engagement kind : kBySending) {
    const std::string& event = event_of(kind).name;
    events.push_back(event);
    events.push_back(event_about(event, kCampaignField, send.campaign));
    events.push_back(event_about(event, kJourneyField, graph.journey));
    if (campaign == nullptr) continue;
    events.push_back(event_about(event, kMessageTypeField, campaign->message_type));
    events.push_back(event_about(event, kMediumField, to_string(campaign->medium)));
  }
  return events;
}

}  // namespace

std::vector<std::string> events_caused_by(const Graph& graph, const Step& step,
                                          const Catalog& catalog) {
  if (const auto* send = std::get_if<Send>(&step.action)) {
    return events_of_message(graph, *send, catalog);
  }
  if (const auto* track = std::get_if<Track>(&step.action)) return {track->event};
  if (const auto* start = std::get_if<Start>(&step.action)) return {api_event(start->journey)};
  if (const auto* change = std::get_if<ChangeList>(&step.action)) {
    return {change->joins ? list_event(change->list) : left_list_event(change->list)};
  }
  if (std::holds_alternative<ChangeSubscription>(step.action)) {
    return {change_event(kSubscribedIds), change_event(kUnsubscribedIds)};
  }
  std::vector<std::string> events;
  if (const auto* update = std::get_if<UpdateUser>(&step.action)) {
    for (const std::string& field : graph.expressions[update->fields].names) {
      events.push_back(change_event(field));
    }
  }
  return events;
}

}  // namespace sojourn::graph
