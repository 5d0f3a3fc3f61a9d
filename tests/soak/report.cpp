#include "tests/soak/report.h"

#include <algorithm>
#include <fmt/format.h>

namespace sojourn::soak {
namespace {

// 1234567 as "1,234,567".
std::string count(std::uint64_t number) {
  const std::string digits = std::to_string(number);
  std::string out;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) out += ',';
    out += digits[i];
  }
  return out;
}

std::string megabytes(std::uint64_t bytes) {
  return fmt::format("{:.0f} MB", static_cast<double>(bytes) / 1e6);
}

void add(const char* what, const Classes& classes, Rows& out) {
  for (const auto& [name, times] : classes) {
    out.emplace_back(fmt::format("{}: {}", what, name), count(times));
  }
}

std::string usage(const Usage& usage, std::uint64_t people) {
  return fmt::format("{:.1f} s ({:.2f} s for 1,000 people), {}", usage.cpu_seconds,
                     usage.cpu_seconds * 1000 / static_cast<double>(people),
                     megabytes(usage.most_resident_bytes));
}

}  // namespace

Rows rows_of(const Tally& tally) {
  Rows out{{"people whose events were acknowledged", count(tally.people)},
           {"planned: messages in the daemon's store", count(tally.planned)},
           {"recorded: messages in the sandbox's file", count(tally.recorded)},
           {"come back: notices that the sandbox told", count(tally.told)},
           {"come back: engagements in the logs of people", count(tally.worked_in)}};
  add("people", tally.person_classes, out);
  add("messages", tally.message_classes, out);
  add("notices", tally.notice_classes, out);
  add("the daemon counts", tally.counted_notices, out);
  out.emplace_back("waits that ended by themselves", count(tally.waits));
  out.emplace_back("of these more than 1 s late", count(tally.late_waits));
  out.emplace_back("the latest", fmt::format("{} ms", tally.latest.count));
  out.emplace_back("**unexplained differences**", count(tally.unexplained));
  return out;
}

Rows rows_of(const Run& run, const Terms& terms) {
  const bool is_closed = run.pace.people_per_second <= 0;
  const std::uint64_t people = std::max<std::uint64_t>(run.load.acknowledged, 1);
  Rows out{{"people a second, asked for",
            is_closed ? "as many as are taken" : fmt::format("{:.0f}", run.pace.people_per_second)},
           {"people a second, acknowledged",
            fmt::format("{:.0f}, for {:.0f} s", run.load.per_second(), run.load.seconds())},
           {"people a second, all the way", fmt::format("{:.0f}", run.people_per_second(terms))},
           {"an event's answer, p50 and p99",
            fmt::format("{:.1f} ms, {:.1f} ms", run.load.latency_ms_p50, run.load.latency_ms_p99)},
           {"events answered 429", count(run.load.refused)},
           {"notices refused or not answered", count(run.end.webhooks_refused)},
           {"answers that the sandbox kept back", count(run.end.answers_lost)},
           {"from the first event to the last exit", fmt::format("{:.1f} s", run.exited_seconds)},
           {"from the first event to the last notice", fmt::format("{:.1f} s", run.told_seconds)},
           {"the daemon: CPU, most resident memory", usage(run.end.daemon, people)},
           {"the sandbox: CPU, most resident memory", usage(run.end.sandbox, people)}};
  const Rows joined = rows_of(run.tally);
  out.insert(out.end(), joined.begin(), joined.end());
  return out;
}

std::string as_text(const std::string& title, const Rows& rows) {
  std::size_t width = 0;
  for (const auto& [what, value] : rows) width = std::max(width, what.size());
  std::string out = title + "\n";
  for (const auto& [what, value] : rows) out += fmt::format("  {:<{}}  {}\n", what, width, value);
  return out;
}

std::string as_markdown(const std::string& title, const Rows& rows) {
  std::string out = fmt::format("| {} | |\n|---|---|\n", title);
  for (const auto& [what, value] : rows) out += fmt::format("| {} | {} |\n", what, value);
  return out + "\n";
}

std::string differences_text(const Tally& tally) {
  if (tally.unexplained == 0) return {};
  std::string out = fmt::format("{} difference{} that nothing explains", tally.unexplained,
                                tally.unexplained == 1 ? "" : "s");
  out += tally.unexplained > tally.shown.size()
             ? fmt::format("; the first {}:\n", tally.shown.size())
             : std::string(":\n");
  for (const Difference& one : tally.shown) {
    out += fmt::format("  {}{}: {}\n", one.email.empty() ? "all together" : one.email,
                       one.key.empty() ? "" : " key=" + one.key, one.what);
  }
  return out;
}

}  // namespace sojourn::soak
