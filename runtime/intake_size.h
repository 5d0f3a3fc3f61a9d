// How much memory a request takes while it waits. Pure.
#pragma once

#include <cstddef>

#include "runtime/intake.h"

namespace sojourn::runtime {

// Of everything that it owns, as if each text lay outside its object: a little more than it is,
// and never much less. Small values take more room than their JSON did, so the size of the body
// says too little.
std::size_t bytes_of(const IntakeRequest& request);

}  // namespace sojourn::runtime
