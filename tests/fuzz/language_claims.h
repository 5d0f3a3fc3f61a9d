// What must be so of every text whatever, a journey file or not. Aborts where it is not,
// which is how a fuzzer notices. One thread.
#pragma once

#include <string_view>

namespace sojourn::fuzz {

// Checks and renders the text as the one file of a program, and formats it:
//   - findings point into the text, and every form of them can be written;
//   - a file without faults of syntax comes out of `fmt` with the same tokens, and a
//     second time unchanged;
//   - a program's graphs are sound, and survive being stored.
void hold_language_claims(std::string_view text);

}  // namespace sojourn::fuzz
