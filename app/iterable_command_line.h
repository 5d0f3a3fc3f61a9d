// The commands that speak with an Iterable project, on the command line: pull, drift, proof, push.
#pragma once

namespace CLI {
class App;
}

namespace sojourn::app {

// `code` gets what the chosen command returned; it outlives the parsing.
void add_iterable_commands(CLI::App& app, int& code);

}  // namespace sojourn::app
