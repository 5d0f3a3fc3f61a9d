// Sets of values in words, for people.
#include <cmath>
#include <cstdint>
#include <fmt/core.h>
#include <vector>

#include "base/instant.h"
#include "graph/value.h"
#include "proof/value_set.h"

namespace sojourn::proof {
namespace {

// More parts than this say less.
constexpr std::size_t kMostParts = 5;
// Up to here a number is written out; all of these are exact.
constexpr Point kLargestWritten = 1e15L;

std::string quoted(const std::string& text) {
  return fmt::format("`\"{}\"`", text);
}

// `a, b or c`
std::string listed(const std::vector<std::string>& parts, std::string_view last_word) {
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) out += i + 1 == parts.size() ? fmt::format(" {} ", last_word) : ", ";
    out += parts[i];
  }
  return out;
}

std::string text_words(const TextSet& texts) {
  std::vector<std::string> parts;
  for (const std::string& text : texts.named()) parts.push_back(quoted(text));
  if (!texts.all_but()) {
    return parts.size() <= kMostParts ? listed(parts, "or") : "one of several values";
  }
  if (parts.empty()) return "set";
  if (parts.size() == 1) return "not " + parts[0];
  return parts.size() <= kMostParts ? "neither " + listed(parts, "nor") : "not one of many values";
}

}  // namespace

std::string ValueSet::point_words(Line line, Point point) {
  const bool is_whole = std::trunc(point) == point && std::abs(point) <= kLargestWritten;
  const auto whole = is_whole ? static_cast<std::int64_t>(point) : 0;
  switch (line) {
    case Line::kBoolean:
      return whole != 0 ? "true" : "false";
    case Line::kTimestamp:
      return base::to_iso8601(base::Instant{whole});
    case Line::kDate:
      return graph::to_string(graph::Date{static_cast<std::int32_t>(whole)});
    case Line::kTimeOfDay:
      return graph::to_string(graph::TimeOfDay{static_cast<std::int32_t>(whole)});
    case Line::kNumber:
      break;
  }
  return is_whole ? fmt::format("{}", whole) : fmt::format("{}", static_cast<double>(point));
}

std::string ValueSet::range_words(Line line, const Range& range) {
  if (range.low == range.high) return point_words(line, range.low);
  const bool has_low = std::isfinite(range.low);
  const bool has_high = std::isfinite(range.high);
  const std::string low = has_low ? fmt::format("{} {}", range.low_open ? "above" : "at least",
                                                point_words(line, range.low))
                                  : "";
  const std::string high = has_high ? fmt::format("{} {}", range.high_open ? "below" : "at most",
                                                  point_words(line, range.high))
                                    : "";
  if (has_low && has_high) return fmt::format("{} and {}", low, high);
  return has_low || has_high ? low + high : "set";
}

std::string ValueSet::set_words() const {
  if (const TextSet* all_texts = texts()) return text_words(*all_texts);
  const auto* on_line = std::get_if<OnLine>(&set_);
  if (on_line == nullptr) return "set";
  std::vector<std::string> parts;
  for (const Range& range : on_line->ranges.ranges()) {
    parts.push_back(range_words(on_line->line, range));
  }
  return parts.size() <= kMostParts ? listed(parts, "or") : "one of several values";
}

std::string ValueSet::words() const {
  if (is_empty()) return "impossible";
  if (!may_be_set()) return "missing";
  const std::string set = set_words();
  if (!missing_) return set;
  return set == "set" ? "set or missing" : set + ", or missing";
}

}  // namespace sojourn::proof
