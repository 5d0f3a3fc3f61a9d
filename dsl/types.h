// Questions about types (graph/type.h). Pure; any thread.
//
// A string literal has the one-of type of itself: `"free"` fits every `"free" | …`
// and every string. Whether a value may be missing is not asked here unless said.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graph/type.h"

namespace sojourn::graph {
struct EventType;
}

namespace sojourn::dsl {

graph::Type type_of(graph::Type::Kind kind);
graph::Type literal_type(std::string_view text);
graph::Type list_of(graph::Type element);
graph::Type as_optional(graph::Type type, bool optional = true);

// Strings, one-of values and zone names are all text.
bool is_text(const graph::Type& type);
bool is_numeric(const graph::Type& type);
// `<` and its kin are defined for two values of this type.
bool is_ordered(const graph::Type& type);

// An event as a value: its fields and when it happened. Optional: missing where none came.
graph::Type event_object_type(const graph::EventType& event);

// May a value of `from` stand where `to` is wanted?
bool fits(const graph::Type& from, const graph::Type& to);
// Can `==` ever be asked of these two?
bool are_comparable(const graph::Type& a, const graph::Type& b);
// The narrowest type that holds both, optional if either is.
std::optional<graph::Type> common_type(const graph::Type& a, const graph::Type& b);

// nullptr if there is none.
const graph::TypedField* find_field(const std::vector<graph::TypedField>& fields,
                                    std::string_view name);

// The types that a declaration can name, in the order of language.md.
std::optional<graph::Type> named_type(std::string_view name);
const std::vector<std::string_view>& type_names();

// For messages: `timestamp`, in backticks, without `?`.
std::string quoted(const graph::Type& type);

}  // namespace sojourn::dsl
