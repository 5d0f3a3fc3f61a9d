#include "app/store_command_line.h"

#include <iostream>

#include "app/backup_command.h"
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

Command backup_command() {
  auto options = std::make_shared<BackupOptions>();
  Command command{"backup",
                  "Copy the store of a project, while its daemon goes on or without one, and check "
                  "the copy",
                  {},
                  [options] { return backup(*options, std::cout, std::cerr); }};
  command.options.push_back({"TO", "A folder that is not there yet", &options->to, true});
  add_place(command, *options);
  return command;
}

Command restore_command() {
  auto options = std::make_shared<RestoreOptions>();
  Command command{"restore",
                  "Make the store of a project from a backup; it is held until `sojourn release`",
                  {},
                  [options] { return restore(*options, std::cout, std::cerr); }};
  command.options.push_back(
      {"FROM", "A folder that `sojourn backup` has made", &options->from, true});
  add_place(command, *options);
  return command;
}

Command release_command() {
  auto options = std::make_shared<ReleaseOptions>();
  Command command{
      "release", "Say what is known of a store that was restored; let it go on", {}, [options] {
        return release(*options, std::cout, std::cerr);
      }};
  command.options.push_back({"--timers",
                             "Only work on what fell due; what that lets leave waits for the rest",
                             &options->timers});
  command.options.push_back({"--yes", "Do it; without, only say what is known", &options->yes});
  command.options.push_back(
      {"--by", "Whom the log names (default: the user of the system)", &options->by});
  command.options.push_back(
      {"--project", "A folder of the project (default: here)", &options->project});
  command.options.push_back(
      {"--env", "The NAME of an [env.NAME] in sojourn.toml", &options->environment});
  return command;
}

}  // namespace

std::vector<Command> store_commands() {
  return {fsck_command(), backup_command(), restore_command(), release_command()};
}

}  // namespace sojourn::app
