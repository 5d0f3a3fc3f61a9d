#include "proof/target.h"

#include <set>
#include <variant>

#include "graph/catalog.h"
#include "graph/graph.h"

namespace sojourn::proof {
namespace {

using graph::Medium;
using Kind = Target::Kind;

constexpr std::string_view kMarketingWord = "marketing";

}  // namespace

std::optional<Target> find_target(const graph::Catalog& catalog, std::string_view name) {
  if (catalog.find_campaign(name) != nullptr) return Target{Kind::kCampaign, std::string(name)};
  if (catalog.find_message_type(name) != nullptr) {
    return Target{Kind::kMessageType, std::string(name)};
  }
  for (const Medium medium : graph::kMedia) {
    if (graph::to_string(medium) == name) return Target{Kind::kMedium, std::string(name)};
  }
  if (name == kMarketingWord) return Target{Kind::kMarketing, std::string(name)};
  return std::nullopt;
}

std::vector<std::string_view> target_names(const graph::Catalog& catalog) {
  std::vector<std::string_view> names;
  for (const auto& campaign : catalog.campaigns) names.emplace_back(campaign.name);
  for (const auto& type : catalog.message_types) names.emplace_back(type.name);
  for (const Medium medium : graph::kMedia) names.push_back(graph::to_string(medium));
  names.push_back(kMarketingWord);
  return names;
}

Messages::Messages(const graph::Graph& graph, const graph::Catalog& catalog)
    : step_count_(graph.steps.size()) {
  for (graph::StepIndex step = 0; step < graph.steps.size(); ++step) {
    const auto* send = std::get_if<graph::Send>(&graph.steps[step].action);
    if (send == nullptr) continue;
    Message message;
    message.step = step;
    message.name = &send->campaign;
    message.campaign = catalog.find_campaign(send->campaign);
    if (message.campaign != nullptr) {
      message.type = catalog.find_message_type(message.campaign->message_type);
    }
    messages_.push_back(message);
  }
}

bool Messages::means(const Target& target, const Message& message) {
  switch (target.kind) {
    case Kind::kAll:
      return true;
    case Kind::kCampaign:
      return *message.name == target.name;
    case Kind::kMessageType:
      return message.campaign != nullptr && message.campaign->message_type == target.name;
    case Kind::kMedium:
      return message.campaign != nullptr &&
             graph::to_string(message.campaign->medium) == target.name;
    case Kind::kMarketing:
      return message.type != nullptr && message.type->marketing;
  }
  return false;
}

std::vector<bool> Messages::counted(const Target& target) const {
  std::vector<bool> counted(step_count_, false);
  for (const Message& message : messages_) counted[message.step] = means(target, message);
  return counted;
}

std::vector<Target> Messages::targets() const {
  std::set<std::string> campaigns;
  std::set<std::string> types;
  std::set<std::string> media;
  for (const Message& message : messages_) {
    campaigns.insert(*message.name);
    if (message.campaign == nullptr) continue;
    types.insert(message.campaign->message_type);
    media.emplace(graph::to_string(message.campaign->medium));
  }
  std::vector<Target> out{{Kind::kAll, {}}};
  for (const std::string& name : media) out.push_back({Kind::kMedium, name});
  for (const std::string& name : types) out.push_back({Kind::kMessageType, name});
  for (const std::string& name : campaigns) out.push_back({Kind::kCampaign, name});
  return out;
}

}  // namespace sojourn::proof
