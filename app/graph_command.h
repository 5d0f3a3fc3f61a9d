// `sojourn graph JOURNEY`: a picture of a journey, for people and tools.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>

namespace sojourn::app {

enum class GraphFormat : std::uint8_t { kMermaid, kDot, kJson };

struct GraphOptions {
  std::string journey;
  GraphFormat format = GraphFormat::kMermaid;
  std::string project = ".";  // a path in it
};

// The picture goes to `out`; with GraphFormat::kJson that is JSON in every case.
int graph(const GraphOptions& options, std::ostream& out, std::ostream& err);

}  // namespace sojourn::app
