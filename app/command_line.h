// The words of the command line, and which command they mean. Adding a command
// means adding a function to command_line.cpp, where all of them can be read.
#pragma once

namespace sojourn::app {

// Runs one command; the exit code of the process.
int run_command_line(int argc, const char* const* argv);

}  // namespace sojourn::app
