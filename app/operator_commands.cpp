#include "app/operator_commands.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <ostream>

#include "app/check_command.h"
#include "app/command_error.h"
#include "app/why_command.h"
#include "base/percent.h"

namespace sojourn::app {
namespace {

using Json = nlohmann::ordered_json;

std::string text_of(const Json& json) {
  return json.is_string() ? json.get<std::string>() : json.dump();
}

void print_counts(const Json& counts, std::string_view what, std::ostream& out) {
  for (const auto& [name, count] : counts.items()) {
    out << fmt::format("  {:>9} {} {}\n", count.get<std::int64_t>(), what, name);
  }
}

void print_journey(const Json& journey, std::ostream& out) {
  out << '\n' << text_of(journey["journey"]);
  for (const Json& state : journey["states"]) out << ", " << text_of(state);
  out << fmt::format("\n  {:>9} entered\n", journey["entered"].get<std::int64_t>());
  if (const auto held = journey["held_back"].get<std::int64_t>(); held > 0) {
    out << fmt::format("  {:>9} timers and deliveries held back\n", held);
  }
  for (const Json& step : journey["inside"]) {
    out << fmt::format("  {:>9} at {}\n", step["count"].get<std::int64_t>(), text_of(step["step"]));
  }
  print_counts(journey["exited"], "exited:", out);
  print_counts(journey["refused"], "not let in:", out);
  for (const Json& message : journey["messages"]) {
    out << fmt::format("  {:>9} planned, {} accepted: {}\n", message["planned"].get<std::int64_t>(),
                       message["accepted"].get<std::int64_t>(), text_of(message["campaign"]));
    for (const auto& [reason, count] : message["skipped"].items()) {
      out << fmt::format("  {:>9}   skipped: {}\n", count.get<std::int64_t>(), reason);
    }
  }
}

// Of what is not asked as usual.
void print_lane(const Json& lane, std::ostream& out) {
  const std::string endpoint = text_of(lane["endpoint"]);
  if (!lane["since"].is_null()) {
    out << fmt::format("\nendpoint {}: {} since {}, because of {}\n", endpoint,
                       text_of(lane["breaker"]), text_of(lane["since"]), text_of(lane["reason"]));
  }
  if (!lane["slowed_since"].is_null()) {
    out << fmt::format(
        "\nendpoint {}: slowed to {:.1f} a second since {}, because of answers 429\n", endpoint,
        lane["per_second"].get<double>(), text_of(lane["slowed_since"]));
  }
  if (!lane["nothing_before"].is_null()) {
    out << fmt::format("endpoint {}: nothing leaves before {}\n", endpoint,
                       text_of(lane["nothing_before"]));
  }
}

void print_status(const Json& status, std::ostream& out) {
  out << fmt::format("{} at {}, {} commits, next due {}\n", text_of(status["project"]),
                     text_of(status["now"]), status["commits"].get<std::uint64_t>(),
                     status["next_due"].is_null() ? "never" : text_of(status["next_due"]));
  if (const Json& held = status["held"]; held.is_object()) {
    out << fmt::format(
        "held: restored from a backup as of {}; nothing leaves; see `sojourn release`\n",
        text_of(held["backup_at"]));
  }
  if (text_of(status["clock"]) != "steady") {
    out << fmt::format("the clock is {}: the machine's says {}; see `sojourn clock`\n",
                       text_of(status["clock"]), text_of(status["wall"]));
  }
  if (const auto overdue = status["overdue_timers"].get<std::uint64_t>(); overdue > 0) {
    const bool may_be_more = status["overdue_timers_may_be_more"].get<bool>();
    out << fmt::format("{}{} timers are overdue\n", may_be_more ? "at least " : "", overdue);
  }
  for (const Json& lane : status["endpoints"]) print_lane(lane, out);
  for (const Json& journey : status["journeys"]) print_journey(journey, out);
  for (const Json& webhook : status["webhooks"]) {
    out << fmt::format("\nwebhook {}\n", text_of(webhook["webhook"]));
    print_counts(webhook["calls"], "", out);
  }
  out << "\nothers\n";
  print_counts(status["others"], "", out);
}

// A clock that stands may move what is due.
std::string due_of(const Json& enrollment) {
  const bool frozen = enrollment.contains("frozen");
  if (!enrollment.contains("due")) return frozen ? ", frozen" : "";
  return fmt::format(", due {}{}", text_of(enrollment["due"]),
                     frozen ? " if it were resumed now (frozen)" : "");
}

void print_user(const Json& report, std::ostream& out) {
  out << fmt::format("user {}  email {}  userId {}\n", text_of(report["id"]),
                     text_of(report["email"]), text_of(report["userId"]));
  out << "\nprofile\n";
  for (const auto& [name, field] : report["profile"].items()) {
    out << fmt::format("  {} = {}  ({}, {})\n", name, field["value"].dump(),
                       text_of(field["source"]), text_of(field["at"]));
  }
  out << "\njourneys\n";
  for (const Json& enrollment : report["enrollments"]) {
    out << fmt::format("  #{} {} at {} since {}{}\n", enrollment["number"].dump(),
                       text_of(enrollment["journey"]), text_of(enrollment["at"]),
                       text_of(enrollment["since"]), due_of(enrollment));
  }
  for (const Json& ended : report["ended"]) {
    out << fmt::format("  #{} {} ended {} as {}\n", ended["number"].dump(),
                       text_of(ended["journey"]), text_of(ended["ended_at"]),
                       text_of(ended["reason"]));
  }
  out << "\non its way\n";
  for (const Json& delivery : report["deliveries"]) {
    out << fmt::format("  {} {} {} {}, {} attempts{}\n", text_of(delivery["key"]),
                       text_of(delivery["what"]), text_of(delivery["subject"]),
                       text_of(delivery["state"]), delivery["attempts"].dump(),
                       delivery["in_doubt"].get<bool>() ? ", in doubt" : "");
  }
  out << "\nwhat happened\n";
  for (const Json& line : report["log"]) print_log_line(line, true, out);
}

std::string_view meaning_of(std::string_view command) {
  if (command == "pause") {
    return "nobody enters, no timer runs and nothing leaves until it is resumed; exits by events "
           "go on";
  }
  if (command == "pause --clock freeze") {
    return "nobody enters, no timer runs and nothing leaves until it is resumed; what is left of "
           "waits is left of them then; exits by events go on";
  }
  if (command == "resume") {
    return "a pause ends, and what is held back goes on bit by bit; of a journey that is not "
           "paused, people may enter again";
  }
  if (command == "drain") return "nobody enters; those inside go on to their end";
  return "nobody enters, everybody inside exits as `stopped`, and what has not left is taken back";
}

void print_command(const Json& counts, std::ostream& out) {
  out << fmt::format("{} {}: {}\n", text_of(counts["command"]), text_of(counts["journey"]),
                     meaning_of(text_of(counts["command"])));
  out << fmt::format("  {:>9} inside\n", counts["inside"].get<std::int64_t>());
  out << fmt::format("  {:>9} due within a day{}\n", counts["due_within_a_day"].get<std::int64_t>(),
                     counts["due_at_least"].get<bool>() ? ", or more" : "");
  out << fmt::format("  {:>9} messages waiting\n", counts["messages_waiting"].get<std::int64_t>());
  out << fmt::format("  {:>9} timers and deliveries held back\n",
                     counts["held_back"].get<std::int64_t>());
  out << (counts["done"].get<bool>() ? "done\n"
                                     : "nothing was done; say it again with --yes to do it\n");
}

void print_commands(const Json& answer, std::ostream& out) {
  for (const Json& line : answer["commands"]) {
    const std::string journey = text_of(line["journey"]);
    out << fmt::format("{}  {}  {}{}{}: {}\n", text_of(line["at"]), text_of(line["by"]),
                       text_of(line["command"]), journey.empty() ? "" : " ", journey,
                       text_of(line["detail"]));
  }
}

void print_clock(const Json& clock, std::ostream& out) {
  const std::string state = text_of(clock["state"]);
  out << fmt::format("{}: the daemon lives by {}, the wall clock says {}\n", state,
                     text_of(clock["now"]), text_of(clock["wall"]));
  if (state == "doubted") {
    out << "the wall clock leapt ahead: nothing is decided by it until it has stood, or until\n"
           "`sojourn clock accept --yes` says that it is right\n";
  } else if (state == "behind") {
    out << "the wall clock was set back: time stands still until it has caught up\n";
  }
}

template <typename Print>
int answer(const OperatorOptions& options, const std::string& target, Print print,
           std::ostream& out, std::ostream& err, const std::string& body = {}) {
  const auto json = ask_daemon(options, target, body);
  if (!json) return report_error(json.error(), err);
  if (options.json) {
    out << json->dump(2) << '\n';
  } else {
    print(*json, out);
  }
  return kClean;
}

}  // namespace

int status(const OperatorOptions& options, std::ostream& out, std::ostream& err) {
  return answer(options, "/status", print_status, out, err);
}

int user(const OperatorOptions& options, const std::string& identity, std::ostream& out,
         std::ostream& err) {
  return answer(options, "/user?id=" + base::percent_encoded(identity), print_user, out, err);
}

int journey_command(const JourneyCommandOptions& options, std::ostream& out, std::ostream& err) {
  const Json body{{"command", options.command},
                  {"journey", options.journey},
                  {"clock", options.clock},
                  {"yes", options.yes},
                  {"by", options.by.empty() ? caller() : options.by}};
  return answer(options, "/journey", print_command, out, err,
                body.dump(-1, ' ', false, Json::error_handler_t::replace));
}

int clock(const ClockOptions& options, std::ostream& out, std::ostream& err) {
  if (!options.accept) return answer(options, "/clock", print_clock, out, err);
  const Json body{{"yes", options.yes}, {"by", options.by.empty() ? caller() : options.by}};
  return answer(options, "/clock/accept", print_clock, out, err,
                body.dump(-1, ' ', false, Json::error_handler_t::replace));
}

int log(const OperatorOptions& options, std::size_t limit, std::ostream& out, std::ostream& err) {
  return answer(options, fmt::format("/log?limit={}", limit), print_commands, out, err);
}

}  // namespace sojourn::app
