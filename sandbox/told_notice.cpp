#include "sandbox/told_notice.h"

#include <algorithm>
#include <array>
#include <fmt/core.h>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

namespace sojourn::sandbox {
namespace {

using nlohmann::json;
using End = ToldNotice::End;

// Kept in records: never change a word.
constexpr std::array<std::pair<End, std::string_view>, 4> kEnds{{{End::kTaken, ""},
                                                                 {End::kGivenUp, "given_up"},
                                                                 {End::kDropped, "dropped"},
                                                                 {End::kLost, "lost"}}};

std::string topic_of(const ToldNotice& notice) {
  const auto word = std::ranges::find(kEnds, notice.end, &std::pair<End, std::string_view>::first);
  return word->second.empty() ? notice.event : fmt::format("{} {}", notice.event, word->second);
}

tl::unexpected<base::Error> unreadable(const store::Record& record) {
  return base::failure(base::Error::Kind::kInvalid,
                       fmt::format("`{}` of {} is not the record of a notice", record.topic,
                                   record.subject.empty() ? "nobody" : record.subject),
                       "it was written by another version, or changed by hand");
}

}  // namespace

store::Record record_of(const ToldNotice& notice) {
  const json body{{"key", notice.message_key},
                  {"message", notice.message},
                  {"happened", notice.happened.millis},
                  {"begun", notice.begun.millis},
                  {"attempts", notice.attempts},
                  {"unanswered", notice.unanswered},
                  {"bot", notice.bot},
                  {"again", notice.again}};
  return {.topic = topic_of(notice),
          .key = {},
          .subject = notice.subject,
          .time = notice.ended,
          .body = body.dump()};
}

base::Result<ToldNotice> told_notice(const store::Record& record) {
  ToldNotice out;
  const std::size_t blank = record.topic.find(' ');
  out.event = record.topic.substr(0, blank);
  const std::string_view word =
      blank == std::string::npos ? "" : std::string_view(record.topic).substr(blank + 1);
  const auto* end = std::ranges::find(kEnds, word, &std::pair<End, std::string_view>::second);
  const json body = json::parse(record.body, nullptr, false);
  if (end == kEnds.end() || !body.is_object()) return unreadable(record);
  out.end = end->first;
  out.subject = record.subject;
  out.ended = record.time;
  try {
    out.message_key = body.at("key").get<std::string>();
    out.message = body.at("message").get<std::uint64_t>();
    out.happened = base::Instant{body.at("happened").get<std::int64_t>()};
    out.begun = base::Instant{body.at("begun").get<std::int64_t>()};
    out.attempts = body.at("attempts").get<int>();
    out.unanswered = body.at("unanswered").get<int>();
    out.bot = body.at("bot").get<bool>();
    out.again = body.at("again").get<bool>();
  } catch (const json::exception&) {
    return unreadable(record);
  }
  return out;
}

}  // namespace sojourn::sandbox
