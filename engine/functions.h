// The language's functions that need no zone. Pure and total: an argument of a
// kind that does not fit gives the missing value.
#pragma once

#include <string>

#include "graph/value.h"

namespace sojourn::engine {

graph::Value lower(const graph::Value& text);
graph::Value upper(const graph::Value& text);
// Without ASCII white space at either end.
graph::Value trim(const graph::Value& text);
// Characters (code points) of a string, items of a list.
graph::Value length(const graph::Value& v);

// To an integer when it fits one. `round` goes away from zero at a half.
graph::Value round(const graph::Value& v);
graph::Value floor(const graph::Value& v);
graph::Value ceil(const graph::Value& v);
graph::Value abs(const graph::Value& v);

// An integer from 0 that is the same for equal values, for ever. Of a missing
// value too.
graph::Value hash(const graph::Value& v);

// As it appears inside a string: text as it is, everything else as in JSON but
// without quotes. The value must not be missing.
void append_text(std::string& out, const graph::Value& v);

}  // namespace sojourn::engine
