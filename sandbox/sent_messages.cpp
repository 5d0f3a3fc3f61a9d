#include <algorithm>
#include <charconv>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "base/percent.h"
#include "sandbox/answers.h"
#include "sandbox/desk.h"
#include "sandbox/identity.h"
#include "sandbox/messages.h"

namespace sojourn::sandbox {
namespace {

using nlohmann::json;

constexpr std::size_t kUsualLimit = 10;
constexpr std::size_t kMaxLimit = 1'000;

struct Wanted {
  MessageQuery messages;
  std::vector<std::int64_t> campaigns;  // empty: all
  base::Instant from;
  base::Instant until;
  std::size_t limit = kUsualLimit;
};

template <typename Number>
bool read_number(std::string_view text, Number& into) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), into);
  return error == std::errc{} && end == text.data() + text.size();
}

// "2026-03-01 09:00:00", in UTC, or with an offset after it.
bool read_time(const std::string& text, base::Instant& into) {
  auto at = base::parse_timestamp(text);
  if (!at) at = base::parse_timestamp(text + " +00:00");
  if (at) into = *at;
  return at.has_value();
}

Reply refused(std::string_view member) {
  return envelope(400, "BadParams", fmt::format("Invalid value for {}", member));
}

// One member of the query; false when its value makes no sense.
bool read_member(std::string_view name, const std::string& value, Wanted& wanted) {
  if (name == "email") wanted.messages.email = value;
  if (name == "userId") wanted.messages.user_id = value;
  if (name == "startDateTime") return read_time(value, wanted.from);
  if (name == "endDateTime") return read_time(value, wanted.until);
  if (name == "limit") {
    return read_number(value, wanted.limit) && wanted.limit >= 1 && wanted.limit <= kMaxLimit;
  }
  if (name == "campaignIds") return read_number(value, wanted.campaigns.emplace_back());
  return true;
}

// The answer to a query that cannot be read.
std::optional<Reply> read_query(std::string_view query, Wanted& wanted) {
  while (!query.empty()) {
    const std::string_view member = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), member.size() + 1));
    const std::size_t equals = member.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view name = member.substr(0, equals);
    const auto value = base::percent_decoded(member.substr(equals + 1));
    if (!value || !read_member(name, *value, wanted)) return refused(name);
  }
  const MessageQuery& who = wanted.messages;
  if (!who.email && !who.user_id) return no_user();
  if (who.email && !valid_email(*who.email)) return invalid_email(*who.email);
  if (who.user_id && !valid_user_id(*who.user_id)) return invalid_user_id(*who.user_id);
  return std::nullopt;
}

bool fits(const Message& message, const Wanted& wanted) {
  const auto& campaigns = wanted.campaigns;
  return message.time >= wanted.from && message.time <= wanted.until &&
         (campaigns.empty() ||
          std::ranges::find(campaigns, message.campaign_id) != campaigns.end());
}

json shown(const Message& message) {
  // There are no templates here: a campaign stands for its own.
  return {{"messageId", fmt::format("{:032x}", message.sequence)},
          {"campaignId", message.campaign_id},
          {"templateId", message.campaign_id},
          {"createdAt", base::to_iterable_time(message.time)}};
}

}  // namespace

Reply sent_messages(Desk& desk, std::string_view query, base::Instant now) {
  const base::Instant visible{now.millis - desk.options.sent_messages_lag.count};
  Wanted wanted;
  wanted.until = visible;
  if (auto refusal = read_query(query, wanted)) return *refusal;
  wanted.until = std::min(wanted.until, visible);
  wanted.messages.limit = kMaxMessages;
  json list = json::array();
  while (list.size() < wanted.limit) {
    const auto messages = find_messages(desk.inbox, wanted.messages);
    if (!messages) return database_error();
    for (const Message& message : *messages) {
      if (list.size() < wanted.limit && fits(message, wanted)) list.push_back(shown(message));
    }
    if (messages->size() < kMaxMessages) break;
    wanted.messages.after = messages->back().sequence;
  }
  const json body = {{"messages", std::move(list)}};
  return {.body = body.dump()};
}

}  // namespace sojourn::sandbox
