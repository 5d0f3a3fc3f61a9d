#include "dsl/report.h"

#include <algorithm>
#include <fmt/core.h>

#include "base/text.h"

namespace sojourn::dsl {

void Report::add(Diagnostic diagnostic) {
  said_.insert(diagnostic.id);
  const bool is_error = diagnostic.severity == Severity::kError;
  const FileIndex file = uses_.empty() ? diagnostic.primary.span.file : uses_.front().file;
  if (is_error && errors_of_file_[file] == kMaxErrorsOfFile) {
    ++error_count_;
    return;
  }
  if (!seen_.emplace(diagnostic.id, diagnostic.primary.span, diagnostic.message).second) return;
  if (is_error) {
    ++error_count_;
    ++errors_of_file_[file];
  }
  if (diagnostic.secondary.size() > kMaxLabels) diagnostic.secondary.resize(kMaxLabels);
  if (!uses_.empty()) {
    Label inside = std::exchange(diagnostic.primary, {uses_.front(), "in the fragment used here"});
    if (inside.text.empty()) inside.text = "found here";
    diagnostic.secondary.insert(diagnostic.secondary.begin(), std::move(inside));
  }
  diagnostics_.push_back(std::move(diagnostic));
}

bool Report::has(MessageId id) const {
  return said_.contains(id);
}

Span Report::first_line(Span place) const {
  return dsl::first_line(files_[place.file], place);
}

bool Report::has_syntax_fault(Span place) const {
  return std::any_of(syntax_faults_.begin(), syntax_faults_.end(), [&](const Span& fault) {
    return fault.file == place.file && fault.begin <= place.end && place.begin <= fault.end;
  });
}

std::string Report::words(Span place, std::string_view fallback) const {
  constexpr std::size_t kLongest = 40;
  const std::string_view text = files_[place.file].slice(place);
  if (text.empty() || text.size() > kLongest || text.find('\n') != text.npos) {
    return std::string(fallback);
  }
  return fmt::format("`{}`", text);
}

Span first_line(const SourceFile& file, Span place) {
  const std::size_t end = file.slice(place).find_first_of("\r\n");
  if (end != std::string_view::npos) place.end = place.begin + static_cast<std::uint32_t>(end);
  return place;
}

std::string suggestion(std::string_view word, const std::vector<std::string_view>& known) {
  const auto near = base::did_you_mean(word, known);
  return near ? fmt::format("did you mean `{}`?", *near) : std::string();
}

}  // namespace sojourn::dsl
