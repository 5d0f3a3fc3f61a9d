// What the grammar reads, out of the tokens. When the braces of a file do not match,
// the layout tells which one is at fault: it is reported here, once, and the
// grammar's input is repaired, so that nothing else in the file suffers. A file whose
// braces match is passed on as it is, however it is laid out.
#pragma once

#include <string_view>
#include <vector>

#include "dsl/faults.h"
#include "dsl/syntax.h"

namespace sojourn::dsl {

GrammarInput grammar_input(std::string_view text, FileIndex file, const std::vector<Token>& tokens,
                           Faults& faults);

}  // namespace sojourn::dsl
