// The part of Iterable's error envelope that we read. Pure; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace sojourn::connectors::iterable {

struct Answer {
  std::string code;   // empty: the body is not Iterable's envelope
  std::string words;  // its `msg`, or the body's own text; at most kMaxWords bytes, valid UTF-8
};
inline constexpr std::size_t kMaxWords = 300;

// Whatever the body holds; other shapes than the envelope (HTML, text) give only words.
Answer parse_answer(std::string_view body);

// Of a call about a list with one user, which is taken whether or not the user was: the code
// that a call about this user alone would have been refused with; empty when they were taken.
std::string refused_user(std::string_view body);

// What a bulk call says of those in it.
struct BulkAnswer {
  std::int64_t failures = 0;  // items
  // The users who were not taken, and the code that a call about each alone would have been
  // refused with. Emails in lower case, userIds as they are.
  std::map<std::string, std::string, std::less<>> emails;
  std::map<std::string, std::string, std::less<>> user_ids;
  // Names of events that the project does not take.
  std::set<std::string, std::less<>> refused_events;
};
// None: the body is no such answer.
std::optional<BulkAnswer> parse_bulk_answer(std::string_view body);

}  // namespace sojourn::connectors::iterable
