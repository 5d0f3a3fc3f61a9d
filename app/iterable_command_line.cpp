#include "app/iterable_command_line.h"

#include <iostream>

#include "app/proof_command.h"
#include "app/pull_command.h"
#include "app/push_command.h"

namespace sojourn::app {
namespace {

template <typename Options>
void add_place(Command& command, Options& options) {
  command.options.push_back(
      {"--project", "A folder of the project (default: here)", &options.project});
  command.options.push_back(
      {"--env", "The NAME of an [env.NAME] in sojourn.toml", &options.environment});
}

Command pull_command() {
  auto options = std::make_shared<PullOptions>();
  Command command{"pull",
                  "Read what the Iterable project has, into ids.lock and catalog.journey",
                  {},
                  [options] { return pull(*options, std::cout, std::cerr); }};
  add_place(command, *options);
  command.options.push_back({"--replace-catalog",
                             "Write catalog.journey anew though somebody has edited it",
                             &options->replace_catalog});
  return command;
}

Command drift_command() {
  auto options = std::make_shared<PullOptions>();
  Command command{"drift",
                  "Say what has changed in Iterable since ids.lock was written; exit code 1 if "
                  "anything has",
                  {},
                  [options] { return drift(*options, std::cout, std::cerr); }};
  add_place(command, *options);
  return command;
}

Command proof_command() {
  auto options = std::make_shared<ProofOptions>();
  Command command{"proof",
                  "Have Iterable send each message of a journey to those who are to look at it",
                  {},
                  [options] { return proof(*options, std::cout, std::cerr); }};
  command.options.push_back({"JOURNEY", "Its name", &options->journey, true});
  command.options.push_back(
      {"--to", "An email, or the name of a declared list", &options->to, true});
  command.options.push_back({"--data",
                             "A JSON FILE with values for the templates (default: samples)",
                             &options->data_file});
  add_place(command, *options);
  return command;
}

Command push_command() {
  auto options = std::make_shared<PushOptions>();
  Command command{"push",
                  "Bring the templates in templates/ to Iterable, and make the campaigns they name",
                  {},
                  [options] { return push(*options, std::cout, std::cerr); }};
  command.options.push_back({"--yes", "Do it; without, only say what would change", &options->yes});
  add_place(command, *options);
  return command;
}

}  // namespace

std::vector<Command> iterable_commands() {
  return {pull_command(), drift_command(), proof_command(), push_command()};
}

}  // namespace sojourn::app
