#include "tests/sim/sent_record.h"

#include <algorithm>
#include <fmt/format.h>

#include "tests/sim/program.h"

namespace sojourn::sim {

SentRecord::Attempt SentRecord::left(const Message& message) {
  Sent& sent = sent_[message.key];
  if (sent.tries.empty()) ++messages_;
  sent.message = message;
  const CampaignFacts* campaign = find_campaign(message.campaign);
  const bool may_have_arrived = std::ranges::any_of(
      sent.tries, [](const Try& earlier) { return earlier.state != State::kRefused; });
  if (campaign != nullptr && campaign->is_at_most_once && may_have_arrived) {
    found_({Invariant::kAtMostOnce,
            fmt::format("{} to {} (key {}) leaves again, and an earlier attempt may have arrived",
                        campaign->name, message.email, message.key)});
  }
  sent.tries.emplace_back();
  attempts_.emplace_back(message.key, sent.tries.size() - 1);
  return attempts_.size() - 1;
}

SentRecord::Try& SentRecord::try_of(Attempt attempt) {
  const auto& [key, place] = attempts_.at(attempt);
  return sent_.at(key).tries.at(place);
}

void SentRecord::accepted(Attempt attempt, base::Millis at) {
  Try& taken = try_of(attempt);
  taken.accepted = true;
  taken.at = at;
  ++accepted_;
  // Nobody waits for its answer any more.
  if (taken.lost) ++answers_lost_;
  const Sent& sent = sent_.at(attempts_.at(attempt).first);
  if (std::ranges::count(sent.tries, true, &Try::accepted) > 1) ++doubled_;
  check(sent);
}

void SentRecord::refused(Attempt attempt) {
  try_of(attempt).state = State::kRefused;
}

void SentRecord::told(Attempt attempt) {
  Try& known = try_of(attempt);
  known.state = State::kOver;
  known.told = true;
}

void SentRecord::lose(Try& attempt) {
  if (attempt.lost) return;
  attempt.lost = true;
  if (attempt.accepted) ++answers_lost_;
}

void SentRecord::lost(Attempt attempt) {
  lose(try_of(attempt));
}

void SentRecord::settled(const std::string& key) {
  const auto found = sent_.find(key);
  if (found == sent_.end()) return;
  for (Try& known : found->second.tries) known.settled |= known.told;
}

void SentRecord::process_ended() {
  for (auto& [key, sent] : sent_) {
    for (Try& attempt : sent.tries) {
      if (attempt.state != State::kRefused && !attempt.settled) lose(attempt);
    }
  }
}

// A message may come twice only if an answer got lost.
void SentRecord::check(const Sent& sent) {
  const auto accepted = std::ranges::count(sent.tries, true, &Try::accepted);
  const auto lost =
      std::ranges::count_if(sent.tries, [](const Try& each) { return each.accepted && each.lost; });
  if (accepted <= 1 + lost) return;
  found_(
      {Invariant::kAcceptedOnce,
       fmt::format("campaign {} to {} (key {}) was accepted {} times, and {} answers got lost",
                   sent.message.campaign, sent.message.email, sent.message.key, accepted, lost)});
}

std::uint32_t SentRecord::count(const std::string& email, std::int64_t campaign,
                                base::Millis since) const {
  std::uint32_t listed = 0;
  for (const auto& [key, sent] : sent_) {
    if (sent.message.email != email || sent.message.campaign != campaign) continue;
    listed += static_cast<std::uint32_t>(std::ranges::count_if(
        sent.tries, [&](const Try& each) { return each.accepted && each.at >= since; }));
  }
  return listed;
}

}  // namespace sojourn::sim
