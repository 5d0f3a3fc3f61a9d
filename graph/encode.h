// The one canonical encoding of a graph. Its format stands in encode.cpp.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "graph/graph.h"

namespace sojourn::graph {

// Changes whenever equal graphs would encode to other bytes. Stored beside the
// bytes; part of what is hashed.
inline constexpr std::uint32_t kEncodingVersion = 1;

std::string encode(const Graph& graph);
// Decodes and verifies.
base::Result<Graph> decode(std::string_view bytes);
Version version_of(const Graph& graph);

}  // namespace sojourn::graph
