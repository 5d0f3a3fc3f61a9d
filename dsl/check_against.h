// Does what a catalog says of Iterable agree with what Iterable had when it was pulled? Every
// campaign is there, can be triggered, and has the declared medium and message type; message
// types have the declared channel, kind and policy of consent; lists are there and can be
// changed. Pure; any thread.
#pragma once

#include <vector>

#include "dsl/diagnostic.h"
#include "dsl/ids_lock.h"
#include "dsl/program.h"

namespace sojourn::dsl {

// `catalog` is the program's with the ids of the lock's environment; the places are those of
// the declarations in the text. Sorted. What the lock itself does not know (the message type
// of a campaign whose template could not be read) is not judged.
std::vector<Diagnostic> check_against(const Program& program, const graph::Catalog& catalog,
                                      const IdsLock& lock);

}  // namespace sojourn::dsl
