#include "app/store_command_line.h"

#include <iostream>

#include "app/fsck_command.h"

namespace sojourn::app {
namespace {

void add_place(Command& command, StorePlace& place) {
  command.options.push_back(
      {"--project", "A folder of the project (default: here)", &place.project});
  command.options.push_back(
      {"--env", "The NAME of an [env.NAME] in sojourn.toml", &place.environment});
  command.options.push_back(
      {"--store", "The database FILE itself, instead of that of a project", &place.store});
}

Command fsck_command() {
  auto options = std::make_shared<FsckOptions>();
  Command command{"fsck",
                  "Check a store that no daemon has open, without a change to it; exit code 1 when "
                  "something in it is wrong",
                  {},
                  [options] { return fsck(*options, std::cout, std::cerr); }};
  add_place(command, *options);
  command.options.push_back({"--json", "The findings as JSON", &options->json});
  return command;
}

}  // namespace

std::vector<Command> store_commands() {
  return {fsck_command()};
}

}  // namespace sojourn::app
