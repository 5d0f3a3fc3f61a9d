// Pages of docs/, carried in the binary: the build writes them into a source file
// (cmake/EmbedDocs.cmake). Constant data, any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sojourn::app {

struct DocText {
  std::string_view name;  // "language"
  std::string text;       // Markdown
};

// In the order in which to read them.
const std::vector<DocText>& doc_texts();

}  // namespace sojourn::app
