#include "sandbox/webhook_payload.h"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "sandbox/sent_message.h"

namespace sojourn::sandbox {
namespace {

using nlohmann::json;
using Kind = Happening::Kind;

constexpr const char* kLink = "https://example.com/offer?from=sandbox";

json or_null(const std::optional<std::int64_t>& id) {
  return id ? json(*id) : json();
}

// What stands in every event about a message.
json campaign_block(const SentMessage& message) {
  const CampaignFacts& campaign = message.campaign;
  const std::string& name = message.email.empty() ? message.user_id : message.email;
  return {{"campaignId", campaign.id},
          {"campaignName", campaign.name},
          {"templateId", campaign.template_id},
          {"templateName", campaign.template_name},
          {"channelId", or_null(campaign.channel)},
          {"messageTypeId", or_null(campaign.message_type)},
          {"workflowId", nullptr},
          {"workflowName", nullptr},
          {"experimentId", nullptr},
          {"labels", campaign.labels},
          {"locale", nullptr},
          {"messageId", message_id(message.sequence)},
          {"emailId", fmt::format("c{}:t{}:{}", campaign.id, campaign.template_id, name)}};
}

void add_click(json& fields, std::string_view medium) {
  if (medium == "email") {
    fields["url"] = fields["linkUrl"] = kLink;
    fields["linkId"] = fields["canonicalUrlId"] = "1";
    fields["hrefIndex"] = 0;
  } else {
    fields["clickedUrl"] = kLink;
  }
}

void add_open(json& fields, std::string_view medium, bool is_bot) {
  if (medium == "email") {
    fields["userAgent"] = "Sandbox";
    fields["ip"] = "203.0.113.9";
    fields["isBot"] = is_bot;
  } else if (medium == "push") {
    fields["appAlreadyRunning"] = false;
  }
}

void add_bounce(json& fields, std::string_view medium) {
  if (medium == "email") {
    fields["recipientState"] = "HardBounce";
    fields["status"] = "5.1.1";
    fields["bounceMessage"] = "550 5.1.1 no such user";
  } else if (medium == "sms") {
    fields["smsProviderResponse"] = {
        {"status", 400}, {"message", "not a number"}, {"code", 21211}, {"more_info", ""}};
  }
}

void add_unsubscribe(json& fields, const char* source, json channels) {
  fields["unsubSource"] = source;
  fields["channelIds"] = std::move(channels);
  fields["messageTypeIds"] = json::array();
  fields["emailListIds"] = json::array();
}

// A skip says less than the other events.
json skip_block(const SentMessage& message) {
  return {{"campaignId", message.campaign.id},
          {"messageId", message_id(message.sequence)},
          {"reason", message.skip_reason}};
}

}  // namespace

std::string webhook_payload(const SentMessage& message, Kind kind, base::Instant at,
                            const std::vector<std::int64_t>& email_channels) {
  json fields = kind == Kind::kSkip ? skip_block(message) : campaign_block(message);
  if (message.medium == "email" && kind != Kind::kSkip) {
    fields["emailSubject"] = message.campaign.template_name;
  }
  switch (kind) {
    case Kind::kSend:
      if (message.data_fields.dump().size() <= kMaxTransactionalData) {
        fields["transactionalData"] = message.data_fields;
      }
      fields["contentId"] = message.campaign.template_id;
      break;
    case Kind::kOpen:
    case Kind::kBotOpen:
      add_open(fields, message.medium, kind == Kind::kBotOpen);
      break;
    case Kind::kClick:
      add_click(fields, message.medium);
      break;
    case Kind::kBounce:
      add_bounce(fields, message.medium);
      break;
    case Kind::kComplaint:
      fields["recipientState"] = "Complaint";
      break;
    case Kind::kUnsubscribe:
      add_unsubscribe(
          fields, "EmailLink",
          message.campaign.channel ? json::array({*message.campaign.channel}) : json::array());
      break;
    case Kind::kBounceUnsubscribe:
      add_bounce(fields, message.medium);
      add_unsubscribe(fields, "HardBounce", email_channels);
      break;
    case Kind::kSkip:
      break;
  }
  if (!message.metadata.is_null()) fields["metadata"] = message.metadata;
  json body{{"eventName", event_name(message.medium, kind)}};
  if (!message.email.empty()) body["email"] = fields["email"] = message.email;
  if (!message.user_id.empty()) body["userId"] = fields["userId"] = message.user_id;
  fields["createdAt"] = base::to_iterable_time(at);
  body["dataFields"] = std::move(fields);
  return body.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace sojourn::sandbox
