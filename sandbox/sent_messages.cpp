#include <algorithm>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "sandbox/answers.h"
#include "sandbox/calls.h"
#include "sandbox/identity.h"
#include "sandbox/media.h"
#include "sandbox/messages.h"
#include "sandbox/query.h"

namespace sojourn::sandbox {
namespace {

using nlohmann::json;

constexpr std::size_t kUsualLimit = 10;
constexpr std::size_t kMaxLimit = 1'000;

struct Wanted {
  MessageQuery messages;
  std::vector<std::int64_t> campaigns;  // empty: all
  std::string_view medium = {};         // in the language's words; empty: all
  base::Instant from;
  base::Instant until;
  std::size_t limit = kUsualLimit;
};

// "2026-03-01 09:00:00", in UTC, or with an offset after it.
bool read_time(const std::string& text, base::Instant& into) {
  auto at = base::parse_timestamp(text);
  if (!at) at = base::parse_timestamp(text + " +00:00");
  if (at) into = *at;
  return at.has_value();
}

// One member of the query; false when its value makes no sense.
bool read_member(const QueryMember& member, Wanted& wanted) {
  const auto& [name, value] = member;
  if (name == "email") wanted.messages.email = value;
  if (name == "userId") wanted.messages.user_id = value;
  if (name == "startDateTime") return read_time(value, wanted.from);
  if (name == "endDateTime") return read_time(value, wanted.until);
  if (name == "messageMedium") {
    wanted.medium = medium_named(value);
    return !wanted.medium.empty();
  }
  if (name != "limit" && name != "campaignIds") return true;
  const auto number = whole_number(value);
  if (!number) return false;
  if (name == "campaignIds") {
    wanted.campaigns.push_back(*number);
    return true;
  }
  wanted.limit = static_cast<std::size_t>(std::max<std::int64_t>(*number, 0));
  return wanted.limit >= 1 && wanted.limit <= kMaxLimit;
}

// The answer to a query that cannot be read.
std::optional<Reply> read_query(std::string_view query, Wanted& wanted) {
  const auto members = members_of(query);
  if (!members) return bad_member("the query");
  for (const QueryMember& member : *members) {
    if (!read_member(member, wanted)) return bad_member(member.name);
  }
  const MessageQuery& who = wanted.messages;
  if (!who.email && !who.user_id) return no_user();
  if (who.email && !valid_email(*who.email)) return invalid_email(*who.email);
  if (who.user_id && !valid_user_id(*who.user_id)) return invalid_user_id(*who.user_id);
  return std::nullopt;
}

bool fits(const Message& message, const Wanted& wanted) {
  const auto& campaigns = wanted.campaigns;
  if (!wanted.medium.empty() && message.medium != wanted.medium) return false;
  return message.sends >= wanted.from && message.sends <= wanted.until &&
         (campaigns.empty() ||
          std::ranges::find(campaigns, message.campaign_id) != campaigns.end());
}

json shown(const Desk& desk, const Message& message) {
  const auto campaign = campaign_facts(desk.project, message.campaign_id);
  return {{"messageId", message_id(message.sequence)},
          {"campaignId", message.campaign_id},
          {"templateId", campaign ? campaign->template_id : message.campaign_id},
          {"createdAt", base::to_iterable_time(message.sends)}};
}

}  // namespace

Reply sent_messages(Desk& desk, const Call& call) {
  const base::Instant visible{call.now.millis - desk.options.sent_messages_lag.count};
  Wanted wanted;
  wanted.until = visible;
  if (auto refusal = read_query(call.query, wanted)) return *refusal;
  wanted.until = std::min(wanted.until, visible);
  wanted.messages.limit = kMaxMessages;
  json list = json::array();
  while (list.size() < wanted.limit) {
    const auto messages = find_messages(desk.inbox, wanted.messages);
    if (!messages) return database_error();
    for (const Message& message : *messages) {
      const bool listed = desk.sends.sent(message.sequence) && fits(message, wanted);
      if (listed && list.size() < wanted.limit) list.push_back(shown(desk, message));
    }
    if (messages->size() < kMaxMessages) break;
    wanted.messages.after = messages->back().sequence;
  }
  const json body = {{"messages", std::move(list)}};
  return {.body = body.dump()};
}

}  // namespace sojourn::sandbox
