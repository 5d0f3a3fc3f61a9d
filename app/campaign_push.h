// The triggered campaigns that template files name. A campaign is recognised by its name, so a
// second push, also one after an answer that was lost, finds the campaign of the first.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/iterable_client.h"
#include "app/template_files.h"
#include "base/result.h"
#include "dsl/ids_lock.h"

namespace sojourn::app {

// A template in Iterable that has the key of a file.
struct KeyedTemplate {
  std::int64_t id = 0;
  bool of_campaign = false;  // the copy that a campaign got when it was made
};

struct CampaignDifference {
  std::optional<std::int64_t> id;  // nothing: it is new
  bool running = false;            // a campaign that does not run sends nothing
  // The campaign sends a template without the file's key, so no push reaches it.
  bool has_other_template = false;
  bool differs() const { return !id || !running; }
};

// What Iterable has under the name of the file's campaign, among all `campaigns` of the project.
// An error when several have it, or when it is of another medium: which one is meant, only people
// know.
base::Result<CampaignDifference> campaign_difference(
    const TemplateFile& file, const std::vector<KeyedTemplate>& templates,
    const std::vector<dsl::LockedCampaign>& campaigns);

// For people: `new`, `is not running`, `as it is`.
std::string words(const CampaignDifference& difference);

// Makes the campaign of one of `templates`, which has the file's key, or has the one there run.
// Its id.
base::Result<std::int64_t> write_campaign(const TemplateFile& file,
                                          const CampaignDifference& difference,
                                          const std::vector<KeyedTemplate>& templates,
                                          IterableClient& client);

}  // namespace sojourn::app
