// What an app asks for when it starts: which messages wait for its user. In-app messages that were
// sent wait until they are consumed. Embedded messages are eligible by campaigns that nobody
// sends, which the sandbox does not play: none waits.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "sandbox/answers.h"
#include "sandbox/calls.h"
#include "sandbox/identity.h"
#include "sandbox/messages.h"
#include "sandbox/names.h"
#include "sandbox/query.h"

namespace sojourn::sandbox {
namespace {

using nlohmann::json;

// How long an in-app message waits, where its template does not say otherwise.
constexpr base::Millis kExpiry = base::days24(90);

struct Asker {
  json names = json::object();  // as the body of a POST would name them
  std::optional<std::int64_t> count;
};

// The answer to a query that cannot be read, or that names nobody.
std::optional<Reply> read_query(Desk& desk, std::string_view query, Asker& asker) {
  const auto members = members_of(query);
  if (!members) return bad_member("the query");
  for (const auto& [name, value] : *members) {
    if (name == "email" || name == "userId") asker.names[name] = value;
    if (name != "count" && name != "placementIds") continue;
    const auto number = whole_number(value);
    if (!number || (name == "count" && *number < 1)) return bad_member(name);
    if (name == "count") asker.count = *number;
  }
  const NameFault fault = fault_of(desk, asker.names, {}, Unknown::kRefused);
  if (fault != NameFault::kNone) return name_refused(fault, named_in(desk, asker.names));
  return std::nullopt;
}

// The message ids of what a user's app said by the call `topic`.
base::Result<std::set<std::string>> told(Desk& desk, const std::string& subject,
                                         std::string_view topic) {
  std::set<std::string> out;
  store::RecordQuery query{.subject = subject, .limit = kMaxMessages};
  while (true) {
    const auto page = desk.inbox.read(RecordKind::kCall, query);
    if (!page) return tl::unexpected(page.error());
    for (const store::LoggedRecord& logged : *page) {
      if (logged.record.topic != topic) continue;
      out.insert(json::parse(logged.record.body).value("messageId", ""));
    }
    if (page->size() < query.limit) return out;
    query.after = page->back().place.sequence;
  }
}

json shown(const Desk& desk, const Message& message, bool read) {
  const auto campaign = campaign_facts(desk.project, message.campaign_id);
  const json* row =
      campaign ? desk.project.find(ProjectTable::kTemplates, campaign->template_id) : nullptr;
  const json content = row != nullptr ? row->value("content", json::object()) : json::object();
  return {{"messageId", message_id(message.sequence)},
          {"campaignId", message.campaign_id},
          {"createdAt", message.sends.millis},
          {"expiresAt", (message.sends + kExpiry).millis},
          {"content", {{"html", content.value("html", "")}}},
          {"trigger", {{"type", "immediate"}}},
          {"saveToInbox", false},
          {"customPayload", json::object()},
          {"priorityLevel", 300.5},
          {"read", read}};
}

// Oldest first.
base::Result<std::vector<json>> waiting_in_app(Desk& desk, const Named& named, base::Instant now) {
  const auto gone = told(desk, named.subject(), "events/inAppConsume");
  if (!gone) return tl::unexpected(gone.error());
  const auto opened = told(desk, named.subject(), "events/trackInAppOpen");
  if (!opened) return tl::unexpected(opened.error());
  MessageQuery query{.limit = kMaxMessages};
  if (named.email.empty()) query.user_id = named.user_id;
  if (!named.email.empty()) query.email = named.email;
  std::vector<json> out;
  while (true) {
    const auto page = find_messages(desk.inbox, query);
    if (!page) return tl::unexpected(page.error());
    for (const Message& message : *page) {
      const std::string id = message_id(message.sequence);
      const bool waits = message.medium == "in_app" && desk.sends.sent(message.sequence) &&
                         !gone->contains(id) && message.sends + kExpiry > now;
      if (waits) out.push_back(shown(desk, message, opened->contains(id)));
    }
    if (page->size() < query.limit) return out;
    query.after = page->back().sequence;
  }
}

Reply newest_in_app(Desk& desk, const Call& call, const Asker& asker) {
  auto waiting = waiting_in_app(desk, named_in(desk, asker.names), call.now);
  if (!waiting) return database_error();
  std::ranges::reverse(*waiting);
  const auto most = static_cast<std::size_t>(asker.count.value_or(1));
  if (waiting->size() > most) waiting->resize(most);
  return {.body = json{{"inAppMessages", std::move(*waiting)}}.dump()};
}

}  // namespace

Reply in_app_messages(Desk& desk, const Call& call) {
  Asker asker;
  if (auto refusal = read_query(desk, call.query, asker)) return *refusal;
  if (!asker.count) return bad_member("count");
  return newest_in_app(desk, call, asker);
}

Reply first_in_app_message(Desk& desk, const Call& call) {
  Asker asker;
  if (auto refusal = read_query(desk, call.query, asker)) return *refusal;
  asker.count.reset();
  return newest_in_app(desk, call, asker);
}

Reply embedded_messages(Desk& desk, const Call& call) {
  Asker asker;
  if (auto refusal = read_query(desk, call.query, asker)) return *refusal;
  return {.body = json{{"placements", json::array()}}.dump()};
}

}  // namespace sojourn::sandbox
