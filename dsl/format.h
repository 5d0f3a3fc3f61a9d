// The one style of a journey file: text in, the same text with other white space out.
// No token is added, removed or moved, and every comment stays between the tokens that
// it stood between; a file that is in style comes back unchanged. The style is written
// down in docs/language.md, "How files are written". Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "dsl/diagnostic.h"
#include "dsl/source.h"

namespace sojourn::dsl {

struct Formatted {
  std::string text;  // empty if anything is wrong
  // What does not parse; sorted. Such a file has no style.
  std::vector<Diagnostic> diagnostics;
};

Formatted format(std::string_view text, FileIndex file);

}  // namespace sojourn::dsl
