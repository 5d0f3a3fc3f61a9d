#include "tests/sim/known.h"

#include <fmt/format.h>

#include "tests/sim/program.h"

namespace sojourn::sim {

using What = Said::What;

void Known::going_to_say(const Said& said) {
  const std::string email = email_of(said.person);
  switch (said.what) {
    case What::kOptIn:
      uncertain_.insert(email);
      opted_out_.erase(email);
      return;
    case What::kDelete:
    case What::kForget:
      // Who comes again is somebody new.
      uncertain_.insert(email);
      opted_out_.erase(email);
      scores_.erase(email);
      return;
    case What::kMerge:
      uncertain_.insert(email);
      uncertain_.insert(email_of(said.other));
      scores_.erase(email);
      scores_.erase(email_of(said.other));
      return;
    default:
      return;
  }
}

void Known::durable(const Said& said, std::uint64_t commit) {
  if (said.seen_hash) taken_.insert(*said.seen_hash);
  switch (said.what) {
    case What::kSignup:
    case What::kPlaced:
    case What::kAsked:
      entries_.try_emplace(said.ref, Entry{said.what, said.person, {}, {}});
      return;
    case What::kCancelled:
    case What::kUpgrade:
      return end_of_person(said.person, true, commit, said);
    case What::kPaid:
      if (const auto found = entries_.find(said.ref); found != entries_.end()) {
        end(found->second, commit, said);
      }
      return;
    case What::kScore:
      scores_[email_of(said.person)] = said.number;
      return;
    case What::kOptOut:
      opted_out_.try_emplace(email_of(said.person), commit);
      return;
    case What::kForget:
      forgotten_.try_emplace(email_of(said.person), commit);
      return end_of_person(said.person, false, commit, said);
    case What::kDelete:
      return end_of_person(said.person, false, commit, said);
    case What::kMerge:
      return merged(said, commit);
    case What::kLogin:
    case What::kDowngrade:
    case What::kOptIn:
    case What::kTeam:
    case What::kAlarm:
    case What::kAllClear:
      return;
  }
}

// Their sender and Iterable do not wait for each other.
void Known::told_no(const std::string& email, std::uint64_t commit) {
  if (!may_be_another(email)) opted_out_.try_emplace(email, commit);
}

void Known::end(Entry& entry, std::uint64_t commit, const Said& by) {
  if (entry.ended) return;
  entry.ended = commit;
  entry.by = fmt::format("{} {}", to_string(by.what), by.ref);
}

void Known::end_of_person(std::size_t person, bool trials_only, std::uint64_t commit,
                          const Said& by) {
  for (auto& [ref, entry] : entries_) {
    if (entry.person != person || (trials_only && entry.what != What::kSignup)) continue;
    end(entry, commit, by);
  }
}

void Known::merged(const Said& said, std::uint64_t commit) {
  for (auto& [ref, entry] : entries_) {
    if (entry.person == said.other) entry.person = said.person;
  }
  if (opted_out_.contains(email_of(said.other))) {
    opted_out_.try_emplace(email_of(said.person), commit);
  }
}

void Known::say(const Message& message, std::uint64_t commit, std::uint64_t since,
                const std::string& why) const {
  found_(
      {Invariant::kNothingAfter,
       fmt::format("campaign {} about {} for {} was claimed by commit {}, and {} since commit {}",
                   message.campaign, message.ref, message.email, commit, why, since)});
}

void Known::claimed(const Message& message, std::uint64_t commit) const {
  const auto holds = [&](const std::map<std::string, std::uint64_t>& since) {
    const auto found = since.find(message.email);
    return found != since.end() && found->second < commit ? std::optional(found->second)
                                                          : std::nullopt;
  };
  const CampaignFacts* campaign = find_campaign(message.campaign);
  if (campaign != nullptr && campaign->is_marketing) {
    if (const auto since = holds(opted_out_)) say(message, commit, *since, "they had opted out");
  }
  if (const auto since = holds(forgotten_)) say(message, commit, *since, "they are forgotten");
  const auto entry = entries_.find(message.ref);
  if (entry == entries_.end()) return;
  const auto& ended = entry->second.ended;
  if (ended && *ended < commit) {
    say(message, commit, *ended, "it had ended by " + entry->second.by);
  }
}

}  // namespace sojourn::sim
