#include "engine/engagement.h"

#include <utility>

namespace sojourn::engine {
namespace {

using graph::Field;
using graph::Value;

void add_campaign(const graph::Campaign& campaign, std::vector<Field>& fields) {
  fields.emplace_back(graph::kCampaignField, Value(campaign.name));
  fields.emplace_back(graph::kMessageTypeField, Value(campaign.message_type));
  fields.emplace_back(graph::kMediumField, Value(graph::to_string(campaign.medium)));
}

// The event of the message, while the history has it; null otherwise.
const EventFact* find_sent(const Engaged& engaged, std::span<const EventFact> history) {
  const std::string& sent = graph::event_of(graph::Engagement::kSent).name;
  const bool by_message = !engaged.message.empty();
  if (!by_message && engaged.campaign == nullptr) return nullptr;
  const std::string_view field = by_message ? graph::kMessageField : graph::kCampaignField;
  const Value wanted(by_message ? engaged.message : engaged.campaign->name);
  for (auto event = history.rbegin(); event != history.rend(); ++event) {
    if (event->name == sent && graph::find_field(event->fields, field) == wanted) return &*event;
  }
  return nullptr;
}

}  // namespace

std::vector<Field> fields_of(const SentFacts& sent) {
  std::vector<Field> fields;
  add_campaign(sent.campaign, fields);
  fields.emplace_back(graph::kMessageField, Value(sent.message));
  fields.emplace_back(graph::kJourneyField, Value(sent.journey));
  fields.emplace_back(graph::kEnrollmentField, Value(std::int64_t{sent.enrollment}));
  if (!sent.step.empty()) fields.emplace_back(graph::kStepField, Value(sent.step));
  return fields;
}

std::vector<Field> fields_of(const Engaged& engaged, std::span<const EventFact> history) {
  std::vector<Field> fields;
  if (engaged.campaign != nullptr) add_campaign(*engaged.campaign, fields);
  Value message;
  if (!engaged.message.empty()) message = Value(engaged.message);
  if (const EventFact* sent = find_sent(engaged, history)) {
    if (message.is_missing()) message = graph::find_field(sent->fields, graph::kMessageField);
    const Value& enrollment = graph::find_field(sent->fields, graph::kEnrollmentField);
    if (!enrollment.is_missing()) fields.emplace_back(graph::kEnrollmentField, enrollment);
  }
  if (!message.is_missing()) fields.emplace_back(graph::kMessageField, std::move(message));
  if (!engaged.url.empty()) fields.emplace_back("url", Value(engaged.url));
  return fields;
}

}  // namespace sojourn::engine
