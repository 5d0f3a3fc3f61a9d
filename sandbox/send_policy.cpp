#include "sandbox/send_policy.h"

#include <algorithm>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "sandbox/desk.h"
#include "sandbox/memberships.h"
#include "sandbox/names.h"

namespace sojourn::sandbox {
namespace {

using nlohmann::json;

bool lists(const json& user, const char* member, std::int64_t id) {
  const json ids = ids_of(user, member);
  return std::find(ids.begin(), ids.end(), json(id)) != ids.end();
}

// Nothing is known of the message type of an undeclared campaign: everybody gets those.
base::Result<bool> wants(Desk& desk, const CampaignFacts& campaign, const Named& named) {
  if (!campaign.message_type) return true;
  const auto user = desk.profiles.find(named.subject());
  if (!user) return tl::unexpected(user.error());
  if (campaign.channel && lists(*user, kUnsubscribedChannels, *campaign.channel)) return false;
  if (lists(*user, kUnsubscribedTypes, *campaign.message_type)) return false;
  return !campaign.opt_in || lists(*user, kSubscribedTypes, *campaign.message_type);
}

// Whether the same campaign went to the same user shortly before.
base::Result<bool> repeats(Desk& desk, const Sending& sending, base::Instant now) {
  store::RecordQuery query{.subject = std::string(sending.subject), .limit = 1000};
  while (true) {
    const auto page = desk.inbox.read(RecordKind::kMessage, query);
    if (!page) return tl::unexpected(page.error());
    for (const store::LoggedRecord& other : *page) {
      const std::uint64_t message = other.place.sequence;
      if (message == sending.message || other.record.topic != sending.topic) continue;
      if (!desk.sends.sent(message)) continue;
      const auto at = send_at(json::parse(other.record.body)).value_or(other.record.time);
      const base::Instant sent = std::max(at, other.record.time);
      if (sent + kRepeatWindow > now && sent <= now) return true;
    }
    if (page->size() < query.limit) return false;
    query.after = page->back().place.sequence;
  }
}

// Whether an email would go to nobody: the address is one that Iterable makes up in a project of
// emails for somebody who has none. In an open project everybody has one.
base::Result<bool> has_no_address(Desk& desk, const Sending& sending, const Named& named) {
  if (!sending.topic.starts_with("email ")) return false;
  std::string email = named.email;
  if (email.empty()) {
    const auto user = desk.profiles.find(named.subject());
    if (!user) return tl::unexpected(user.error());
    if (user->is_object()) email = user->value("email", "");
  }
  const bool is_made_up = desk.project.type() == ProjectType::kEmail && !desk.project.open();
  if (email.empty()) return is_made_up;
  return base::lower_ascii(email).ends_with("@placeholder.email");
}

// Empty: nothing is against it.
base::Result<std::string> reason_against(Desk& desk, const CampaignFacts& campaign,
                                         const Sending& sending, base::Instant now) {
  if (!campaign.running) return "CampaignDeactivated";
  const Named named = named_in(desk, sending.body, kRecipient);
  const auto unreachable = has_no_address(desk, sending, named);
  if (!unreachable) return tl::unexpected(unreachable.error());
  if (*unreachable) return "InvalidRecipientEmail";
  const auto wanted = wants(desk, campaign, named);
  if (!wanted) return tl::unexpected(wanted.error());
  if (!*wanted) return std::string(kUnsubscribed);
  if (sending.body.value("allowRepeatMarketingSends", true) || campaign.transactional) return "";
  const auto repeated = repeats(desk, sending, now);
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

base::Status send_now(Desk& desk, const Sending& sending, base::Instant now) {
  const json& body = sending.body;
  const auto campaign = campaign_facts(desk.project, body.at("campaignId").get<std::int64_t>());
  // One that was taken away meanwhile is as one that was switched off.
  auto reason = campaign ? reason_against(desk, *campaign, sending, now)
                         : base::Result<std::string>("CampaignDeactivated");
  if (!reason) return tl::unexpected(reason.error());
  if (!reason->empty() || desk.sends.waits(sending.message)) {
    const auto settled =
        desk.sends.settle(desk.inbox, sending.message, reason->empty() ? kSent : *reason, now);
    if (!settled) return settled;
  }
  // Whether Iterable tells of those who unsubscribed is not known; it is not told here.
  if (!desk.options.tell_of_sends || *reason == kUnsubscribed || !campaign) return {};
  Named named = named_in(desk, body, kRecipient);
  desk.sent.push_back({.sequence = sending.message,
                       .time = now,
                       .medium = std::string(sending.topic.substr(0, sending.topic.find(' '))),
                       .campaign = *campaign,
                       .email = base::lower_ascii(named.email),
                       .user_id = std::move(named.user_id),
                       .data_fields = data_fields(body),
                       .metadata = body.value("metadata", json()),
                       .skip_reason = *reason});
  return {};
}

base::Status send_due(Desk& desk, base::Instant now) {
  while (const auto message = desk.sends.due(now)) {
    const auto found = desk.inbox.read(RecordKind::kMessage, {.after = *message - 1, .limit = 1});
    if (!found) return tl::unexpected(found.error());
    base::Status done;
    if (!found->empty() && found->front().place.sequence == *message) {
      const store::Record& record = found->front().record;
      const json body = json::parse(record.body);
      done = send_now(desk, {*message, record.topic, record.subject, body}, *desk.sends.next_due());
    } else {
      done = desk.sends.settle(desk.inbox, *message, kCancelled, now);
    }
    if (!done) return done;
  }
  return {};
}

}  // namespace sojourn::sandbox
