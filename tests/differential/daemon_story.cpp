#include "tests/differential/daemon_story.h"

#include <algorithm>
#include <array>
#include <fmt/core.h>
#include <map>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <tuple>
#include <utility>

#include "runtime/counter_names.h"
#include "runtime/log_record.h"

namespace sojourn::differential {
namespace {

using oracle::Told;
using runtime::LogRecord;

constexpr std::size_t kMostLogRows = 100'000;

// `measured j1 x3 a`, so often.
Told count_of(const std::string& what, std::int64_t times) {
  return {base::Instant{}, "counted", fmt::format("{}: {}", what, times)};
}

std::optional<std::string> told_by(const LogRecord& record, const graph::Catalog& catalog) {
  switch (record.kind) {
    case LogRecord::Kind::kEntered:
      return "enter";
    case LogRecord::Kind::kEntryUpdated:
      return "entry updated";
    case LogRecord::Kind::kRefused:
      return "refused " + record.detail;
    case LogRecord::Kind::kAnswered:
      return "answered " + record.subject;
    case LogRecord::Kind::kExited:
      return "exit " + record.detail;
    case LogRecord::Kind::kGoal:
      return "goal " + record.subject + (record.detail.empty() ? "" : " " + record.detail);
    case LogRecord::Kind::kSkipped:
      if (record.detail == "exited" || catalog.find_campaign(record.subject) == nullptr) break;
      return fmt::format("skip {} as {}", record.subject, record.detail);
    default:
      break;
  }
  return std::nullopt;
}

[[noreturn]] void fail(const std::string& why) {
  throw std::runtime_error(why);
}

}  // namespace

std::vector<Told> told_by_log(store::Store& store, store::UserId user,
                              const graph::Catalog& catalog, const std::string& name) {
  std::vector<Told> out;
  const auto rows = store.rows(user, store::RowKind::kLog, kMostLogRows);
  if (!rows) fail(rows.error().message);
  for (auto row = rows->rbegin(); row != rows->rend(); ++row) {
    const auto records = runtime::decode_log(row->body);
    if (!records) fail(records.error().message);
    for (const LogRecord& record : *records) {
      if (auto what = told_by(record, catalog)) out.push_back({record.at, name, *what});
    }
  }
  return out;
}

std::vector<Told> told_by_counters(store::Store& store) {
  std::vector<Told> out;
  const auto counters = store.counters();
  if (!counters) fail(counters.error().message);
  for (const auto& [name, value] : *counters) {
    const auto parts = runtime::counter_parts(name);
    const bool met = parts.front() == "measure_met";
    if (!met && parts.front() != "measured") continue;
    out.push_back(count_of(
        fmt::format("{} {} {} {}", met ? "measure" : "measured", parts[1], parts[2], parts[3]),
        value));
  }
  return out;
}

void sort_told(std::vector<Told>& story) {
  std::ranges::sort(story, [](const Told& a, const Told& b) {
    return std::tie(a.journey, a.at, a.what) < std::tie(b.journey, b.at, b.what);
  });
}

std::vector<Told> as_the_daemon_tells(
    const std::vector<DaemonUser>& users,
    const std::function<std::vector<Told>(std::int64_t user)>& live) {
  std::vector<Told> story;
  std::map<std::string, std::int64_t> counts;
  for (const DaemonUser& user : users) {
    std::vector<Told> lived = live(user.id);
    for (Told& told : lived) {
      if (told.what.starts_with("measure")) {
        const std::size_t space = told.what.find(' ');
        ++counts[fmt::format("{} {}{}", told.what.substr(0, space), told.journey,
                             told.what.substr(space))];
        continue;
      }
      constexpr std::array<std::string_view, 9> kUnseen{"update ",       "track ",
                                                        "start ",        "put off ",
                                                        "add to list ",  "remove from list ",
                                                        "subscribe to ", "unsubscribe from ",
                                                        "unanswered "};
      const bool is_unseen = std::ranges::any_of(
          kUnseen, [&](std::string_view kind) { return told.what.starts_with(kind); });
      if (!is_unseen) story.push_back({told.at, user.name, std::move(told.what)});
    }
  }
  for (const auto& [what, times] : counts) story.push_back(count_of(what, times));
  sort_told(story);
  return story;
}

}  // namespace sojourn::differential
