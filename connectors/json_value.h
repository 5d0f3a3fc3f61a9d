// From parsed JSON to a value of a declared type. Pure; any thread.
#pragma once

#include <optional>
#include <simdjson.h>

#include "graph/type.h"
#include "graph/value.h"

namespace sojourn::connectors {

// nullopt when `json` is not of that type. JSON null is the missing value, of any
// type. A timestamp is a string (RFC 3339 or Iterable's form) or Unix time as a
// number; a date also "2026-03-01"; an integer may be written 3.0. A one-of takes
// any string: a value outside it equals none of its choices, and is not lost.
std::optional<graph::Value> value_of_type(const simdjson::dom::element& json,
                                          const graph::Type& type);

// Whether everything is there that the type says is there, within objects and lists too, and every
// word is one of its choices. `value` is missing or of that type.
bool is_whole(const graph::Value& value, const graph::Type& type);

}  // namespace sojourn::connectors
