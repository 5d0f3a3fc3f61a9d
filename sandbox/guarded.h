// The door of the sandbox: whoever asks gets an answer, whatever was wrong with the sandbox itself.
#pragma once

#include <exception>

#include "sandbox/answers.h"

namespace sojourn::sandbox {

// What `work` answers. A fault that it throws ends the request alone, with a 500 that names it.
template <typename Work>
Reply guarded(Work&& work) {
  try {
    return work();
  } catch (const std::exception& fault) {
    return broken(fault.what());
  }
}

}  // namespace sojourn::sandbox
