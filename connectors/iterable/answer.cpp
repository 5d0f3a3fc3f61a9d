#include "connectors/iterable/answer.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <simdjson.h>

#include "base/text.h"

namespace sojourn::connectors::iterable {
namespace {

constexpr std::size_t kMaxCode = 64;
constexpr std::size_t kMaxDepth = 64;

// For logs: one line, no control characters, cut at a whole character.
std::string shortened(std::string_view text) {
  std::string out(text.substr(0, kMaxWords));
  if (const auto bad = base::first_invalid_utf8(out)) out.resize(*bad);
  std::replace_if(
      out.begin(), out.end(),
      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
  return out;
}

// Iterable's codes are bare words (`BadParams`, `error.catalogs.notFound`).
bool is_code(std::string_view text) {
  return !text.empty() && text.size() <= kMaxCode &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '.' || c == '_';
         });
}

// What makes a user fail, by the list of `failedUpdates` that then names them.
struct Failure {
  std::string_view list;
  std::string_view code;
};
constexpr auto kFailures = std::to_array<Failure>({
    {"invalidEmails", "InvalidEmailAddressError"},
    {"invalidUserIds", "InvalidUserIdError"},
    {"notFoundEmails", "UnknownEmailError"},
    {"notFoundUserIds", "UnknownUserIdError"},
    {"forgottenEmails", "ForgottenUserError"},
    {"forgottenUserIds", "ForgottenUserError"},
    {"invalidDataEmails", "RequestFieldsTypesMismatched"},
    {"invalidDataUserIds", "RequestFieldsTypesMismatched"},
    {"conflictEmails", "Conflict"},
    {"conflictUserIds", "Conflict"},
    // Nothing of the user differed.
    {"noOpEmails", ""},
    {"noOpUserIds", ""},
});
// None of them.
constexpr std::string_view kOtherFailure = "GenericError";

// The object that the body is; false when it is none. It lives until the next call on this
// thread.
bool parse_object(const simdjson::padded_string& padded, simdjson::dom::object& object) {
  thread_local simdjson::dom::parser parser;  // keeps its buffers between answers
  const bool ready = padded.size() > 0 && (parser.capacity() >= padded.size() ||
                                           !parser.allocate(padded.size(), kMaxDepth));
  return ready && !parser.parse(padded).get_object().get(object);
}

template <typename Use>
void for_each_name(const simdjson::dom::object& object, std::string_view list, Use use) {
  simdjson::dom::array names;
  if (object[list].get_array().get(names)) return;
  for (const simdjson::dom::element element : names) {
    std::string_view name;
    if (!element.get_string().get(name)) use(name);
  }
}

void read_failed_users(const simdjson::dom::object& lists, BulkAnswer& answer) {
  for (const auto& [list, names] : lists) {
    const auto* known = std::find_if(kFailures.begin(), kFailures.end(),
                                     [&](const Failure& failure) { return failure.list == list; });
    const std::string_view code = known == kFailures.end() ? kOtherFailure : known->code;
    const bool of_emails = list.ends_with("Emails");
    if (!of_emails && !list.ends_with("UserIds")) continue;
    for_each_name(lists, list, [&](std::string_view name) {
      if (of_emails) answer.emails.insert_or_assign(base::lower_ascii(name), std::string(code));
      if (!of_emails) answer.user_ids.insert_or_assign(std::string(name), std::string(code));
    });
  }
}

}  // namespace

Answer parse_answer(std::string_view body) {
  Answer answer;
  simdjson::dom::object envelope;
  const simdjson::padded_string padded(body);
  if (!parse_object(padded, envelope)) {
    answer.words = shortened(body);
    return answer;
  }
  std::string_view text;
  if (!envelope["code"].get_string().get(text) && is_code(text)) answer.code = text;
  if (!envelope["msg"].get_string().get(text)) answer.words = shortened(text);
  return answer;
}

std::string refused_user(std::string_view body) {
  simdjson::dom::object answer;
  const simdjson::padded_string padded(body);
  std::int64_t failures = 0;
  if (!parse_object(padded, answer) || answer["failCount"].get_int64().get(failures) ||
      failures <= 0) {
    return {};
  }
  simdjson::dom::object lists;
  if (answer["failedUpdates"].get_object().get(lists)) return std::string(kOtherFailure);
  for (const Failure& failure : kFailures) {
    simdjson::dom::array names;
    if (!lists[failure.list].get_array().get(names) && names.size() > 0) {
      return std::string(failure.code);
    }
  }
  return std::string(kOtherFailure);
}

std::optional<BulkAnswer> parse_bulk_answer(std::string_view body) {
  simdjson::dom::object object;
  const simdjson::padded_string padded(body);
  BulkAnswer answer;
  if (!parse_object(padded, object) || object["failCount"].get_int64().get(answer.failures)) {
    return std::nullopt;
  }
  // Some answers name users beside `failedUpdates` too, as they all did once.
  read_failed_users(object, answer);
  simdjson::dom::object failed;
  if (!object["failedUpdates"].get_object().get(failed)) read_failed_users(failed, answer);
  for_each_name(object, "disallowedEventNames",
                [&](std::string_view name) { answer.refused_events.emplace(name); });
  return answer;
}

}  // namespace sojourn::connectors::iterable
