#include "app/campaign_push.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "app/project_reader.h"

namespace sojourn::app {
namespace {

using base::Error;
using Json = nlohmann::json;

// What has ended keeps its name, and is nobody's campaign any more.
bool has_ended(const dsl::LockedCampaign& campaign) {
  return campaign.state == "archived" || campaign.state == "aborted" ||
         campaign.state == "finished";
}

std::vector<const dsl::LockedCampaign*> named(const std::string& name,
                                              const std::vector<dsl::LockedCampaign>& campaigns) {
  std::vector<const dsl::LockedCampaign*> found;
  for (const dsl::LockedCampaign& campaign : campaigns) {
    if (campaign.name == name && !has_ended(campaign)) found.push_back(&campaign);
  }
  return found;
}

base::Result<std::int64_t> make(const TemplateFile& file,
                                const std::vector<KeyedTemplate>& templates,
                                IterableClient& client) {
  const auto original = std::ranges::find(templates, false, &KeyedTemplate::of_campaign);
  if (templates.empty()) {
    return base::failure(Error::Kind::kUnavailable,
                         fmt::format("Iterable does not show the template `{}` yet", file.key),
                         "push again in a minute");
  }
  const std::int64_t base = original == templates.end() ? templates.front().id : original->id;
  // Without lists it is a triggered one.
  const auto answer =
      client.post("/api/campaigns/create", {{"name", file.campaign}, {"templateId", base}}, false);
  if (!answer) {
    Error error = answer.error();
    error.message = fmt::format("campaign `{}`: {}", file.campaign, error.message);
    error.hint = "push again: what was made is found by its name";
    return tl::unexpected(error);
  }
  const auto id = answer->is_object() ? answer->find("campaignId") : answer->end();
  if (!answer->is_object() || id == answer->end() || !id->is_number_integer()) {
    return base::failure(Error::Kind::kInvalid,
                         "the answer to POST /api/campaigns/create names no campaign",
                         "push again: what was made is found by its name");
  }
  return id->get<std::int64_t>();
}

base::Result<bool> is_running(std::int64_t id, IterableClient& client) {
  const auto answer = client.get(fmt::format("/api/campaigns/{}", id));
  if (!answer) return tl::unexpected(answer.error());
  return answer->is_object() && answer->value("campaignState", Json()) == "Running";
}

}  // namespace

base::Result<CampaignDifference> campaign_difference(
    const TemplateFile& file, const std::vector<KeyedTemplate>& templates,
    const std::vector<dsl::LockedCampaign>& campaigns) {
  const auto found = named(file.campaign, campaigns);
  if (found.empty()) return CampaignDifference{};
  if (found.size() > 1) {
    std::vector<std::int64_t> ids;
    for (const auto* campaign : found) ids.push_back(campaign->id);
    return base::failure(Error::Kind::kInvalid,
                         fmt::format("{} triggered campaigns are called `{}`: {}", found.size(),
                                     file.campaign, fmt::join(ids, ", ")),
                         "archive all but one of them in Iterable, or rename them");
  }
  const dsl::LockedCampaign& campaign = *found.front();
  const std::string medium = file.medium == "inapp" ? "in_app" : file.medium;
  if (campaign.medium != medium) {
    return base::failure(Error::Kind::kInvalid,
                         fmt::format("the campaign `{}` ({}) is one of {}, and {}.toml of {}",
                                     file.campaign, campaign.id, campaign.medium, file.key, medium),
                         "name another campaign in the file");
  }
  const bool is_ours = std::ranges::any_of(
      templates, [&](const KeyedTemplate& keyed) { return keyed.id == campaign.template_id; });
  return CampaignDifference{campaign.id, campaign.state == "running", !is_ours};
}

std::string words(const CampaignDifference& difference) {
  if (!difference.id) return "new";
  return difference.running ? "as it is" : "is not running";
}

base::Result<std::int64_t> write_campaign(const TemplateFile& file,
                                          const CampaignDifference& difference,
                                          const std::vector<KeyedTemplate>& templates,
                                          IterableClient& client) {
  const auto id = difference.id ? *difference.id : make(file, templates, client);
  if (!id) return id;
  const auto running = is_running(*id, client);
  if (!running) return tl::unexpected(running.error());
  if (*running) return id;
  // A state: a repeat changes nothing.
  const auto done = client.post("/api/campaigns/activateTriggered", {{"campaignId", *id}}, true);
  if (!done) {
    Error error = done.error();
    error.message = fmt::format("campaign `{}` ({}) is there and does not run: {}", file.campaign,
                                *id, error.message);
    error.hint = "activate it in Iterable";
    return tl::unexpected(error);
  }
  return id;
}

}  // namespace sojourn::app
