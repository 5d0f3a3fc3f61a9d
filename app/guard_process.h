// What the program does to its own process, before it reads a secret where it is the daemon: nobody
// else may read its files or its memory, and as many connections may be open as the system lets it
// have.
#pragma once

#include <cstddef>

#include "base/result.h"

namespace sojourn::app {

// The first of all: a standard descriptor that is closed would become that of the next file or
// socket, and be taken for the log. Closed ones refuse what is read from or written to them.
void fill_standard_descriptors();

// Called once, before other threads begin. `core_dumps`: memory may be dumped and looked at all the
// same, with keys and people in it, to find out why a process ended.
base::Status guard_process(bool core_dumps);

// How many files and sockets the system lets this process open.
std::size_t files_allowed();

}  // namespace sojourn::app
