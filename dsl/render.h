// Diagnostics in the forms that people and tools read. Pure, any thread.
//
//   text     code frames for a terminal
//   concise  PATH:LINE:COLUMN: SEVERITY[CODE] NAME: MESSAGE, a line each
//   json     one array of findings
//   ndjson   the same, a line each
//   sarif    SARIF 2.1.0, for code scanning
//   github   workflow commands, for annotations in a pull request
//   junit    JUnit XML, a test suite for each file
//
// A finding in JSON has code, name, severity, file, line and column from 1, end_line
// and end_column (just behind), message, labels, help and fix, and attachments (title,
// text) when there are some. Columns are code points. A machine format is valid whatever there is
// to say.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/diagnostic.h"
#include "dsl/source.h"

namespace sojourn::dsl {

enum class Format : std::uint8_t { kText, kConcise, kJson, kNdjson, kSarif, kGithub, kJunit };

// By its word above.
std::optional<Format> format_named(std::string_view word);
std::vector<std::string_view> format_names();

// What a run of `check` came to.
struct Findings {
  std::span<const Diagnostic> diagnostics;  // sorted
  std::span<const SourceFile> files;        // in the order that Span::file counts in
  std::span<const FileIndex> looked_at;     // the files asked about
  std::string_view failure;                 // why nothing was looked at; else empty
  // What stands before the paths of `files` in the repository, with a slash; for
  // sarif and github, whose readers know the repository only.
  std::string_view root;
};

struct RenderOptions {
  bool colour = false;
  // Of one file; a note says how many more there are.
  std::size_t most_per_file = 100;
};

// `options` matter to kText only.
std::string render(Format format, const Findings& findings, const RenderOptions& options = {});

//   error[J1011] unclosed-brace: this `{` is never closed
//     --> welcome.journey:3:9
//      |
//    3 | journey welcome {
//      |                 ^ opened here
//      |
//      = sojourn explain J1011
std::string render_text(std::span<const Diagnostic> diagnostics, std::span<const SourceFile> files,
                        const RenderOptions& options = {});

std::string render_json(std::span<const Diagnostic> diagnostics, std::span<const SourceFile> files);

}  // namespace sojourn::dsl
