#include "runtime/intake_reply.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <string_view>

#include "base/text.h"

namespace sojourn::runtime {
namespace {

using Endpoint = IntakeRequest::Endpoint;

void append_list(std::string& out, std::string_view name, const std::vector<std::string>& items) {
  base::append_json_string(out, name);
  out += ":[";
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i > 0) out += ',';
    base::append_json_string(out, items[i]);
  }
  out += ']';
}

std::vector<std::string> listed(const IntakeResult& result, std::string_view list,
                                std::string_view or_list = {}) {
  std::vector<std::string> identities;
  for (const IntakeFailure& failure : result.failures) {
    const bool is_listed = failure.list == list || failure.list == or_list;
    if (is_listed) identities.push_back(failure.identity);
  }
  return identities;
}

std::string bulk_body(const IntakeResult& result) {
  static constexpr std::array<std::string_view, 10> kUserLists{
      "invalidEmails",     "invalidUserIds",     "notFoundEmails", "notFoundUserIds",
      "invalidDataEmails", "invalidDataUserIds", "conflictEmails", "conflictUserIds",
      "forgottenEmails",   "forgottenUserIds"};
  static constexpr std::array<std::string_view, 6> kEventLists{
      "invalidEmails",   "invalidUserIds",  "notFoundEmails",
      "notFoundUserIds", "forgottenEmails", "forgottenUserIds"};
  const bool events = result.endpoint == Endpoint::kEventsTrackBulk;
  std::string out = fmt::format(R"({{"successCount":{},"failCount":{},"createdFields":[],)",
                                result.accepted, result.failures.size());
  append_list(out, "filteredOutFields", result.filtered_out_fields);
  if (events) out += R"(,"disallowedEventNames":[])";
  out += ',';
  append_list(out, "invalidEmails", listed(result, "invalidEmails"));
  out += ',';
  append_list(out, "invalidUserIds", listed(result, "invalidUserIds"));
  out += R"(,"failedUpdates":{)";
  const std::string_view* begin = events ? kEventLists.data() : kUserLists.data();
  const std::size_t count = events ? kEventLists.size() : kUserLists.size();
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) out += ',';
    append_list(out, begin[i], listed(result, begin[i]));
  }
  // Iterable has no such events, so no such list.
  if (const auto too_many = listed(result, kTooManyUsers); !too_many.empty()) {
    out += ',';
    append_list(out, kTooManyUsers, too_many);
  }
  return out + "}}";
}

// Iterable tells two reasons apart, of which the second, here a conflict of two users or one who
// was forgotten, is listed by the kind of name.
std::string subscriptions_body(const IntakeResult& result) {
  std::string out = fmt::format(R"({{"successCount":{},"failCount":{},)", result.accepted,
                                result.failures.size());
  append_list(out, "invalidEmails", listed(result, "invalidEmails"));
  out += ',';
  append_list(out, "invalidUserIds", listed(result, "invalidUserIds"));
  out += ',';
  append_list(out, "validEmailFailures", listed(result, "conflictEmails", "forgottenEmails"));
  out += ',';
  append_list(out, "validUserIdFailures", listed(result, "conflictUserIds", "forgottenUserIds"));
  return out + "}";
}

// Iterable's has no place for those that were left out.
IntakeAnswer subscription_of_many_answer(const IntakeResult& result) {
  if (result.failures.empty()) return envelope(202, "Success", {});
  return envelope(202, "Success",
                  fmt::format("{} of {} users were left out: their names are not valid, they were "
                              "forgotten, or they have too many subscriptions",
                              result.failures.size(), result.failures.size() + result.accepted));
}

IntakeAnswer turned_away(IntakeResult::TurnedAway why) {
  if (why == IntakeResult::TurnedAway::kFull) {
    return envelope(429, "RateLimitExceeded",
                    "too many users still wait for events of theirs; send it again", "{}");
  }
  return envelope(413, "BatchTooLarge",
                  "the events are for more users together than may wait; divide the request");
}

// As Iterable answers: a call that changes who somebody is, or their profile, is a conflict.
int forgotten_status(Endpoint endpoint) {
  switch (endpoint) {
    case Endpoint::kUsersUpdate:
    case Endpoint::kUsersUpdateEmail:
    case Endpoint::kUsersMerge:
    case Endpoint::kSubscriptionsUpdate:
    case Endpoint::kSubscription:
    case Endpoint::kTrackPurchase:
    case Endpoint::kUpdateCart:
      return 409;
    default:
      return 400;
  }
}

IntakeAnswer refused(const IntakeFailure& failure, Endpoint endpoint) {
  if (failure.list == kTooManyUsers) {
    return envelope(400, "TooManyUsers",
                    fmt::format("event `{}` is for more users than it may be; nothing was done",
                                failure.identity));
  }
  if (failure.list == kSameUser) {
    return envelope(400, "BadParams",
                    fmt::format("`{}` and the destination are the same user", failure.identity));
  }
  if (failure.list == kNotInLedger) {
    return envelope(503, "ServiceUnavailable",
                    "the ledger of erasures cannot be written; nobody was erased, send it again");
  }
  if (failure.list == kTooManyIds) {
    return envelope(400, "BadParams",
                    fmt::format("so many message types or channels are not kept of one user; "
                                "nothing was done for `{}`",
                                failure.identity));
  }
  if (is_forgotten(failure)) {
    return envelope(forgotten_status(endpoint), "ForgottenUserError",
                    "the user has been forgotten");
  }
  if (failure.list == "notFoundEmails" || failure.list == "notFoundUserIds") {
    return envelope(400, "BadParams", fmt::format("there is no user `{}`", failure.identity));
  }
  // updateEmail tells of the same as a bad request.
  return envelope(endpoint == Endpoint::kUsersUpdateEmail ? 400 : 409,
                  failure.list == "conflictEmails" ? "EmailAlreadyExists" : "UserIdAlreadyExists",
                  fmt::format("`{}` belongs to another user", failure.identity));
}

// Of one item that was taken.
IntakeAnswer single_answer(const IntakeResult& result) {
  const auto said = [](std::string_view msg) { return envelope(200, "Success", msg); };
  const auto with_id = [&](std::string_view what, std::string_view done) {
    std::string id;
    base::append_json_string(id, result.answer_id);
    return envelope(200, "Success", fmt::format("{} with id: {} {}.", what, result.answer_id, done),
                    fmt::format(R"({{"id":{}}})", id));
  };
  switch (result.endpoint) {
    case Endpoint::kUsersUpdate:
      return said("User successfully created/updated.");
    case Endpoint::kSubscriptionsUpdate:
      return said("User subscriptions successfully updated.");
    case Endpoint::kSubscription:
      return envelope(202, "Success", {});
    case Endpoint::kUsersUpdateEmail:
      return said("User email successfully updated.");
    case Endpoint::kUsersMerge:
      return said("Users successfully merged.");
    case Endpoint::kUsersDelete:
      return said(fmt::format("User {} was successfully deleted", result.answer_id));
    case Endpoint::kUsersForget:
    case Endpoint::kUsersUnforget:
      return said({});
    case Endpoint::kUpdateCart:
      return said("Shopping cart successfully updated.");
    case Endpoint::kTriggerWorkflow:
      return said({});
    case Endpoint::kTrackPurchase:
      return with_id("Purchase", "tracked");
    case Endpoint::kJourneyEntry:
      return with_id("Entry", "taken");
    case Endpoint::kEngagements:
      return with_id("Engagement", "tracked");
    default:
      return with_id("Event", "tracked");
  }
}

bool is_segments(Endpoint endpoint) {
  return endpoint == Endpoint::kSegmentTrack || endpoint == Endpoint::kSegmentIdentify ||
         endpoint == Endpoint::kSegmentAlias || endpoint == Endpoint::kSegmentBatch ||
         endpoint == Endpoint::kSegmentOther;
}

// Segment's shape, and our own of the same kind: what was refused stands under its place. Where
// nothing was taken it is a 400: nothing of it need be sent again.
IntakeAnswer listed_answer(const IntakeResult& result) {
  std::string refused;
  const auto add = [&](const std::string& index, std::string_view message) {
    if (!refused.empty()) refused += ',';
    refused += fmt::format(R"({{{}"message":)", index);
    base::append_json_string(refused, message);
    refused += '}';
  };
  for (const IntakeRefusal& refusal : result.refusals) {
    add(fmt::format(R"("index":{},)", refusal.index), refusal.message);
  }
  for (const IntakeFailure& failure : result.failures) {
    add({}, fmt::format("{}: {}", failure.list, failure.identity));
  }
  const bool nothing_taken = !refused.empty() && result.accepted == 0;
  return IntakeAnswer{nothing_taken ? 400 : 200,
                      fmt::format(R"({{"success":{},"accepted":{},"refused":[{}]}})",
                                  !nothing_taken, result.accepted, refused)};
}

}  // namespace

IntakeAnswer answer_of(const IntakeResult& result) {
  if (result.turned_away) return turned_away(*result.turned_away);
  const bool is_bulk = result.endpoint == Endpoint::kUsersBulkUpdate ||
                       result.endpoint == Endpoint::kEventsTrackBulk ||
                       result.endpoint == Endpoint::kListsSubscribe ||
                       result.endpoint == Endpoint::kListsUnsubscribe;
  if (is_bulk) return IntakeAnswer{200, bulk_body(result)};
  if (is_segments(result.endpoint) || result.endpoint == Endpoint::kEvents) {
    return listed_answer(result);
  }
  if (result.endpoint == Endpoint::kSubscriptionsBulkUpdate) {
    return IntakeAnswer{200, subscriptions_body(result)};
  }
  if (result.endpoint == Endpoint::kSubscriptionOfMany) return subscription_of_many_answer(result);
  if (!result.failures.empty()) return refused(result.failures[0], result.endpoint);
  return single_answer(result);
}

}  // namespace sojourn::runtime
