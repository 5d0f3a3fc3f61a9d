// Text inside of HTML and XML. Pure.
#pragma once

#include <string>
#include <string_view>

namespace sojourn::base {

// For the text of an element and for the value of an attribute, in either kind of quotes. Any byte
// may come in; those that XML has no place for go through as they are.
std::string markup_escaped(std::string_view text);

}  // namespace sojourn::base
