// The commands about the database file of a project (fsck, backup, restore, release), as data: the
// command line adds them to its own.
#pragma once

#include <vector>

#include "app/iterable_command_line.h"

namespace sojourn::app {

std::vector<Command> store_commands();

}  // namespace sojourn::app
