#include "sandbox/sends.h"

#include "sandbox/inbox.h"

namespace sojourn::sandbox {
base::Result<Sends> Sends::load(Inbox& inbox) {
  Sends sends;
  const auto scheduled = inbox.each(RecordKind::kScheduled, [&](const store::LoggedRecord& logged) {
    sends.waiting_[std::stoull(logged.record.key)] = base::Instant{std::stoll(logged.record.body)};
  });
  if (!scheduled) return tl::unexpected(scheduled.error());
  const auto settled = inbox.each(RecordKind::kSettled, [&](const store::LoggedRecord& logged) {
    const std::uint64_t message = std::stoull(logged.record.key);
    sends.waiting_.erase(message);
    if (logged.record.body != kSent) sends.unsent_[message] = logged.record.body;
  });
  if (!settled) return tl::unexpected(settled.error());
  for (const auto& [message, due] : sends.waiting_) sends.order_.emplace(due, message);
  return sends;
}

base::Status Sends::schedule(Inbox& inbox, std::uint64_t message, base::Instant due,
                             base::Instant now) {
  const auto kept = inbox.keep(RecordKind::kScheduled, {.topic = {},
                                                        .key = std::to_string(message),
                                                        .subject = {},
                                                        .time = now,
                                                        .body = std::to_string(due.millis)});
  if (!kept) return tl::unexpected(kept.error());
  waiting_[message] = due;
  order_.emplace(due, message);
  return {};
}

base::Status Sends::settle(Inbox& inbox, std::uint64_t message, std::string_view how,
                           base::Instant now) {
  const auto kept = inbox.keep(RecordKind::kSettled, {.topic = std::string(how),
                                                      .key = std::to_string(message),
                                                      .subject = {},
                                                      .time = now,
                                                      .body = std::string(how)});
  if (!kept) return tl::unexpected(kept.error());
  if (const auto found = waiting_.find(message); found != waiting_.end()) {
    order_.erase({found->second, message});
    waiting_.erase(found);
  }
  if (how != kSent) unsent_[message] = how;
  return {};
}

std::optional<std::string_view> Sends::unsent(std::uint64_t message) const {
  const auto found = unsent_.find(message);
  if (found == unsent_.end()) return std::nullopt;
  return found->second;
}

std::optional<std::uint64_t> Sends::due(base::Instant now) const {
  if (order_.empty() || order_.begin()->first > now) return std::nullopt;
  return order_.begin()->second;
}

std::optional<base::Instant> Sends::next_due() const {
  if (order_.empty()) return std::nullopt;
  return order_.begin()->first;
}

}  // namespace sojourn::sandbox
