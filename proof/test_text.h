// A witness as a `test` block to copy: what the author needs to see it happen. What
// only the author can know (which profile makes a condition hold) stands in comments.
#pragma once

#include <string>

#include "proof/witness.h"

namespace sojourn::graph {
struct Catalog;
struct Graph;
}  // namespace sojourn::graph

namespace sojourn::proof {

// `title` is what the test shows. Ends in a line feed.
std::string test_text(const graph::Graph& graph, const graph::Catalog& catalog,
                      const Witness& witness, std::string_view title);

}  // namespace sojourn::proof
