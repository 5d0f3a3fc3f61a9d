#include "app/command_line.h"

#include <CLI/CLI.hpp>
#include <iostream>
#include <map>
#include <string>
#include <unistd.h>

#include "app/check_command.h"
#include "app/graph_command.h"

namespace sojourn::app {
namespace {

// What the chosen command returned; set by its callback.
struct Outcome {
  int code = kCouldNotRun;
};

void add_check(CLI::App& app, Outcome& outcome) {
  struct Words {
    CheckOptions options;
    std::string format = "text";
  };
  auto words = std::make_shared<Words>();
  CLI::App* command = app.add_subcommand("check", "Look for faults in the journeys of a project");
  command->add_option("PATH", words->options.paths,
                      "Files or folders of one project (default: the project here)");
  command->add_option("--format", words->format, "text or json")
      ->check(CLI::IsMember({"text", "json"}));
  command->callback([words, &outcome] {
    words->options.json = words->format == "json";
    words->options.color = isatty(STDOUT_FILENO) == 1;
    outcome.code = check(words->options, std::cout, std::cerr);
  });
}

void add_graph(CLI::App& app, Outcome& outcome) {
  static const std::map<std::string, GraphFormat> kFormats = {
      {"mermaid", GraphFormat::kMermaid}, {"dot", GraphFormat::kDot}, {"json", GraphFormat::kJson}};
  auto options = std::make_shared<GraphOptions>();
  CLI::App* command = app.add_subcommand("graph", "Draw a journey");
  command->add_option("JOURNEY", options->journey, "Its name")->required();
  command->add_option("--format", options->format, "mermaid, dot or json")
      ->transform(CLI::CheckedTransformer(kFormats));
  command->add_option("--project", options->project, "A folder of the project (default: here)");
  command->callback([options, &outcome] { outcome.code = graph(*options, std::cout, std::cerr); });
}

}  // namespace

int run_command_line(int argc, const char* const* argv) {
  CLI::App app("Sojourn: customer journeys as code");
  app.name("sojourn");
  app.require_subcommand(1);
  Outcome outcome;
  add_check(app, outcome);
  add_graph(app, outcome);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // Help was asked for, or the words make no sense.
    return app.exit(error) == 0 ? kClean : kCouldNotRun;
  }
  return outcome.code;
}

}  // namespace sojourn::app
