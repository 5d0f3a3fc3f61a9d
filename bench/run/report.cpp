#include "bench/run/report.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>

namespace sojourn::bench {
namespace {

using Cells = std::array<std::string, 5>;

std::string spread(const std::vector<double>& values) {
  if (values.empty()) return "-";
  if (values.size() == 1) return number(values.front());
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  return fmt::format("{} ({} to {})", number(median(values)), number(*low), number(*high));
}

std::string bar_text(const ReportRow& row) {
  if (!row.bar) return "";
  const char* verdict = row.meets_bar() ? "met" : "MISSED";
  switch (row.bar->kind) {
    case Bar::Kind::kRatioAtLeast:
      return fmt::format("ratio at least {}: {}", row.bar->value, verdict);
    case Bar::Kind::kRatioAtMost:
      return fmt::format("ratio at most {}: {}", row.bar->value, verdict);
    case Bar::Kind::kSubjectAtLeast:
      return fmt::format("at least {}: {}", row.bar->value, verdict);
    case Bar::Kind::kSubjectBelow:
      return fmt::format("below {}: {}", row.bar->value, verdict);
  }
  return "";
}

Cells header(const Report& report) {
  return {"measure", "floor", report.subject_name, "ratio", "bar"};
}

Cells cells(const ReportRow& row) {
  const auto ratio = row.ratio();
  return {row.measure, spread(row.floor), spread(row.subject), ratio ? number(*ratio) : "-",
          bar_text(row)};
}

}  // namespace

std::string number(double value) {
  const double magnitude = std::abs(value);
  if (magnitude < 10'000)
    return fmt::format("{:.{}f}", value,
                       magnitude < 0.1   ? 4
                       : magnitude < 1   ? 3
                       : magnitude < 10  ? 2
                       : magnitude < 100 ? 1
                                         : 0);
  std::string digits = fmt::format("{:.0f}", value);
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > (value < 0 ? 1 : 0);
       at -= 3) {
    digits.insert(static_cast<std::size_t>(at), ",");
  }
  return digits;
}

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

std::optional<double> ReportRow::ratio() const {
  std::vector<double> ratios;
  for (std::size_t i = 0; i < std::min(floor.size(), subject.size()); ++i) {
    if (floor[i] > 0) ratios.push_back(subject[i] / floor[i]);
  }
  if (ratios.empty()) return std::nullopt;
  return median(ratios);
}

bool ReportRow::meets_bar() const {
  if (!bar) return true;
  switch (bar->kind) {
    case Bar::Kind::kRatioAtLeast:
      return ratio().value_or(0) >= bar->value;
    case Bar::Kind::kRatioAtMost:
      return ratio().value_or(HUGE_VAL) <= bar->value;
    case Bar::Kind::kSubjectAtLeast:
      return !subject.empty() && median(subject) >= bar->value;
    case Bar::Kind::kSubjectBelow:
      return !subject.empty() && median(subject) < bar->value;
  }
  return false;
}

std::string as_text(const Report& report) {
  std::vector<Cells> lines = {header(report)};
  for (const auto& row : report.rows) lines.push_back(cells(row));
  std::array<std::size_t, 5> widths{};
  for (const auto& line : lines) {
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], line[i].size());
  }
  std::string out = report.machine + "\n\n";
  for (const auto& line : lines) {
    std::string text;
    for (std::size_t i = 0; i < line.size(); ++i) {
      text += fmt::format("{:<{}}  ", line[i], widths[i]);
    }
    out += text.substr(0, text.find_last_not_of(' ') + 1) + "\n";
  }
  for (const auto& note : report.notes) out += "\n" + note + "\n";
  return out;
}

std::string as_markdown(const Report& report) {
  const auto line = [](const Cells& c) { return fmt::format("| {} |\n", fmt::join(c, " | ")); };
  std::string out = report.machine + "\n\n" + line(header(report)) + "|---|---|---|---|---|\n";
  for (const auto& row : report.rows) out += line(cells(row));
  for (const auto& note : report.notes) out += "\n" + note + "\n";
  return out;
}

}  // namespace sojourn::bench
