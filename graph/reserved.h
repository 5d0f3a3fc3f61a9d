// Names that belong to Sojourn inside data of the author's.
#pragma once

#include <string_view>

namespace sojourn::graph {

// The field of a message's data that carries its key, in every medium, so that a
// message found at the provider can be matched with its delivery. A campaign's
// data contract and a send's `with` may not use the name.
inline constexpr std::string_view kMessageKeyField = "sojournMessageKey";

}  // namespace sojourn::graph
