// The forms behind render(), one file each.
#pragma once

#include <string>

#include "dsl/render.h"

namespace sojourn::dsl {

std::string render_concise(const Findings& findings);
std::string render_ndjson(const Findings& findings);
std::string render_sarif(const Findings& findings);
std::string render_github(const Findings& findings);
std::string render_junit(const Findings& findings);

// Where a span begins and ends, for a reader.
struct Region {
  Position begin;
  Position end;
};
Region region_of(Span span, std::span<const SourceFile> files);

}  // namespace sojourn::dsl
