#include "app/demo_summary.h"

#include <fmt/format.h>
#include <numeric>
#include <string_view>

#include "runtime/counter_names.h"

namespace sojourn::app {
namespace {

std::int64_t sum(const std::map<std::string, std::int64_t>& counts) {
  return std::accumulate(
      counts.begin(), counts.end(), std::int64_t{0},
      [](std::int64_t total, const auto& entry) { return total + entry.second; });
}

void append_counts(std::string& out, const std::map<std::string, std::int64_t>& counts,
                   std::string_view what) {
  for (const auto& [name, count] : counts) {
    if (count != 0) out += fmt::format("{:>12} {} {}\n", count, what, name);
  }
}

std::string_view verdict(bool holds) {
  return holds ? "adds up" : "DOES NOT ADD UP";
}

}  // namespace

std::int64_t DemoTotals::inside_sum() const {
  return sum(inside);
}
std::int64_t DemoTotals::exited_sum() const {
  return sum(exited);
}
std::int64_t DemoTotals::skipped_sum() const {
  return sum(skipped);
}

bool DemoTotals::adds_up() const {
  return entered == inside_sum() + exited_sum() && planned == accepted + skipped_sum() + put_off;
}

DemoTotals totals_of(const Counters& counters) {
  DemoTotals totals;
  for (const auto& [name, value] : counters.values()) {
    const auto parts = runtime::counter_parts(name);
    const std::string_view family = parts[0];
    const std::string last(parts.back());
    if (family == "entered") totals.entered += value;
    if (family == "inside") totals.inside[last] += value;
    if (family == "reached") totals.reached[last] += value;
    if (family == "exited") totals.exited[last] += value;
    if (family == "planned") totals.planned += value;
    if (family == "accepted") totals.accepted += value;
    if (family == "skipped") totals.skipped[last] += value;
    if (family == "in_doubt") totals.in_doubt += value;
    if (family == "events") totals.events += value;
  }
  return totals;
}

bool agree(const DemoTotals& totals, const DemoReceipts& receipts) {
  const auto distinct = static_cast<std::int64_t>(receipts.messages - receipts.repeats);
  return distinct >= totals.accepted &&
         static_cast<std::int64_t>(receipts.repeats) <= totals.in_doubt;
}

std::string summary_text(const DemoTotals& totals, const DemoReceipts& receipts) {
  std::string out = fmt::format("people\n{:>12} entered\n", totals.entered);
  append_counts(out, totals.inside, "are at");
  append_counts(out, totals.exited, "left as");
  out += fmt::format("             entered = inside + exited: {} = {} + {}, {}\n", totals.entered,
                     totals.inside_sum(), totals.exited_sum(),
                     verdict(totals.entered == totals.inside_sum() + totals.exited_sum()));
  out +=
      fmt::format("messages\n{:>12} planned\n{:>12} accepted\n", totals.planned, totals.accepted);
  append_counts(out, totals.skipped, "skipped:");
  out += fmt::format("{:>12} put off\n", totals.put_off);
  out += fmt::format(
      "             planned = accepted + skipped + put off: {} = {} + {} + {}, {}\n",
      totals.planned, totals.accepted, totals.skipped_sum(), totals.put_off,
      verdict(totals.planned == totals.accepted + totals.skipped_sum() + totals.put_off));
  out += fmt::format(
      "the look-alike of Iterable\n{:>12} messages received\n{:>12} of them twice; "
      "{} attempts were in doubt, {}\n",
      receipts.messages - receipts.repeats, receipts.repeats, totals.in_doubt,
      agree(totals, receipts) ? "as promised" : "NOT AS PROMISED");
  return out;
}

std::string step_table(const DemoTotals& totals) {
  std::string out = fmt::format("  {:<24} {:>8} {:>8}\n", "step", "reached", "inside");
  for (const auto& [step, reached] : totals.reached) {
    const auto inside = totals.inside.find(step);
    out += fmt::format("  {:<24} {:>8} {:>8}\n", step, reached,
                       inside == totals.inside.end() ? 0 : inside->second);
  }
  return out;
}

}  // namespace sojourn::app
