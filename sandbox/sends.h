// What became of the messages that were taken: most are sent at once; some wait for their
// `sendAt`, are cancelled, or are not sent after all, for a reason that Iterable has a word for.
// Kept in the inbox; whoever is not mentioned here was sent when they were taken. One thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "base/instant.h"
#include "base/result.h"

namespace sojourn::sandbox {

class Inbox;

// How a message ended that was not sent at once; stored, and the reasons are Iterable's words.
inline constexpr std::string_view kSent = "sent";
inline constexpr std::string_view kCancelled = "cancelled";
inline constexpr std::string_view kUnsubscribed = "unsubscribed";

class Sends {
 public:
  static base::Result<Sends> load(Inbox& inbox);

  // `message` is the sequence of its record.
  base::Status schedule(Inbox& inbox, std::uint64_t message, base::Instant due, base::Instant now);
  base::Status settle(Inbox& inbox, std::uint64_t message, std::string_view how, base::Instant now);

  bool waits(std::uint64_t message) const { return waiting_.contains(message); }
  // Of one that neither waits nor was sent: why.
  std::optional<std::string_view> unsent(std::uint64_t message) const;
  bool sent(std::uint64_t message) const { return !waits(message) && !unsent_.contains(message); }
  // A message whose time has come by `now`; the one that waited longest.
  std::optional<std::uint64_t> due(base::Instant now) const;
  std::optional<base::Instant> next_due() const;
  std::size_t waiting() const { return waiting_.size(); }
  static constexpr std::size_t kMaxWaiting = 1'000'000;

 private:
  std::map<std::uint64_t, base::Instant> waiting_;
  std::set<std::pair<base::Instant, std::uint64_t>> order_;  // the same, by time
  std::map<std::uint64_t, std::string> unsent_;
};

}  // namespace sojourn::sandbox
