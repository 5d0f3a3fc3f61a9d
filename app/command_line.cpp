#include "app/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <map>
#include <string>
#include <unistd.h>
#include <utility>
#include <vector>

#include "app/check_command.h"
#include "app/deliveries_command.h"
#include "app/demo_command.h"
#include "app/docs_command.h"
#include "app/explain_command.h"
#include "app/format_command.h"
#include "app/graph_command.h"
#include "app/iterable_command_line.h"
#include "app/key_command.h"
#include "app/operator_commands.h"
#include "app/person_commands.h"
#include "app/prove_command.h"
#include "app/run_command.h"
#include "app/sandbox_command.h"
#include "app/simulate_command.h"
#include "app/store_command_line.h"
#include "app/test_command.h"
#include "app/why_command.h"
#include "runtime/operation_report.h"

namespace sojourn::app {
namespace {

// What the chosen command returned; set by its callback.
struct Outcome {
  int code = kCouldNotRun;
};

void add_check(CLI::App& app, Outcome& outcome) {
  struct Words {
    CheckOptions options;
    std::vector<std::string> formats;
  };
  auto words = std::make_shared<Words>();
  CLI::App* command = app.add_subcommand("check", "Look for faults in the journeys of a project");
  command->add_option("PATH", words->options.paths,
                      "Files or folders of one project (default: the project here)");
  command
      ->add_option("--format", words->formats,
                   "text, concise, json, ndjson, sarif, github or junit; FORMAT:FILE writes to a "
                   "file. May be repeated")
      ->allow_extra_args(false);
  command->add_flag("--fix", words->options.fix,
                    "First make the fixes that change nothing anybody receives");
  command->add_option("--against", words->options.against,
                      "An ids.lock of `sojourn pull`: do campaigns, message types and lists agree "
                      "with it? Needs no network");
  command->callback([words, &outcome] {
    auto outputs = read_outputs(words->formats);
    if (!outputs) {
      const base::Error& error = outputs.error();
      throw CLI::ValidationError("--format", error.message + "; " + error.hint);
    }
    words->options.outputs = std::move(*outputs);
    words->options.color = isatty(STDOUT_FILENO) == 1;
    outcome.code = check(words->options, std::cout, std::cerr);
  });
}

void add_explain(CLI::App& app, Outcome& outcome) {
  using What = ExplainOptions::What;
  auto options = std::make_shared<ExplainOptions>();
  CLI::App* command =
      app.add_subcommand("explain", "Say what a message means, and how to mend what it is about");
  CLI::Option* message =
      command->add_option("MESSAGE", options->message, "Its code or its name, such as J2004");
  CLI::Option_group* others = command->add_option_group("Instead");
  others->require_option(0, 1);
  const auto add = [&](const char* name, What what, const char* help) {
    others->add_flag_callback(
              name, [options, what] { options->what = what; }, help)
        ->excludes(message);
  };
  add("--list", What::kList, "A line for each message");
  add("--all", What::kAll, "Every page, as Markdown");
  add("--declarations", What::kDeclarations, "What the examples stand beside");
  command->callback([options, &outcome] {
    if (options->what == What::kMessage && options->message.empty()) options->what = What::kList;
    outcome.code = explain(*options, std::cout, std::cerr);
  });
}

void add_docs(CLI::App& app, Outcome& outcome) {
  auto options = std::make_shared<DocsOptions>();
  CLI::App* command = app.add_subcommand("docs", "Print the reference that belongs to this binary");
  CLI::Option* page =
      command->add_option("PAGE", options->page, "Which page (default: a line for each)");
  command
      ->add_flag("--llm", options->whole,
                 "The whole reference as one text: every page, and every message with its examples")
      ->excludes(page);
  command->callback(
      [options, &outcome] { outcome.code = show_docs(*options, std::cout, std::cerr); });
}

void add_fmt(CLI::App& app, Outcome& outcome) {
  auto options = std::make_shared<FormatOptions>();
  CLI::App* command = app.add_subcommand(
      "fmt",
      "Write the journey files of a project in the one style; exit code 1 when a file "
      "does not parse");
  command->add_option("PATH", options->paths,
                      "Files or folders of one project (default: the project here); - alone: from "
                      "stdin to stdout");
  command->add_flag(
      "--check", options->check,
      "Write nothing; name the files that would change, and exit with 1 if any would");
  command->add_flag("--diff", options->diff, "Write nothing; show what would change");
  command->callback([options, &outcome] {
    outcome.code = format_files(*options, std::cin, std::cout, std::cerr);
  });
}

void add_test(CLI::App& app, Outcome& outcome) {
  struct Words {
    TestOptions options;
    std::string format = "text";
  };
  auto words = std::make_shared<Words>();
  CLI::App* command =
      app.add_subcommand("test", "Run the `test` blocks of a project, on a clock of their own");
  command->add_option("PATH", words->options.paths,
                      "Files or folders of one project: the tests in them (default: all)");
  command->add_option("--run", words->options.run,
                      "Only tests whose `JOURNEY \"TITLE\"` has a match of this RE2 expression");
  command->add_option("--format", words->format, "text or json")
      ->check(CLI::IsMember({"text", "json"}));
  command->add_option("--junit", words->options.junit_file, "Also write JUnit XML to this file");
  // The same flag with and without a value, so that `--coverage PATH` stays a path.
  command
      ->add_flag("--coverage{0}", words->options.coverage_min,
                 "Also say what the tests never reach: steps, branches, timers, exits. "
                 "--coverage=MIN fails below MIN percent")
      ->check(CLI::Range(0, 100));
  command->add_option("--jobs", words->options.jobs, "How many at once (default: one a core)")
      ->check(CLI::Range(1, 256));
  command->callback([words, command, &outcome] {
    words->options.json = words->format == "json";
    words->options.coverage = command->count("--coverage") > 0;
    outcome.code = test(words->options, std::cout, std::cerr);
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

void add_prove(CLI::App& app, Outcome& outcome) {
  struct Words {
    ProveOptions options;
    std::string format = "text";
  };
  auto words = std::make_shared<Words>();
  CLI::App* command = app.add_subcommand(
      "prove", "Show the most that journeys can send, and when each has ended at the latest");
  command->add_option("JOURNEY", words->options.journey, "Its name (default: every journey)");
  command->add_option("--format", words->format, "text or json")
      ->check(CLI::IsMember({"text", "json"}));
  command->add_option("--project", words->options.project,
                      "A folder of the project (default: here)");
  command->callback([words, &outcome] {
    words->options.json = words->format == "json";
    outcome.code = prove(words->options, std::cout, std::cerr);
  });
}

void add_simulate(CLI::App& app, Outcome& outcome) {
  struct Words {
    SimulateOptions options;
    std::string format = "text";
  };
  auto words = std::make_shared<Words>();
  SimulateOptions& options = words->options;
  CLI::App* command = app.add_subcommand(
      "simulate", "Send a synthetic population through a journey, on a clock of its own");
  command->add_option("JOURNEY", options.journey, "Its name")->required();
  command->add_option("--users", options.users, "How many people")
      ->capture_default_str()
      ->check(CLI::Range(std::uint64_t{1}, SimulateOptions::kMaxUsers));
  command->add_option("--seed", options.seed, "The same seed gives the same figures")
      ->capture_default_str();
  command->add_option("--days", options.days, "How long it lasts")
      ->capture_default_str()
      ->check(CLI::Range(1, SimulateOptions::kMaxDays));
  command->add_option("--model", options.model_file,
                      "A TOML file that says how people behave (default: derived from the journey; "
                      "docs/simulate.md)");
  command->add_option("--format", words->format, "text or json")
      ->check(CLI::IsMember({"text", "json"}));
  command->add_option("--html", options.html_file,
                      "Also write a page with charts to this file; it needs no network");
  command->add_option("--jobs", options.jobs, "How many at once (default: one a core)")
      ->check(CLI::Range(1, 256));
  command->add_option("--project", options.project, "A folder of the project (default: here)");
  command->callback([words, &outcome] {
    words->options.json = words->format == "json";
    outcome.code = simulate(words->options, std::cout, std::cerr);
  });
}

void add_run(CLI::App& app, Outcome& outcome) {
  struct Words {
    RunOptions options;
    std::string clock;
  };
  auto words = std::make_shared<Words>();
  CLI::App* command = app.add_subcommand("run", "Run the daemon of a project until SIGTERM");
  command->add_option("--project", words->options.project,
                      "A folder of the project (default: here)");
  command->add_option("--env", words->options.environment,
                      "The NAME of an [env.NAME] in sojourn.toml");
  command
      ->add_option("--clock", words->clock,
                   "Stand at this instant (2026-03-01T09:00Z) and move only when told to, over the "
                   "control socket; for tests")
      ->check([](const std::string& text) {
        return base::parse_timestamp(text) ? std::string() : "not an instant: " + text;
      });
  command->add_flag("--core-dumps", words->options.core_dumps,
                    "Let a crash leave its memory behind, with keys and people in it");
  command->callback([words, &outcome] {
    if (!words->clock.empty()) words->options.clock = base::parse_timestamp(words->clock);
    outcome.code = run(words->options, std::cout, std::cerr);
  });
}

void add_sandbox(CLI::App& app, Outcome& outcome) {
  auto options = std::make_shared<SandboxCommandOptions>();
  CLI::App* command =
      app.add_subcommand("sandbox", "Run a local look-alike of Iterable until SIGTERM");
  command->add_option("--port", options->port, "On 127.0.0.1; 0 picks a free one")
      ->capture_default_str()
      ->check(CLI::Range(0, 65535));
  command->add_option("--record", options->record_file, "Keep what was received in this file")
      ->capture_default_str();
  command->add_option(
      "--project", options->project_file,
      "The project to play, a JSON FILE (docs/sandbox.md); without it, a small one");
  command->add_option("--api-key", options->api_key,
                      "The only key to take (a test key: it can be seen in the process list)");
  command->add_option("--misbehave", options->misbehave,
                      "A rule such as 'POST /api/*/target 5% 500'; also: every N, delay 200ms, "
                      "429 retry-after 3, accept_then_reset. May be repeated");
  command->add_option("--seed", options->seed, "Of the misbehaviour and of what people do")
      ->capture_default_str();
  command
      ->add_option("--sent-messages-lag", options->sent_messages_lag_seconds,
                   "Seconds until a message stands in the list of messages sent")
      ->capture_default_str()
      ->check(CLI::Range(0, 86'400));
  command
      ->add_option("--read-lag", options->read_lag_seconds,
                   "Seconds until a profile, an event, a list or a catalog's item can be read")
      ->capture_default_str()
      ->check(CLI::Range(0, 86'400));
  command->add_flag("--rate-limits", options->rate_limits,
                    "Answer 429 beyond the rate limits that Iterable publishes");
  command->add_option("--webhooks", options->webhooks,
                      "Tell this URL of what is sent, opened and clicked, as system webhooks do");
  command->add_option("--webhook-header", options->webhook_headers,
                      "'NAME: VALUE' to send with them, such as a secret. May be repeated");
  command->add_option("--people", options->people,
                      "What people do with messages: 'open 30%, click 8%, bounce 1%, "
                      "complaint 0.1%, unsubscribe 0.4%, repeat 0%, bot 0%, lost 0%'");
  command
      ->add_option("--webhook-speed", options->webhook_speed,
                   "People take this many times less time for it")
      ->capture_default_str()
      ->check(CLI::Range(1, 1'000'000));
  command->callback(
      [options, &outcome] { outcome.code = sandbox(*options, std::cout, std::cerr); });
}

void add_demo(CLI::App& app, Outcome& outcome) {
  auto options = std::make_shared<DemoOptions>();
  CLI::App* command = app.add_subcommand(
      "demo", "Run an example with its event stream against the look-alike, on a driven clock");
  command->add_option("PROJECT", options->project, "A folder of the example (default: here)");
  command->add_option("--seed", options->seed, "The same seed gives the same summary")
      ->capture_default_str();
  command->add_option("--days", options->days, "How long it lasts")
      ->capture_default_str()
      ->check(CLI::Range(1, 3650));
  command->add_option("--misbehave", options->misbehave,
                      "A rule for the look-alike, as of `sojourn sandbox`. May be repeated");
  command->callback([options, &outcome] {
    options->terminal = isatty(STDOUT_FILENO) == 1;
    outcome.code = demo(*options, std::cout, std::cerr);
  });
}

void add_operator_options(CLI::App& command, OperatorOptions& options) {
  command.add_option("--project", options.project, "A folder of the project (default: here)");
  command.add_option("--env", options.environment, "The NAME of an [env.NAME] in sojourn.toml");
  command.add_flag("--json", options.json, "The daemon's answer as it came");
}

// Of a command that another file describes.
void add_command(CLI::App& app, const Command& described, Outcome& outcome) {
  CLI::App* command = app.add_subcommand(described.name, described.help);
  for (const CommandOption& option : described.options) {
    if (bool* const* flag = std::get_if<bool*>(&option.into)) {
      command->add_flag(option.name, **flag, option.help);
    } else {
      command->add_option(option.name, *std::get<std::string*>(option.into), option.help)
          ->required(option.required);
    }
  }
  for (const Command& under : described.commands) add_command(*command, under, outcome);
  if (!described.commands.empty()) {
    command->require_subcommand(1);
    return;
  }
  command->callback([run = described.run, &outcome] { outcome.code = run(); });
}

void add_status(CLI::App& app, Outcome& outcome) {
  auto options = std::make_shared<OperatorOptions>();
  CLI::App* command = app.add_subcommand("status", "Ask the daemon how many people are where");
  add_operator_options(*command, *options);
  command->callback([options, &outcome] { outcome.code = status(*options, std::cout, std::cerr); });
}

void add_user(CLI::App& app, Outcome& outcome) {
  struct Words {
    OperatorOptions options;
    std::string identity;
  };
  auto words = std::make_shared<Words>();
  CLI::App* command = app.add_subcommand("user", "Ask the daemon for everything about one person");
  command->add_option("ID", words->identity, "An email, a userId, or an internal id")->required();
  add_operator_options(*command, words->options);
  command->callback([words, &outcome] {
    outcome.code = user(words->options, words->identity, std::cout, std::cerr);
  });
}

void add_why(CLI::App& app, Outcome& outcome) {
  auto words = std::make_shared<WhyOptions>();
  CLI::App* command = app.add_subcommand(
      "why", "Ask the daemon why one person got a message, or did not, or what an event did");
  command->add_option("ID", words->identity, "An email, a userId, or an internal id")->required();
  command->add_option("MESSAGE", words->about, "A campaign, the key of a message, or an event")
      ->required();
  add_operator_options(*command, *words);
  command->callback([words, &outcome] { outcome.code = why(*words, std::cout, std::cerr); });
}

// `clock`: whether the command says what becomes of time meanwhile.
void add_journey_command(CLI::App& app, Outcome& outcome, const char* name, const char* help,
                         bool clock) {
  auto options = std::make_shared<JourneyCommandOptions>();
  options->command = name;
  CLI::App* command = app.add_subcommand(name, help);
  command->add_option("JOURNEY", options->journey, "Its name")->required();
  if (clock) {
    command
        ->add_option("--clock", options->clock,
                     "run: what falls due meanwhile is late when it is resumed. freeze: as much is "
                     "left of every wait as when it was paused; dates stay")
        ->required()
        ->check(CLI::IsMember({"run", "freeze"}));
  }
  command->add_flag("--yes", options->yes, "Do it; otherwise only say how many it is about");
  command->add_option("--by", options->by, "Whom the log names (default: the user of the system)");
  add_operator_options(*command, *options);
  command->callback(
      [options, &outcome] { outcome.code = journey_command(*options, std::cout, std::cerr); });
}

void add_journey_commands(CLI::App& app, Outcome& outcome) {
  add_journey_command(app, outcome, "pause",
                      "Let nobody enter a journey, run none of its timers and send nothing of it",
                      true);
  add_journey_command(app, outcome, "resume", "Take back a pause, a drain or a stop of a journey",
                      false);
  add_journey_command(app, outcome, "drain",
                      "Let nobody enter a journey; those inside go on to their end", false);
  add_journey_command(app, outcome, "stop",
                      "Let nobody enter a journey, and everybody inside exit at once", false);
}

void add_clock(CLI::App& app, Outcome& outcome) {
  auto options = std::make_shared<ClockOptions>();
  CLI::App* command =
      app.add_subcommand("clock", "Ask the daemon by what time it lives, and whether it doubts it");
  add_operator_options(*command, *options);
  CLI::App* accept = command->add_subcommand(
      "accept", "Believe a wall clock that leapt ahead, or a long outage, at once");
  accept->add_flag("--yes", options->yes, "Do it; otherwise only say what the clocks say");
  accept->add_option("--by", options->by, "Whom the log names (default: the user of the system)");
  add_operator_options(*accept, *options);
  command->callback([options, accept, &outcome] {
    options->accept = accept->parsed();
    outcome.code = clock(*options, std::cout, std::cerr);
  });
}

void add_log(CLI::App& app, Outcome& outcome) {
  struct Words {
    OperatorOptions options;
    std::size_t limit = 100;
  };
  auto words = std::make_shared<Words>();
  CLI::App* command = app.add_subcommand("log", "Ask the daemon which commands were carried out");
  command->add_option("--limit", words->limit, "How many, the newest")
      ->capture_default_str()
      ->check(CLI::Range(std::size_t{1}, runtime::kMaxReportedAudit));
  add_operator_options(*command, words->options);
  command->callback([words, &outcome] {
    outcome.code = log(words->options, words->limit, std::cout, std::cerr);
  });
}

using DeliveriesWords = std::shared_ptr<DeliveriesOptions>;

void add_deliveries_list(CLI::App& deliveries, Outcome& outcome) {
  const DeliveriesWords words = std::make_shared<DeliveriesOptions>();
  CLI::App* command = deliveries.add_subcommand(
      "list", "What ended unsent or is in doubt; with --user, what is on its way, too");
  command->add_option("--state", words->state, "refused, late, in_doubt, put_off or waiting");
  command->add_option("--user", words->user, "An email, a userId, or an internal id");
  command->add_option("--campaign", words->campaign, "Only messages of this campaign");
  command->add_option("--limit", words->limit, "How many at most")
      ->capture_default_str()
      ->check(CLI::Range(std::size_t{1}, runtime::kMaxListedDeliveries));
  add_operator_options(*command, words->daemon);
  command->callback(
      [words, &outcome] { outcome.code = list_deliveries(*words, std::cout, std::cerr); });
}

void add_deliveries_order(CLI::App& deliveries, runtime::DeliveryOrder::Verb verb,
                          const std::string& help, const std::string& states, Outcome& outcome) {
  const DeliveriesWords words = std::make_shared<DeliveriesOptions>();
  CLI::App* command = deliveries.add_subcommand(std::string(to_string(verb)), help);
  command->add_option("KEY", words->keys, "Those with these keys (default: --state, --campaign)");
  command->add_option("--state", words->state, "Those that are " + states);
  command->add_option("--campaign", words->campaign, "Messages of this campaign");
  command->add_flag("--yes", words->yes, "Do it; without, only say how many it would be");
  command->add_option("--by", words->by, "Whom the log names (default: the user of the system)");
  add_operator_options(*command, words->daemon);
  command->callback([words, verb, &outcome] {
    outcome.code = order_deliveries(verb, *words, std::cout, std::cerr);
  });
}

void add_deliveries(CLI::App& app, Outcome& outcome) {
  using Verb = runtime::DeliveryOrder::Verb;
  CLI::App* command = app.add_subcommand(
      "deliveries", "Ask the daemon what ended unsent; have it sent after all, or given up");
  command->require_subcommand(1);
  add_deliveries_list(*command, outcome);
  add_deliveries_order(*command, Verb::kRetry,
                       "Send what ended unsent after all, under the same key, by all the rules",
                       "refused, late or in_doubt", outcome);
  add_deliveries_order(*command, Verb::kDrop,
                       "Forget what ended unsent, and end what waits to leave",
                       "refused, late, in_doubt, put_off or waiting", outcome);
}

int run_command(int argc, const char* const* argv) {
  CLI::App app("Sojourn: customer journeys as code");
  app.name("sojourn");
  app.set_version_flag("--version", "sojourn " SOJOURN_VERSION, "Print the version");
  app.require_subcommand(1);
  Outcome outcome;
  add_check(app, outcome);
  add_explain(app, outcome);
  add_docs(app, outcome);
  add_fmt(app, outcome);
  add_test(app, outcome);
  add_graph(app, outcome);
  add_prove(app, outcome);
  add_simulate(app, outcome);
  add_run(app, outcome);
  add_sandbox(app, outcome);
  for (const Command& command : iterable_commands()) add_command(app, command, outcome);
  add_command(app, key_command(), outcome);
  for (const Command& command : store_commands()) add_command(app, command, outcome);
  add_status(app, outcome);
  add_user(app, outcome);
  for (const Command& command : person_commands()) add_command(app, command, outcome);
  add_why(app, outcome);
  add_journey_commands(app, outcome);
  add_clock(app, outcome);
  add_log(app, outcome);
  add_deliveries(app, outcome);
  add_demo(app, outcome);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // Help was asked for, or the words make no sense.
    if (app.exit(error) == 0) return kClean;
    const std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
    if (!words.empty() && words[0] == "check") {
      report_unusable_check(words, error.what(), std::cout);
    }
    return kCouldNotRun;
  }
  return outcome.code;
}

}  // namespace

// What was asked for and could not be written is an error, however well the rest went: a report
// that was cut off must not be taken for a clean one.
int run_command_line(int argc, const char* const* argv) {
  const int code = run_command(argc, argv);
  if (std::cout.flush()) return code;
  std::cerr << "error: the output could not be written\n";
  return kCouldNotRun;
}

}  // namespace sojourn::app
