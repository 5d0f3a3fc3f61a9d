#include "tests/faults/report.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace sojourn::faults {
namespace {

using e2e::Fate;

// The columns behind the runs, in the order of the catalogue.
constexpr std::array<Fate, e2e::kFates> kColumns{Fate::kOk,    Fate::kLost, Fate::kDoubled,
                                                 Fate::kEarly, Fate::kLate, Fate::kUnknown};

std::uint64_t of(const Tally& tally, Fate fate) {
  const auto found = tally.fates.find(fate);
  return found == tally.fates.end() ? 0 : found->second;
}

// The smallest of `sorted` that `share` of them do not exceed.
std::int64_t percentile(const std::vector<std::int64_t>& sorted, double share) {
  const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(sorted.size())));
  return sorted[std::max<std::size_t>(rank, 1) - 1];
}

std::vector<std::string> needs_of(const Case& one) {
  std::vector<std::string> out;
  for (const Means means : one.needs) out.emplace_back(to_string(means));
  return out;
}

std::string figures_text(const Tally& tally) {
  std::string out;
  for (const auto& [name, value] : tally.figures) {
    out += fmt::format("{}{} {}", out.empty() ? "" : "; ", name, value);
  }
  return out;
}

}  // namespace

std::string list_text(const Cases& cases) {
  std::string out;
  for (const Case& one : cases) {
    out += fmt::format(
        "{:<32}{}{}{}\n", one.name, one.injected, one.is_quick ? " (quick)" : "",
        one.needs.empty() ? "" : fmt::format(" [needs {}]", fmt::join(needs_of(one), ", ")));
  }
  return out;
}

std::string table_head() {
  return fmt::format("{:<32}{:>6}{:>8}{:>6}{:>9}{:>7}{:>6}{:>9}{:>12}\n", "case", "runs", "ok",
                     "lost", "doubled", "early", "late", "unknown", "violations");
}

std::string table_line(const Result& result) {
  const Tally& tally = result.tally;
  if (tally.not_run) return fmt::format("{:<32}not run: {}\n", result.what->name, *tally.not_run);
  return fmt::format("{:<32}{:>6}{:>8}{:>6}{:>9}{:>7}{:>6}{:>9}{:>12}\n", result.what->name,
                     tally.runs, of(tally, Fate::kOk), of(tally, Fate::kLost),
                     of(tally, Fate::kDoubled), of(tally, Fate::kEarly), of(tally, Fate::kLate),
                     of(tally, Fate::kUnknown), tally.violations);
}

std::string details(const Result& result) {
  std::string out;
  for (const std::string& what : result.tally.shown) out += fmt::format("  violated: {}\n", what);
  if (result.tally.violations > result.tally.shown.size()) {
    out += fmt::format("  and {} more\n", result.tally.violations - result.tally.shown.size());
  }
  const std::string figures = figures_text(result.tally);
  return figures.empty() ? out : out + fmt::format("  {}\n", figures);
}

std::string summary(const std::vector<Result>& results) {
  std::vector<std::int64_t> restarts;
  std::uint64_t violations = 0;
  std::size_t not_run = 0;
  for (const Result& result : results) {
    violations += result.tally.violations;
    not_run += result.tally.not_run ? 1 : 0;
    restarts.insert(restarts.end(), result.tally.restart_millis.begin(),
                    result.tally.restart_millis.end());
  }
  std::ranges::sort(restarts);
  std::string out = fmt::format("{} cases run, {} not run, {} violations\n",
                                results.size() - not_run, not_run, violations);
  if (restarts.empty()) return out;
  return out + fmt::format("{} restarts, from exec to serving: p50 {} ms, p99 {} ms, max {} ms\n",
                           restarts.size(), percentile(restarts, 0.5), percentile(restarts, 0.99),
                           restarts.back());
}

std::string as_markdown(const std::vector<Result>& results) {
  std::string out =
      "| Case | Injected | Runs | ok | lost | doubled | early | late | unknown | Violations | |\n"
      "|---|---|---|---|---|---|---|---|---|---|---|\n";
  for (const Result& result : results) {
    const Tally& tally = result.tally;
    out += fmt::format("| {} | {} |", result.what->name, result.what->injected);
    if (tally.not_run) {
      out += fmt::format(" | | | | | | | | not run: {} |\n", *tally.not_run);
      continue;
    }
    out += fmt::format(" {} |", tally.runs);
    for (const Fate fate : kColumns) out += fmt::format(" {} |", of(tally, fate));
    out += fmt::format(" {} | {} |\n", tally.violations, figures_text(tally));
  }
  return out + "\n" + summary(results);
}

std::string as_log(const std::vector<Result>& results, std::uint64_t seed) {
  std::string out = fmt::format("seed {}\n", seed);
  for (const Result& result : results) {
    out += fmt::format("\n{}: {}\n", result.what->name, result.what->injected);
    for (const std::string& note : result.tally.notes) out += fmt::format("  {}\n", note);
    if (!result.tally.restart_millis.empty()) {
      out += fmt::format("  restarts, ms: {}\n", fmt::join(result.tally.restart_millis, " "));
    }
    out += table_head() + table_line(result) + details(result);
  }
  return out + "\n" + summary(results);
}

}  // namespace sojourn::faults
