#include "tests/sim/sent_record.h"

#include <algorithm>
#include <fmt/format.h>

#include "tests/sim/program.h"

namespace sojourn::sim {

SentRecord::Attempt SentRecord::left(const Message& message) {
  messages_[message.key] = message;
  const CampaignFacts* campaign = find_campaign(message.campaign);
  if (campaign != nullptr && campaign->is_at_most_once && may_have_arrived(message.key) > 0) {
    found_({Invariant::kAtMostOnce,
            fmt::format("{} to {} (key {}) leaves again, and an earlier attempt may have arrived",
                        campaign->name, message.email, message.key)});
  }
  return add(message.key);
}

void SentRecord::too_often(const std::string& key, std::int64_t accepted, std::int64_t lost) {
  const Message& message = messages_.at(key);
  found_({Invariant::kAcceptedOnce,
          fmt::format("campaign {} to {} (key {}) was accepted {} times, and {} answers got lost",
                      message.campaign, message.email, key, accepted, lost)});
}

void SentRecord::was_taken(const std::string& key) {
  if (tell_) tell_(messages_.at(key));
}

std::uint32_t SentRecord::count(const std::string& email, std::int64_t campaign,
                                base::Millis since) const {
  std::uint32_t listed = 0;
  for (const auto& [key, tries] : all()) {
    const Message& message = messages_.at(key);
    if (message.email != email || message.campaign != campaign) continue;
    listed += static_cast<std::uint32_t>(std::ranges::count_if(
        tries, [&](const Try& each) { return each.accepted && each.at >= since; }));
  }
  return listed;
}

}  // namespace sojourn::sim
