#include "app/person_commands.h"

#include <fmt/format.h>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/check_command.h"
#include "app/command_error.h"
#include "base/percent.h"

namespace sojourn::app {
namespace {

using Json = nlohmann::ordered_json;

std::string name_in(const Json& answer, const char* member) {
  return answer.at(member).is_string() ? answer.at(member).get<std::string>() : "none";
}

void print_count(const Json& answer, const char* member, std::string_view what, std::ostream& out) {
  out << fmt::format("  {:>9} {}\n", answer.at(member).get<std::uint64_t>(), what);
}

void print_claimed(const Json& claimed, std::ostream& out) {
  for (const Json& one : claimed) {
    out << fmt::format("            {} {} {}\n", one.at("key").get<std::string>(),
                       one.at("what").get<std::string>(), one.at("subject").get<std::string>());
  }
}

void print_forget(const Json& answer, std::ostream& out) {
  out << fmt::format("user {}  email {}  userId {}\n", answer.at("id").get<std::string>(),
                     name_in(answer, "email"), name_in(answer, "userId"));
  out << fmt::format("  {:>9} journeys, which end without a message\n",
                     answer.at("journeys").size());
  print_count(answer, "timers", "timers", out);
  print_count(answer, "waiting", "deliveries that wait and will not leave", out);
  out << fmt::format("  {:>9} under way or in doubt, which nothing can call back\n",
                     answer.at("claimed").size());
  print_claimed(answer.at("claimed"), out);
  print_count(answer, "ended_unsent", "ended unsent", out);
  print_count(answer, "events", "events kept", out);
  print_count(answer, "log_rows", "rows of their log", out);
  out << (answer.at("iterable_is_asked").get<bool>()
              ? "Iterable is asked to forget them, once what is under way has been answered\n"
              : "Iterable is not asked to forget them\n");
  out << (answer.at("done").get<bool>() ? "forgotten; what comes under these names is refused\n"
                                        : "nothing was done; say it again with --yes to do it\n");
}

void add_place(Command& command, PersonOptions& options) {
  command.options.push_back(
      {"--project", "A folder of the project (default: here)", &options.project});
  command.options.push_back(
      {"--env", "The NAME of an [env.NAME] in sojourn.toml", &options.environment});
}

Command export_command() {
  auto options = std::make_shared<PersonOptions>();
  Command command{"export",
                  "Ask the daemon for all that is known of one person, as one JSON document",
                  {},
                  [options] { return export_person(*options, std::cout, std::cerr); }};
  command.options.push_back(
      {"USER", "An email, a userId, or an internal id", &options->identity, true});
  add_place(command, *options);
  return command;
}

Command forget_command() {
  auto options = std::make_shared<PersonOptions>();
  Command command{"forget",
                  "Erase one person, and refuse what comes under their names from then on",
                  {},
                  [options] { return forget_person(*options, std::cout, std::cerr); }};
  command.options.push_back(
      {"USER", "An email, a userId, or an internal id", &options->identity, true});
  command.options.push_back({"--yes", "Do it; without, only say what there is", &options->yes});
  command.options.push_back(
      {"--by", "Whom the log names (default: the user of the system)", &options->by});
  add_place(command, *options);
  command.options.push_back({"--json", "The daemon's answer as it came", &options->json});
  return command;
}

}  // namespace

int export_person(const PersonOptions& options, std::ostream& out, std::ostream& err) {
  const auto answer = ask_daemon(options, "/export?id=" + base::percent_encoded(options.identity));
  if (!answer) return report_error(answer.error(), err);
  out << answer->dump(2) << '\n';
  return kClean;
}

int forget_person(const PersonOptions& options, std::ostream& out, std::ostream& err) {
  const Json body{{"id", options.identity},
                  {"yes", options.yes},
                  {"by", options.by.empty() ? caller() : options.by}};
  const auto answer =
      ask_daemon(options, "/forget", body.dump(-1, ' ', false, Json::error_handler_t::replace));
  if (!answer) return report_error(answer.error(), err);
  if (options.json) {
    out << answer->dump(2) << '\n';
  } else {
    print_forget(*answer, out);
  }
  return kClean;
}

std::vector<Command> person_commands() {
  return {export_command(), forget_command()};
}

}  // namespace sojourn::app
