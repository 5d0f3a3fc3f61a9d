#include "connectors/iterable/sent_messages.h"

#include <fmt/format.h>
#include <simdjson.h>

#include "base/percent.h"
#include "connectors/iterable/answer.h"
#include "connectors/iterable/body.h"
#include "connectors/retry_after.h"

namespace sojourn::connectors::iterable {
namespace {

// Of the campaign, as many as the body lists; nothing when it is no such list.
std::optional<std::uint32_t> count_listed(std::int64_t campaign_id, const std::string& body) {
  simdjson::dom::parser parser;
  simdjson::dom::array messages;
  if (parser.parse(body)["messages"].get_array().get(messages)) return std::nullopt;
  std::uint32_t listed = 0;
  for (const simdjson::dom::element message : messages) {
    std::int64_t campaign = 0;
    if (message["campaignId"].get_int64().get(campaign)) return std::nullopt;
    if (campaign == campaign_id) ++listed;
  }
  return listed;
}

bool is_refusal_for_good(int status) {
  return status >= 300 && status < 500 && status != 408 && status != 429;
}

}  // namespace

bool can_look_up(graph::Medium medium) {
  switch (medium) {
    case graph::Medium::kEmail:
    case graph::Medium::kSms:
    case graph::Medium::kPush:
    case graph::Medium::kInApp:
      return true;
    // Not among the media that the list knows.
    case graph::Medium::kWebPush:
    case graph::Medium::kWhatsApp:
      return false;
  }
  return false;
}

HttpRequest sent_messages(const LookUpCommand& command) {
  const base::Instant from{command.from.millis - kClockDifference.count};
  return {"GET",
          fmt::format("/api/users/getSentMessages?{}&campaignIds={}&startDateTime={}&limit={}",
                      user_in_query(command.user), command.campaign_id,
                      base::percent_encoded(base::to_iterable_time(from)), kMaxListedMessages),
          {}};
}

LookUp read_sent_messages(std::int64_t campaign_id, const Attempt& attempt) {
  LookUp found;
  const auto* response = std::get_if<Response>(&attempt);
  if (response == nullptr) {
    found.message = std::get<TransportFailure>(attempt).message;
    return found;
  }
  found.message = fmt::format("status {}", response->status);
  if (response->status >= 200 && response->status < 300) {
    const auto listed = count_listed(campaign_id, response->body);
    if (!listed) {
      found.message += ", and no list of messages";
      return found;
    }
    found.kind = LookUp::Kind::kListed;
    found.listed = *listed;
    return found;
  }
  if (is_refusal_for_good(response->status)) found.kind = LookUp::Kind::kImpossible;
  found.retry_after = connectors::retry_after(response->retry_after);
  const Answer answer = parse_answer(response->body);
  if (!answer.code.empty()) found.message += fmt::format(" {}", answer.code);
  if (!answer.words.empty()) found.message += fmt::format(": {}", answer.words);
  return found;
}

}  // namespace sojourn::connectors::iterable
