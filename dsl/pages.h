// The pages of the messages as they stand in dsl/pages/CODE-name.md, carried in the
// binary: the build writes them into a source file (cmake/EmbedPages.cmake). explain.h
// makes something of them. Constant data, any thread.
#pragma once

#include <string_view>
#include <vector>

namespace sojourn::dsl {

struct PageText {
  std::string_view name;  // "J2004-unknown-campaign"
  std::string_view text;
};

// Sorted by name.
const std::vector<PageText>& page_texts();

// The declarations beside which the examples of the pages stand.
std::string_view example_world();

}  // namespace sojourn::dsl
