#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "connectors/message_key.h"
#include "sandbox/answers.h"
#include "sandbox/calls.h"
#include "sandbox/media.h"
#include "sandbox/memberships.h"
#include "sandbox/names.h"
#include "sandbox/send_policy.h"

namespace sojourn::sandbox {
namespace {

using nlohmann::json;

// The key stands in the data of every message of ours; messages of others have none.
std::string message_key(const json& body) {
  const json& fields = data_fields(body);
  const auto found = fields.find(std::string(connectors::kMessageKeyField));
  return found != fields.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Reply unknown_campaign(std::string_view medium, std::int64_t campaign) {
  return envelope(400, "BadParams",
                  medium == "email" ? "Invalid campaignId" : "Invalid Campaign Id",
                  fmt::format(R"({{"campaignId":"{}"}})", campaign));
}

// How far ahead a message may be scheduled.
constexpr base::Millis kFurthest = base::days24(365);

// Emails and in-app messages make the user whom they are to reach. In an open project everybody is
// there.
base::Status make_known(Desk& desk, const Call& call, std::string_view medium, const Named& named) {
  if (desk.project.open() || (medium != "email" && medium != "in_app")) return {};
  const auto there = desk.profiles.exists(named.subject());
  if (!there) return tl::unexpected(there.error());
  if (*there) return {};
  return desk.profiles.update(update_of(named, json::object()), call.topic(), call.now);
}

Reply scheduled(Desk& desk, std::uint64_t message, base::Instant at, std::int64_t campaign,
                const std::string& recipient, base::Instant now) {
  if (!desk.sends.schedule(desk.inbox, message, at, now)) return database_error();
  return success(fmt::format("Campaign {} - Scheduled triggered message for: {} to: {}", campaign,
                             base::to_iso8601(at), recipient),
                 fmt::format(R"({{"scheduledMessageId":{}}})", message));
}

Reply cancelled(const Desk& desk, const std::string& what) {
  return success(fmt::format("Successfully cancelled scheduled messages with {} from project: {}",
                             what, desk.project.id()));
}

Reply nothing_scheduled() {
  return envelope(400, "BadParams",
                  "No scheduled messages found- Invalid email and campaignId combination");
}

// The waiting messages of one campaign to one user.
base::Result<std::vector<std::uint64_t>> waiting_for(Desk& desk, const Named& named,
                                                     const std::string& topic) {
  std::vector<std::uint64_t> out;
  store::RecordQuery query{.subject = named.subject(), .limit = 1000};
  while (true) {
    const auto page = desk.inbox.read(RecordKind::kMessage, query);
    if (!page) return tl::unexpected(page.error());
    for (const store::LoggedRecord& logged : *page) {
      const std::uint64_t message = logged.place.sequence;
      if (logged.record.topic == topic && desk.sends.waits(message)) out.push_back(message);
    }
    if (page->size() < query.limit) return out;
    query.after = page->back().place.sequence;
  }
}

// A message of `medium` that waits, by its number.
base::Result<std::vector<std::uint64_t>> waiting_with(Desk& desk, std::int64_t id,
                                                      std::string_view medium) {
  const auto message = static_cast<std::uint64_t>(id);
  if (id < 1 || !desk.sends.waits(message)) return std::vector<std::uint64_t>();
  const auto found = desk.inbox.read(RecordKind::kMessage, {.after = message - 1, .limit = 1});
  if (!found) return tl::unexpected(found.error());
  const bool there = !found->empty() && found->front().record.topic.starts_with(medium);
  return there ? std::vector{message} : std::vector<std::uint64_t>();
}

}  // namespace

Reply target(Desk& desk, const Call& call) {
  const std::string_view medium = medium_of(call.path);
  const auto campaign = call.body.at("campaignId").get<std::int64_t>();
  const Named named = named_in(desk, call.body, kRecipient);
  const NameFault fault = fault_of(desk, call.body, kRecipient);
  if (fault != NameFault::kNone) return name_refused(fault, named);
  if (!campaign_facts(desk.project, campaign)) return unknown_campaign(medium, campaign);
  const auto at = send_at(call.body);
  if (!at && call.body.contains("sendAt"))
    return bad_json(call.path, "sendAt", "Date value expected");
  if (at && *at > call.now + kFurthest) {
    return envelope(400, "BadParams", "sendAt must be within 365 days");
  }
  const bool waits = at && *at > call.now;
  if (waits && desk.sends.waiting() >= Sends::kMaxWaiting) {
    return envelope(500, "QueueEmailError", "Too many messages are scheduled");
  }
  if (!make_known(desk, call, medium, named)) return database_error();
  const std::string topic = fmt::format("{} {}", medium, campaign);
  const std::string subject = named.subject();
  const auto place = desk.inbox.keep(RecordKind::kMessage, {.topic = topic,
                                                            .key = message_key(call.body),
                                                            .subject = subject,
                                                            .time = call.now,
                                                            .body = std::string(call.text)});
  if (!place) return database_error();
  const std::uint64_t message = place->sequence;
  if (waits) return scheduled(desk, message, *at, campaign, named.shown(), call.now);
  if (!send_now(desk, {message, topic, subject, call.body}, call.now)) return database_error();
  return success(
      fmt::format("Campaign {} - Sent triggered message to: {}", campaign, named.shown()));
}

Reply cancel(Desk& desk, const Call& call) {
  const std::string_view medium = cancelled_medium(call.path);
  const bool by_number = call.body.contains("scheduledMessageId");
  if (!by_number && !call.body.contains("campaignId")) return nothing_scheduled();
  const std::int64_t id = call.body.at(by_number ? "scheduledMessageId" : "campaignId");
  if (!by_number) {
    const NameFault fault = fault_of(desk, call.body);
    if (fault != NameFault::kNone) return name_refused(fault, named_in(desk, call.body));
  }
  const auto found =
      by_number ? waiting_with(desk, id, medium)
                : waiting_for(desk, named_in(desk, call.body), fmt::format("{} {}", medium, id));
  if (!found) return database_error();
  if (found->empty()) return nothing_scheduled();
  for (const std::uint64_t message : *found) {
    if (!desk.sends.settle(desk.inbox, message, kCancelled, call.now)) return database_error();
  }
  return cancelled(desk,
                   fmt::format("{}: {}", by_number ? "scheduledMessageId" : "campaignId", id));
}

}  // namespace sojourn::sandbox
