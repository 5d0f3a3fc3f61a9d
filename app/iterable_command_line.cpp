#include "app/iterable_command_line.h"

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "app/proof_command.h"
#include "app/pull_command.h"
#include "app/push_command.h"

namespace sojourn::app {
namespace {

template <typename Options>
void add_place(CLI::App& command, Options& options) {
  command.add_option("--project", options.project, "A folder of the project (default: here)");
  command.add_option("--env", options.environment, "The NAME of an [env.NAME] in sojourn.toml");
}

void add_pull(CLI::App& app, int& code) {
  auto options = std::make_shared<PullOptions>();
  CLI::App* command = app.add_subcommand(
      "pull", "Read what the Iterable project has, into ids.lock and catalog.journey");
  add_place(*command, *options);
  command->add_flag("--replace-catalog", options->replace_catalog,
                    "Write catalog.journey anew though somebody has edited it");
  command->callback([options, &code] { code = pull(*options, std::cout, std::cerr); });
}

void add_drift(CLI::App& app, int& code) {
  auto options = std::make_shared<PullOptions>();
  CLI::App* command = app.add_subcommand(
      "drift",
      "Say what has changed in Iterable since ids.lock was written; exit code 1 if "
      "anything has");
  add_place(*command, *options);
  command->callback([options, &code] { code = drift(*options, std::cout, std::cerr); });
}

void add_proof(CLI::App& app, int& code) {
  auto options = std::make_shared<ProofOptions>();
  CLI::App* command = app.add_subcommand(
      "proof", "Have Iterable send each message of a journey to those who are to look at it");
  command->add_option("JOURNEY", options->journey, "Its name")->required();
  command->add_option("--to", options->to, "An email, or the name of a declared list")->required();
  command->add_option("--data", options->data_file,
                      "A JSON FILE with values for the templates (default: samples)");
  add_place(*command, *options);
  command->callback([options, &code] { code = proof(*options, std::cout, std::cerr); });
}

void add_push(CLI::App& app, int& code) {
  auto options = std::make_shared<PushOptions>();
  CLI::App* command = app.add_subcommand(
      "push", "Bring the templates in templates/ to Iterable, recognised by their keys");
  command->add_flag("--yes", options->yes, "Do it; without, only say what would change");
  add_place(*command, *options);
  command->callback([options, &code] { code = push(*options, std::cout, std::cerr); });
}

}  // namespace

void add_iterable_commands(CLI::App& app, int& code) {
  add_pull(app, code);
  add_drift(app, code);
  add_proof(app, code);
  add_push(app, code);
}

}  // namespace sojourn::app
