#include "app/check_outputs.h"

#include <algorithm>
#include <fmt/core.h>
#include <fmt/ranges.h>
#include <ostream>

#include "app/write_file.h"
#include "base/text.h"

namespace sojourn::app {

base::Result<CheckOutput> read_output(const std::string& word) {
  const std::size_t colon = std::min(word.find(':'), word.size());
  const std::string name = word.substr(0, colon);
  const auto format = dsl::format_named(name);
  if (!format) {
    const auto near = base::did_you_mean(name, dsl::format_names());
    return base::failure(
        base::Error::Kind::kInvalid, fmt::format("`{}` is not a format", name),
        near ? fmt::format("did you mean `{}`?", *near)
             : fmt::format("the formats are {}", fmt::join(dsl::format_names(), ", ")));
  }
  CheckOutput output{*format, {}};
  if (colon == word.size()) return output;
  output.file = word.substr(colon + 1);
  if (output.file.empty()) {
    return base::failure(base::Error::Kind::kInvalid, fmt::format("`{}` names no file", word),
                         fmt::format("write `{}` for stdout, or `{}:FILE`", name, name));
  }
  return output;
}

base::Result<std::vector<CheckOutput>> read_outputs(const std::vector<std::string>& words) {
  std::vector<CheckOutput> outputs;
  for (const std::string& word : words) {
    auto output = read_output(word);
    if (!output) return tl::unexpected(output.error());
    outputs.push_back(std::move(*output));
  }
  if (outputs.empty()) outputs.emplace_back();
  const auto to_stdout = [](const CheckOutput& output) { return output.file.empty(); };
  if (std::ranges::count_if(outputs, to_stdout) > 1) {
    return base::failure(base::Error::Kind::kInvalid, "two formats would share stdout",
                         "give one of them a file: `--format sarif:out.sarif`");
  }
  return outputs;
}

base::Status write_outputs(const std::vector<CheckOutput>& outputs, const dsl::Findings& findings,
                           const dsl::RenderOptions& options, std::ostream& out) {
  base::Status status;
  for (const CheckOutput& output : outputs) {
    if (output.file.empty()) {
      out << dsl::render(output.format, findings, options);
      continue;
    }
    // Escape sequences are for the terminal only.
    auto written = write_file(output.file, dsl::render(output.format, findings));
    if (!written && status) status = std::move(written);
  }
  return status;
}

}  // namespace sojourn::app
