#include "sandbox/messages.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "sandbox/identity.h"
#include "sandbox/inbox.h"
#include "sandbox/send_policy.h"

namespace sojourn::sandbox {
namespace {

Message message_of(const store::LoggedRecord& logged) {
  // Kept only after it was checked, so it parses and has a campaign.
  const nlohmann::json body = nlohmann::json::parse(logged.record.body);
  Message message;
  message.sequence = logged.place.sequence;
  message.time = logged.record.time;
  message.sends = std::max(message.time, send_at(body).value_or(message.time));
  message.medium = logged.record.topic.substr(0, logged.record.topic.find(' '));
  message.campaign_id = body.at("campaignId").get<std::int64_t>();
  message.email = body.value("recipientEmail", "");
  message.user_id = body.value("recipientUserId", "");
  message.key = logged.record.key;
  message.copy = message.copies = logged.place.copy;
  message.data_fields = body.contains("dataFields") ? body.at("dataFields").dump() : "{}";
  return message;
}

}  // namespace

base::Result<std::vector<Message>> find_messages(Inbox& inbox, const MessageQuery& query) {
  store::RecordQuery records{
      .key = query.key, .after = query.after, .limit = std::min(query.limit, kMaxMessages)};
  if (query.email) records.subject = email_subject(*query.email);
  if (query.user_id) records.subject = user_id_subject(*query.user_id);
  const auto found = inbox.read(RecordKind::kMessage, records);
  if (!found) return tl::unexpected(found.error());
  std::vector<Message> out;
  for (const store::LoggedRecord& logged : *found) {
    Message& message = out.emplace_back(message_of(logged));
    if (message.key.empty()) continue;
    const auto copies = inbox.copies(RecordKind::kMessage, message.key);
    if (!copies) return tl::unexpected(copies.error());
    message.copies = *copies;
  }
  return out;
}

}  // namespace sojourn::sandbox
