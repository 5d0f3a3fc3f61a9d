// What looks at everybody on a list. Who is on it is found out by looking at every profile.
#include <algorithm>
#include <fmt/core.h>
#include <functional>
#include <nlohmann/json.hpp>
#include <set>

#include "base/percent.h"
#include "sandbox/answers.h"
#include "sandbox/calls.h"
#include "sandbox/media.h"
#include "sandbox/memberships.h"
#include "sandbox/names.h"
#include "sandbox/query.h"
#include "sandbox/send_policy.h"

namespace sojourn::sandbox {
namespace {

using nlohmann::json;

constexpr std::int64_t kUsualPreview = 1'000;
constexpr std::int64_t kMaxPreview = 5'000;

bool has_list(const Desk& desk, std::int64_t list) {
  return desk.project.open() || desk.project.find(ProjectTable::kLists, list) != nullptr;
}

Reply unknown_list(const Desk& desk, std::int64_t list) {
  return envelope(400, "BadParams", "Invalid email list id",
                  fmt::format(R"({{"projectId":"{}","listId":"{}"}})", desk.project.id(), list));
}

// Everybody on a list as the profiles are seen at `now`, in the order of their subjects, until
// `take` has enough.
base::Status each_on_list(Desk& desk, std::int64_t list, base::Instant now,
                          const std::function<bool(const Named&)>& take) {
  const char* member = list_field(desk.project.type());
  std::string after;
  while (true) {
    const std::vector<std::string> subjects = desk.profiles.subjects(after, 1000);
    if (subjects.empty()) return {};
    after = subjects.back();
    for (const std::string& subject : subjects) {
      const auto user = desk.profiles.seen(subject, now);
      if (!user) return tl::unexpected(user.error());
      const json ids = ids_of(*user, member);
      if (std::find(ids.begin(), ids.end(), json(list)) == ids.end()) continue;
      const Named named = named_in(desk, *user);
      // Who is led to an email is met again there.
      if (named.subject() == subject && !take(named)) return {};
    }
  }
}

// Names, one to a line, of at most `most` users.
Reply names_on_list(Desk& desk, const Call& call, std::int64_t list, std::int64_t most) {
  const bool by_user_id = desk.project.type() == ProjectType::kHybrid &&
                          base::query_member(call.query, "preferUserId") == "true";
  std::string text;
  const auto read = each_on_list(desk, list, call.now, [&](const Named& named) {
    const bool user_id = by_user_id && !named.user_id.empty();
    text += (user_id ? named.user_id : named.shown()) + "\n";
    return --most > 0;
  });
  if (!read) return database_error();
  return {.body = std::move(text), .content_type = "text/plain"};
}

// The list of the query, or why there is none.
std::optional<Reply> read_list(const Desk& desk, const Call& call, std::int64_t& list) {
  const auto given = whole_number(base::query_member(call.query, "listId").value_or(""));
  list = given.value_or(0);
  if (!given || !has_list(desk, list)) return unknown_list(desk, list);
  return std::nullopt;
}

// One message of a campaign to somebody, as a call about them alone would make it.
base::Status send_to(Desk& desk, const Call& call, std::string_view medium, const Named& named) {
  const auto campaign = call.body.at("campaignId").get<std::int64_t>();
  json body{{"campaignId", campaign}};
  body[named.by_email() ? kRecipient.email : kRecipient.user_id] = named.shown();
  for (const char* member : {"dataFields", "allowRepeatMarketingSends"}) {
    if (call.body.contains(member)) body[member] = call.body.at(member);
  }
  const std::string topic = fmt::format("{} {}", medium, campaign);
  const std::string subject = named.subject();
  const auto place = desk.inbox.keep(
      RecordKind::kMessage,
      {.topic = topic, .key = {}, .subject = subject, .time = call.now, .body = body.dump()});
  if (!place) return tl::unexpected(place.error());
  return send_now(desk, {place->sequence, topic, subject, body}, call.now);
}

}  // namespace

Reply list_users(Desk& desk, const Call& call) {
  std::int64_t list = 0;
  if (auto refusal = read_list(desk, call, list)) return *refusal;
  return names_on_list(desk, call, list, static_cast<std::int64_t>(Profiles::kMaxListed));
}

Reply list_preview(Desk& desk, const Call& call) {
  std::int64_t list = 0;
  if (auto refusal = read_list(desk, call, list)) return *refusal;
  const auto given = base::query_member(call.query, "size");
  const auto size = given ? whole_number(*given) : kUsualPreview;
  if (!size || *size < 1 || *size > kMaxPreview) return bad_member("size");
  return names_on_list(desk, call, list, *size);
}

Reply list_size(Desk& desk, const Call& call) {
  const auto list = whole_number(call.names.at(0));
  if (!list || !has_list(desk, *list)) return unknown_list(desk, list.value_or(0));
  std::size_t users = 0;
  const auto read = each_on_list(desk, *list, call.now, [&](const Named&) {
    ++users;
    return true;
  });
  if (!read) return database_error();
  return {.body = std::to_string(users), .content_type = "text/plain"};
}

Reply trigger_campaign(Desk& desk, const Call& call) {
  const auto campaign = call.body.at("campaignId").get<std::int64_t>();
  if (!campaign_facts(desk.project, campaign)) {
    return envelope(400, "BadParams", "Invalid campaignId",
                    fmt::format(R"({{"campaignId":"{}"}})", campaign));
  }
  // An undeclared campaign of an open project is one of email.
  const json* row = desk.project.find(ProjectTable::kCampaigns, campaign);
  const std::string word = row != nullptr ? row->value("messageMedium", "") : "Email";
  const std::string_view medium = medium_named(word);
  if (medium.empty()) return envelope(400, "BadParams", "The campaign cannot be triggered");
  std::set<std::string> passed_over;
  std::vector<Named> recipients;
  for (const char* member : {"suppressionListIds", "listIds"}) {
    for (const json& id : call.body.value(member, json::array())) {
      const auto list = id.get<std::int64_t>();
      if (!has_list(desk, list)) return unknown_list(desk, list);
      const bool sends = std::string_view(member) == "listIds";
      const auto read = each_on_list(desk, list, call.now, [&](const Named& named) {
        if (passed_over.insert(named.subject()).second && sends) recipients.push_back(named);
        return true;
      });
      if (!read) return database_error();
    }
  }
  for (const Named& named : recipients) {
    if (!send_to(desk, call, medium, named)) return database_error();
  }
  return success("");
}

}  // namespace sojourn::sandbox
