// How much of the heap the program holds, by operator new. Counted in every program that
// this is linked into; one thread.
#pragma once

#include <cstddef>

namespace sojourn::fuzz {

// From now on the most is what is held now.
void forget_most_held();
// Bytes held at once, at most, beyond what was held when that was forgotten.
std::size_t most_held();

}  // namespace sojourn::fuzz
