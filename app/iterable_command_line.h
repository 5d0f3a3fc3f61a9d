// The commands that speak with an Iterable project (pull, drift, proof, push), as data: the command
// line adds them to its own.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace sojourn::app {

struct CommandOption {
  std::string name;  // `--to`, or `JOURNEY`, which stands without a name
  std::string help;
  std::variant<std::string*, bool*> into;  // a bool is a flag; both live as long as `run`
  bool required = false;
};

struct Command {
  std::string name;
  std::string help;
  std::vector<CommandOption> options;
  std::function<int()>
      run;  // after parsing; the exit code. Not of one that has commands of its own
  std::vector<Command> commands{};
};

std::vector<Command> iterable_commands();

}  // namespace sojourn::app
