// The one canonical encoding of a graph. Its format stands in encode.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "graph/graph.h"

namespace sojourn::graph {

// Changes whenever equal graphs would encode to other bytes. Stored beside the
// bytes; part of what is hashed.
inline constexpr std::uint32_t kEncodingVersion = 4;

// Longer bytes are refused unread.
inline constexpr std::size_t kMaxEncodedBytes = 16 << 20;

std::string encode(const Graph& graph);
// Verified, with its needs computed. Any bytes may be given; only what `encode`
// writes is taken.
base::Result<Graph> decode(std::string_view bytes);
// Title and owner take no part in it.
Version version_of(const Graph& graph);

}  // namespace sojourn::graph
