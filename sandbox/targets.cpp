#include <fmt/core.h>
#include <limits>
#include <nlohmann/json.hpp>

#include "connectors/message_key.h"
#include "sandbox/answers.h"
#include "sandbox/calls.h"
#include "sandbox/media.h"

namespace sojourn::sandbox {
namespace {

using nlohmann::json;

constexpr std::uint64_t kLargestId = std::numeric_limits<std::int64_t>::max();

// The key stands in the data of every message of ours; messages of others have none.
std::string message_key(const json& body) {
  const json& fields = data_fields(body);
  const auto found = fields.find(std::string(connectors::kMessageKeyField));
  return found != fields.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// "2026-03-01 09:00:00", or with an offset after it: the schema has checked the form.
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

Reply unknown_campaign(std::string_view medium, std::int64_t campaign) {
  return envelope(400, "BadParams",
                  medium == "email" ? "Invalid campaignId" : "Invalid Campaign Id",
                  fmt::format(R"({{"campaignId":"{}"}})", campaign));
}

}  // namespace

Reply target(Desk& desk, const Call& call) {
  const std::string_view medium = medium_of(call.path);
  const json& id = call.body.at("campaignId");
  // The schema knows integers of any size; Iterable's have 63 bits and a sign.
  if (id.is_number_unsigned() && id.get<std::uint64_t>() > kLargestId) {
    return bad_json(call.path, "campaignId", "Number value expected");
  }
  const auto campaign = id.get<std::int64_t>();
  const Named named = named_in(call.body, "recipientEmail", "recipientUserId");
  const NameFault fault = fault_of(call.body, "recipientEmail", "recipientUserId");
  if (fault != NameFault::kNone) return name_refused(fault, named);
  if (!campaign_facts(desk.project, campaign)) return unknown_campaign(medium, campaign);
  const auto at = send_at(call.body);
  const auto place =
      desk.inbox.keep(RecordKind::kMessage, {.topic = fmt::format("{} {}", medium, campaign),
                                             .key = message_key(call.body),
                                             .subject = named.subject(),
                                             .time = call.now,
                                             .body = std::string(call.text)});
  if (!place) return database_error();
  const std::string& recipient = named.email.empty() ? named.user_id : named.email;
  if (!at || *at <= call.now) {
    return success(fmt::format("Campaign {} - Sent triggered message to: {}", campaign, recipient));
  }
  return success(fmt::format("Campaign {} - Scheduled triggered message for: {} to: {}", campaign,
                             base::to_iso8601(*at), recipient),
                 fmt::format(R"({{"scheduledMessageId":{}}})", place->sequence));
}

}  // namespace sojourn::sandbox
