// The table: one row per measure, the floor beside the system it is compared
// with, the ratio of the two, and the bar that was promised. Values only.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace sojourn::bench {

struct Bar {
  enum class Kind { kRatioAtLeast, kRatioAtMost, kSubjectAtLeast, kSubjectBelow };
  Kind kind = Kind::kRatioAtLeast;
  double value = 0;
};

// One value per round for each of the two. The ratio of a row is the median of
// the rounds' own ratios, because the machine's speed drifts between rounds.
struct ReportRow {
  std::string measure;
  std::vector<double> floor;
  std::vector<double> subject;
  std::optional<Bar> bar;

  std::optional<double> ratio() const;  // none when the floor measured zero
  bool meets_bar() const;               // true without a bar
};

struct Report {
  std::string machine;
  std::string subject_name;
  std::vector<ReportRow> rows;
  std::vector<std::string> notes;
};

double median(std::vector<double> values);
// Three significant figures, thousands separated from 10,000 on.
std::string number(double value);

// Aligned columns for a terminal, and the same as Markdown.
std::string as_text(const Report& report);
std::string as_markdown(const Report& report);

}  // namespace sojourn::bench
