#include "testing/timeline.h"

#include <algorithm>
#include <array>
#include <fmt/core.h>

#include "base/civil.h"
#include "calendar/arithmetic.h"
#include "graph/expression_text.h"

namespace sojourn::testing {
namespace {

using Kind = Occurrence::Kind;

std::string with_fields(std::string text, const std::vector<graph::Field>& fields) {
  const std::string data = fields_text(fields);
  if (!data.empty()) text += " " + data;
  return text;
}

std::string with_detail(std::string text, std::string_view detail) {
  if (!detail.empty()) text += fmt::format(" ({})", detail);
  return text;
}

std::string what(const Occurrence& o, const calendar::Zone& zone) {
  switch (o.kind) {
    case Kind::kEvent:
      return with_detail(with_fields("event  " + o.subject, o.fields), o.detail);
    case Kind::kProfile:
      return with_fields(o.subject.empty() ? "profile" : o.subject, o.fields);
    case Kind::kEntered:
      return "enter";
    case Kind::kEntryUpdated:
      return fmt::format("entry  {}", o.subject);
    case Kind::kRefused:
      return fmt::format("refuse {} ({})", o.subject, o.detail);
    case Kind::kWay:
      return fmt::format("way    {}: {}", o.subject, o.detail);
    case Kind::kRungSkipped:
      return fmt::format("missed {}: {} had gone by", o.subject, o.detail);
    case Kind::kSend:
      return with_fields("send   " + o.subject, o.fields);
    case Kind::kSkip:
      return fmt::format("skip   {} as {}", o.subject, o.detail);
    case Kind::kDefer:
      return fmt::format("defer  {} until {} ({})", o.subject, local_time_text(zone, o.until),
                         o.detail);
    case Kind::kGoal:
      return with_detail("goal   " + o.subject, o.detail);
    case Kind::kUpdate:
      return with_fields("update", o.fields);
    case Kind::kMembership:
      return with_detail(o.subject, o.detail);
    case Kind::kTrack:
      return with_detail(with_fields("track  " + o.subject, o.fields), o.detail);
    case Kind::kCall:
      return with_fields("call   " + o.subject, o.fields);
    case Kind::kAnswer:
      return with_detail(with_fields("answer " + o.subject, o.fields), o.detail);
    case Kind::kStart:
      return with_detail(with_fields("start  " + o.subject, o.fields), o.detail);
    case Kind::kByApi:
      return with_fields("api    " + o.subject, o.fields);
    case Kind::kRests:
      return "at     " + o.subject;
    case Kind::kExited:
      return "exit   " + o.detail;
  }
  return {};
}

// Of another journey or another user, it says so.
std::string text_of(const TestProgram& program, JourneyIndex under_test, const Occurrence& o,
                    const calendar::Zone& zone) {
  std::string text = what(o, zone);
  if (o.of_other_user) text += "  [another user]";
  if (o.journey != Occurrence::kNoJourney && o.journey != under_test) {
    text += fmt::format("  [{}]", program.journeys()[o.journey].graph().journey);
  }
  return text;
}

// Leaves the beginning and what stands around the mark.
void cut(std::vector<TimelineLine>& lines) {
  constexpr std::size_t kBeginning = 20;
  constexpr std::size_t kBehindMark = 20;
  if (lines.size() <= kMaxTimelineLines) return;
  const auto mark = std::ranges::find(lines, true, &TimelineLine::marked);
  const std::size_t end =
      std::min(lines.size(), static_cast<std::size_t>(mark - lines.begin()) + 1 + kBehindMark);
  const std::size_t behind = lines.size() - end;
  lines.resize(end);
  const auto note = [](std::size_t count) { return fmt::format("… {} more lines", count); };
  if (behind > 0) lines.push_back({lines.back().at, {}, note(behind), false});
  if (lines.size() <= kMaxTimelineLines) return;
  const std::size_t surplus = lines.size() - kMaxTimelineLines + 1;
  const auto from = lines.begin() + static_cast<std::ptrdiff_t>(kBeginning);
  *from = {from->at, {}, note(surplus), false};
  lines.erase(from + 1, from + static_cast<std::ptrdiff_t>(surplus));
}

}  // namespace

std::string fields_text(const std::vector<graph::Field>& fields) {
  if (fields.empty()) return {};
  std::string text = "{";
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const std::string value =
        fields[i].second.is_missing() ? "missing" : graph::to_string(fields[i].second);
    text += fmt::format("{} {}: {}", i == 0 ? "" : ",", fields[i].first, value);
  }
  return text + " }";
}

std::string local_time_text(const calendar::Zone& zone, base::Instant t) {
  constexpr std::array<std::string_view, 7> kDays{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  const calendar::LocalTime local = zone.to_local(t);
  const base::CivilDay day = base::civil_from_days(local.day);
  const std::int32_t seconds = local.millis / 1000;
  std::string text = fmt::format("{:04}-{:02}-{:02} {} {:02}:{:02}", day.year, day.month, day.day,
                                 kDays[static_cast<std::size_t>(calendar::weekday(local.day) - 1)],
                                 seconds / 3600, seconds / 60 % 60);
  if (local.millis % 60'000 != 0) text += fmt::format(":{:02}", seconds % 60);
  return text;
}

std::vector<TimelineLine> make_timeline(const TestProgram& program, JourneyIndex under_test,
                                        const std::vector<Occurrence>& journal, base::Instant now,
                                        const calendar::Zone& zone, const Difference& difference) {
  std::vector<TimelineLine> lines;
  lines.reserve(journal.size() + 1);
  for (std::size_t i = 0; i < journal.size(); ++i) {
    const bool differs = difference.occurrence == i;
    TimelineLine& line = lines.emplace_back();
    line.at = journal[i].at;
    line.local = local_time_text(zone, line.at);
    line.text = text_of(program, under_test, journal[i], zone);
    line.marked = differs;
    if (differs) line.text += "   <- " + difference.remark;
  }
  if (!difference.occurrence) {
    lines.push_back({now, local_time_text(zone, now), "<- " + difference.remark, true});
  }
  cut(lines);
  return lines;
}

}  // namespace sojourn::testing
