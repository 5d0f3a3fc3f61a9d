// What Iterable tells of people (connectors/iterable/webhooks): of messages that went, were
// skipped, opened, bounced; of consent; of addresses that reach nobody. Each notice may come
// late, twice, or before another that happened earlier. Most are about people and campaigns of
// the project that are none of ours: only what may matter later makes somebody known here.
#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <string>
#include <utility>

#include "connectors/iterable/webhooks/notice_consent.h"
#include "engine/send_policy.h"
#include "graph/built_in.h"
#include "runtime/counter_names.h"
#include "runtime/program.h"
#include "runtime/said_consent.h"
#include "runtime/turn.h"

namespace sojourn::runtime {
namespace {

namespace iterable = connectors::iterable;
using connectors::iterable::Notice;
using connectors::iterable::NoticeMeaning;
using store::Identity;

// Why a message was not sent that no other message to the address will be sent for, either.
struct SkipReason {
  std::string_view theirs;
  std::string_view ours;
};
constexpr std::array<SkipReason, 2> kLastingSkips{{
    {"SuppressedByMessageService", "suppressed_by_provider"},
    {"InvalidRecipientEmail", "invalid_address"},
}};
// The reasons that are published; the set is open, and what comes beside is counted together.
constexpr std::array<std::string_view, 24> kSkipReasons{"CampaignDeactivated",
                                                        "CatalogCollectionEmptyResults",
                                                        "CatalogCollectionError",
                                                        "CatalogCollectionLookupError",
                                                        "CatalogCollectionTimeout",
                                                        "CatalogLookupError",
                                                        "DataFeedError",
                                                        "DuplicateMarketingMessage",
                                                        "EmptyContent",
                                                        "ExperimentHoldOut",
                                                        "FrequencyCapping",
                                                        "FrequencyOptimization",
                                                        "HandlebarsExecutionError",
                                                        "InvalidHostedUnsubscribeUrl",
                                                        "InvalidRecipientEmail",
                                                        "InvalidReplyToEmail",
                                                        "InvalidSender",
                                                        "LocaleMismatch",
                                                        "MessageServiceError",
                                                        "MisconfiguredMessageService",
                                                        "QuietHoursSendSkip",
                                                        "RetriesExhaustedError",
                                                        "SnippetLookupError",
                                                        "SuppressedByMessageService"};

// Whether it is about some message at all.
bool is_of_message(const Notice& notice) {
  return notice.campaign_id || notice.message_key || !notice.message_id.empty();
}

graph::Engagement engagement_of(NoticeMeaning meaning) {
  switch (meaning) {
    case NoticeMeaning::kClicked:
      return graph::Engagement::kClicked;
    case NoticeMeaning::kBounced:
      return graph::Engagement::kBounced;
    case NoticeMeaning::kComplained:
      return graph::Engagement::kComplained;
    case NoticeMeaning::kUnsubscribed:
      return graph::Engagement::kUnsubscribed;
    case NoticeMeaning::kOpened:
      return graph::Engagement::kOpened;
    default:
      return graph::Engagement::kReceived;
  }
}

}  // namespace

std::string_view Turn::take_notice(const IntakeNotice& item) {
  const Notice& notice = *item.notice;
  const std::string_view event = notice.kind == nullptr ? "other" : notice.kind->event_name;
  const std::string_view became = work_in(item);
  record_.count(counter_name({"notices", event, became}));
  return became;
}

std::string_view Turn::work_in(const IntakeNotice& item) {
  const Notice& notice = *item.notice;
  if (notice.kind == nullptr || notice.kind->meaning == NoticeMeaning::kOther) return "unread";
  if (!item.person.email && !item.person.user_id) return "nobody";
  if (has_come(item)) return "repeated";
  const NoticeMeaning meaning = notice.kind->meaning;
  const bool is_deed = meaning == NoticeMeaning::kOpened || meaning == NoticeMeaning::kClicked;
  if (is_deed && notice.is_bot) return "bot";
  if (is_forgotten(item.person)) return "forgotten";
  UserState* user = whom(item);
  if (user == nullptr) return "unknown_user";
  // A repeat of what made nobody known changes nothing, either.
  is_repeat(item);
  work_in(*user, notice);
  note_tombstone(*user);
  return "taken";
}

UserState* Turn::whom(const IntakeNotice& item) {
  const Person& person = item.person;
  const bool is_known = named(person) != nullptr;
  if (!is_known && !iterable::counts_later(*item.notice, declared_type(*item.notice))) {
    return nullptr;
  }
  join_names(person, false);
  return *users_.resolve(person, false);
}

void Turn::work_in(UserState& user, const Notice& notice) {
  switch (notice.kind->meaning) {
    case NoticeMeaning::kSent:
      if (notice.message_key) outbox_.told_sent(user, *notice.message_key);
      return engaged(user, notice);
    case NoticeMeaning::kNotSent:
      return not_sent(user, notice);
    case NoticeMeaning::kBounced:
      if (iterable::is_hard_bounce(notice)) suppress(user, notice, "hard_bounce");
      return engaged(user, notice);
    case NoticeMeaning::kComplained:
      suppress(user, notice, graph::kComplaint);
      said(user, notice);
      return engaged(user, notice);
    case NoticeMeaning::kUnsubscribed:
      return unsubscribed(user, notice);
    case NoticeMeaning::kSubscribed:
      said(user, notice);
      if (!iterable::groups_of(notice, {}).empty()) suppress(user, notice, {});
      return;
    case NoticeMeaning::kReplied:
      if (iterable::says_stop(notice)) suppress(user, notice, "stop");
      if (iterable::says_start(notice)) suppress(user, notice, {});
      return;
    default:
      return engaged(user, notice);
  }
}

const graph::Campaign* Turn::campaign_of(const Notice& notice) const {
  if (!notice.campaign_id) return nullptr;
  const auto& campaigns = context_.program.catalog().campaigns;
  const auto found = std::ranges::find(campaigns, notice.campaign_id, &graph::Campaign::id);
  return found == campaigns.end() ? nullptr : &*found;
}

std::optional<std::int64_t> Turn::declared_type(const Notice& notice) const {
  const graph::Campaign* campaign = campaign_of(notice);
  if (campaign == nullptr) return std::nullopt;
  const graph::MessageType* type =
      context_.program.catalog().find_message_type(campaign->message_type);
  return type == nullptr ? std::nullopt : type->id;
}

// That other messages of the project came says nothing; what people do with them does. Of whom
// nothing but consent is known nothing else begins to be known by it.
void Turn::engaged(UserState& user, const Notice& notice) {
  if (!has_appeared(user.head())) return;
  const graph::Campaign* campaign = campaign_of(notice);
  const graph::Engagement what = engagement_of(notice.kind->meaning);
  const bool is_ours = campaign != nullptr || notice.message_key;
  if (what == graph::Engagement::kReceived && !is_ours) return;
  runner_.engaged_only(
      user, {what, notice.message_key ? notice.message_key->hex() : "", campaign, notice.url},
      record_.happened_at(notice.created_at));
}

// An address that bounced is taken off by Iterable; the person has said nothing.
void Turn::unsubscribed(UserState& user, const Notice& notice) {
  const bool is_bounce = iterable::is_hard_bounce(notice);
  if (is_bounce) suppress(user, notice, "hard_bounce");
  said(user, notice);
  if (!is_bounce && is_of_message(notice)) engaged(user, notice);
}

void Turn::said(UserState& user, const Notice& notice) {
  const bool subscribes = notice.kind->meaning == NoticeMeaning::kSubscribed;
  iterable::ConsentGroups groups = iterable::groups_of(notice, declared_type(notice));
  const auto fields =
      with_said(user.head(),
                {subscribes, std::move(groups.channels), std::move(groups.message_types),
                 record_.happened_at(notice.created_at)},
                record_.now);
  set_said(user, fields,
           fmt::format("{} says the provider", subscribes ? "subscribed" : "unsubscribed"));
}

void Turn::suppress(UserState& user, const Notice& notice, std::string_view reason) {
  const graph::Medium medium = notice.kind->medium.value_or(graph::Medium::kEmail);
  std::string address;
  // One that names the person by their userId alone means the address that they have.
  if (medium == graph::Medium::kEmail) {
    address = notice.email.empty() ? user.head().email.value_or("") : notice.email;
  }
  const auto value = with_suppression(
      user.head(), {medium, reason, std::move(address), record_.happened_at(notice.created_at)});
  if (!value) return;
  const bool was = !engine::suppressed(user, {medium, true, {}}).empty();
  if (reason.empty() && !was) {
    // Only that a word which comes late does not count any more.
    user.set_field(
        {std::string(graph::kSuppressed), *value, ProfileField::Source::kIntake, record_.now, {}});
    return;
  }
  const std::string_view how = reason.empty() ? std::string_view("lifted") : reason;
  record_.count(counter_name({"suppressed", graph::to_string(medium), how}));
  runner_.set_consent(user, {{std::string(graph::kSuppressed), *value}},
                      fmt::format("{} suppressed: {}", graph::to_string(medium), how));
}

// Iterable had taken it, so the person has gone on; but it counts for no cap, and is told.
void Turn::not_sent(UserState& user, const Notice& notice) {
  const auto lasting = std::ranges::find(kLastingSkips, notice.reason, &SkipReason::theirs);
  if (lasting != kLastingSkips.end()) suppress(user, notice, lasting->ours);
  const graph::Campaign* campaign = campaign_of(notice);
  if (campaign == nullptr && !notice.message_key) return;
  if (notice.message_key) outbox_.told_not_sent(user, *notice.message_key, notice.reason);
  const auto key = notice.message_key ? notice.message_key : last_sent(user, *campaign, notice);
  if (key) user.forget_sent(*key);
  const bool is_known = std::ranges::find(kSkipReasons, notice.reason) != kSkipReasons.end();
  const std::string_view reason = is_known ? std::string_view(notice.reason) : "other";
  record_.count(counter_name({"not_sent", reason}));
  const std::string_view subject = campaign == nullptr ? "" : std::string_view(campaign->name);
  runner_.log(user, LogRecord::Kind::kEvent, nullptr, "not sent",
              fmt::format("{} {}", subject, notice.reason));
  record_.output.notes.push_back({"not_sent", fmt::format("campaign={} key={} reason={}", subject,
                                                          key ? key->hex() : "", reason)});
}

// The message that is meant, where the notice has no key: the last of its campaign by then.
std::optional<base::Hash128> Turn::last_sent(const UserState& user, const graph::Campaign& campaign,
                                             const Notice& notice) const {
  const base::Instant by = record_.happened_at(notice.created_at) + kNoticeClockDifference;
  const engine::SentMessage* last = nullptr;
  for (const engine::SentMessage& sent : user.sent()) {
    if (sent.campaign != campaign.name || sent.at > by) continue;
    if (last == nullptr || last->at < sent.at) last = &sent;
  }
  return last == nullptr ? std::nullopt : std::optional(last->key);
}

}  // namespace sojourn::runtime
