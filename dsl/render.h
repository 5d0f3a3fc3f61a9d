// Diagnostics as the author reads them: text with code frames, or JSON. Pure.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "dsl/diagnostic.h"
#include "dsl/source.h"

namespace sojourn::dsl {

struct RenderOptions {
  bool colour = false;
  // Of one file; a note says how many more there are.
  std::size_t most_per_file = 100;
};

// `files` in the order that Span::file counts in; `diagnostics` sorted.
//
//   error[J1011] unclosed-brace: this `{` is never closed
//     --> welcome.journey:3:9
//      |
//    3 | journey welcome {
//      |                 ^ opened here
std::string render_text(std::span<const Diagnostic> diagnostics, std::span<const SourceFile> files,
                        const RenderOptions& options = {});

// An array of findings: code, name, severity, file, line and column from 1,
// end_line and end_column (just behind), message, labels, help.
std::string render_json(std::span<const Diagnostic> diagnostics, std::span<const SourceFile> files);

}  // namespace sojourn::dsl
