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

std::vector<std::string> listed(const IntakeResult& result, std::string_view list) {
  std::vector<std::string> identities;
  for (const IntakeFailure& failure : result.failures) {
    if (failure.list == list) identities.push_back(failure.identity);
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
  return out + "}}";
}

}  // namespace

IntakeAnswer answer_of(const IntakeResult& result) {
  const bool is_bulk = result.endpoint == Endpoint::kUsersBulkUpdate ||
                       result.endpoint == Endpoint::kEventsTrackBulk ||
                       result.endpoint == Endpoint::kListsSubscribe ||
                       result.endpoint == Endpoint::kListsUnsubscribe;
  if (is_bulk) {
    return IntakeAnswer{200, bulk_body(result)};
  }
  if (!result.failures.empty()) {
    return envelope(
        409,
        result.failures[0].list == "conflictEmails" ? "EmailAlreadyExists" : "UserIdAlreadyExists",
        fmt::format("`{}` belongs to another user", result.failures[0].identity));
  }
  if (result.endpoint == Endpoint::kUsersUpdate) {
    return envelope(200, "Success", "User successfully created/updated.");
  }
  std::string id;
  base::append_json_string(id, result.answer_id);
  const bool entry = result.endpoint == Endpoint::kJourneyEntry;
  const std::string_view what = result.endpoint == Endpoint::kEngagements ? "Engagement"
                                : entry                                   ? "Entry"
                                                                          : "Event";
  return envelope(
      200, "Success",
      fmt::format("{} with id: {} {}.", what, result.answer_id, entry ? "taken" : "tracked"),
      fmt::format(R"({{"id":{}}})", id));
}

}  // namespace sojourn::runtime
