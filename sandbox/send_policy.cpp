#include "sandbox/send_policy.h"

#include <algorithm>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "sandbox/desk.h"
#include "sandbox/names.h"

namespace sojourn::sandbox {
namespace {

using nlohmann::json;

bool lists(const json& fields, const char* member, std::int64_t id) {
  const auto found = fields.find(member);
  return found != fields.end() && found->is_array() &&
         std::find(found->begin(), found->end(), json(id)) != found->end();
}

// Nothing is known of the message type of an undeclared campaign: everybody gets those.
base::Result<bool> wants(Desk& desk, const CampaignFacts& campaign, const Named& named) {
  if (!campaign.message_type) return true;
  const auto user = desk.profiles.find(named.subject());
  if (!user) return tl::unexpected(user.error());
  const json fields = user->is_null() ? json::object() : user->value("dataFields", json::object());
  if (campaign.channel && lists(fields, "unsubscribedChannelIds", *campaign.channel)) return false;
  if (lists(fields, "unsubscribedMessageTypeIds", *campaign.message_type)) return false;
  return !campaign.opt_in || lists(fields, "subscribedMessageTypeIds", *campaign.message_type);
}

// Whether the same campaign went to the same user shortly before.
base::Result<bool> repeats(Desk& desk, const store::LoggedRecord& logged, base::Instant now) {
  store::RecordQuery query{.subject = logged.record.subject, .limit = 1000};
  while (true) {
    const auto page = desk.inbox.read(RecordKind::kMessage, query);
    if (!page) return tl::unexpected(page.error());
    for (const store::LoggedRecord& other : *page) {
      if (other.place.sequence == logged.place.sequence) continue;
      if (other.record.topic != logged.record.topic || !desk.sends.sent(other.place.sequence)) {
        continue;
      }
      const auto at = send_at(json::parse(other.record.body)).value_or(other.record.time);
      const base::Instant sent = std::max(at, other.record.time);
      if (sent + kRepeatWindow > now && sent <= now) return true;
    }
    if (page->size() < query.limit) return false;
    query.after = page->back().place.sequence;
  }
}

// Empty: nothing is against it.
base::Result<std::string> reason_against(Desk& desk, const CampaignFacts& campaign,
                                         const store::LoggedRecord& logged, const json& body,
                                         base::Instant now) {
  if (!campaign.running) return "CampaignDeactivated";
  const auto wanted = wants(desk, campaign, named_in(body, kRecipient));
  if (!wanted) return tl::unexpected(wanted.error());
  if (!*wanted) return std::string(kUnsubscribed);
  if (body.value("allowRepeatMarketingSends", true) || campaign.transactional) return "";
  const auto repeated = repeats(desk, logged, now);
  if (!repeated) return tl::unexpected(repeated.error());
  return *repeated ? "DuplicateMarketingMessage" : "";
}

}  // namespace

std::optional<base::Instant> send_at(const json& body) {
  const auto found = body.find("sendAt");
  if (found == body.end()) return std::nullopt;
  const std::string& text = found->get_ref<const std::string&>();
  constexpr std::size_t kTimeSize = 19;
  std::string offset;
  for (const char c : text.substr(kTimeSize)) {
    if (c != ' ' && c != ':') offset += c;
  }
  if (offset.empty()) offset = "+0000";
  return base::parse_timestamp(
      fmt::format("{} {}:{}", text.substr(0, kTimeSize), offset.substr(0, 3), offset.substr(3)));
}

base::Status send_now(Desk& desk, const store::LoggedRecord& logged, base::Instant now) {
  const json body = json::parse(logged.record.body);
  const std::uint64_t message = logged.place.sequence;
  const auto campaign = campaign_facts(desk.project, body.at("campaignId").get<std::int64_t>());
  // One that was taken away meanwhile is as one that was switched off.
  auto reason = campaign ? reason_against(desk, *campaign, logged, body, now)
                         : base::Result<std::string>("CampaignDeactivated");
  if (!reason) return tl::unexpected(reason.error());
  if (!reason->empty() || desk.sends.waits(message)) {
    const auto settled =
        desk.sends.settle(desk.inbox, message, reason->empty() ? kSent : *reason, now);
    if (!settled) return settled;
  }
  // Whether Iterable tells of those who unsubscribed is not known; it is not told here.
  if (!desk.options.tell_of_sends || *reason == kUnsubscribed || !campaign) return {};
  const Named named = named_in(body, kRecipient);
  const std::string& topic = logged.record.topic;
  desk.sent.push_back({.sequence = message,
                       .time = now,
                       .medium = topic.substr(0, topic.find(' ')),
                       .campaign = *campaign,
                       .email = named.email,
                       .user_id = named.user_id,
                       .data_fields = data_fields(body),
                       .metadata = body.value("metadata", json()),
                       .skip_reason = *reason});
  return {};
}

base::Status send_due(Desk& desk, base::Instant now) {
  while (const auto message = desk.sends.due(now)) {
    const auto found = desk.inbox.read(RecordKind::kMessage, {.after = *message - 1, .limit = 1});
    if (!found) return tl::unexpected(found.error());
    const bool there = !found->empty() && found->front().place.sequence == *message;
    const auto done = there ? send_now(desk, found->front(), *desk.sends.next_due())
                            : desk.sends.settle(desk.inbox, *message, kCancelled, now);
    if (!done) return done;
  }
  return {};
}

}  // namespace sojourn::sandbox
