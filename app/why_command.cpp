#include "app/why_command.h"

#include <array>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <ostream>
#include <string_view>
#include <utility>

#include "app/check_command.h"
#include "app/command_error.h"
#include "base/percent.h"

namespace sojourn::app {
namespace {

using Json = nlohmann::ordered_json;
using Words = std::pair<std::string_view, std::string_view>;

std::string part(const Json& line, const char* name) {
  return line.contains(name) && line[name].is_string() ? line[name].get<std::string>()
                                                       : std::string();
}

// The second of the pair with that first, or what was asked for.
template <std::size_t kCount>
std::string in_words(const std::array<Words, kCount>& words, const std::string& word) {
  for (const auto& [code, meaning] : words) {
    if (code == word) return std::string(meaning);
  }
  return word;
}

std::string why_refused(const std::string& rule) {
  static constexpr std::array<Words, 9> kWords{
      {{"reenter_never", "they were inside before, and `reenter never` holds"},
       {"reenter_after", "`reenter after` has not passed since they left"},
       {"reenter_times", "they have come in again as often as `reenter` allows"},
       {"enrolled", "they are inside already"},
       {"restart_times", "it has begun anew as often as `while enrolled restart` allows"},
       {"pace", "their place in the queue of `pace` would be too far off"},
       {"paused", "the journey is paused"},
       {"draining", "the journey is being drained"},
       {"stopped", "the journey is stopped"}}};
  return in_words(kWords, rule);
}

std::string why_skipped(const std::string& reason) {
  static constexpr std::array<Words, 16> kWords{
      {{"no_address", "they have no address for it"},
       {"no_consent", "they have not subscribed to it"},
       {"capped", "a cap left no room in time"},
       {"quiet", "quiet hours did not end in time"},
       {"late", "it was too late for it"},
       {"holdout", "they are held out"},
       {"repeated", "the enrollment had sent it before"},
       {"once", "they had been sent it before"},
       {"exited", "the enrollment had ended, or left the step"},
       {"refused", "the provider refused it"},
       {"dropped", "an operator dropped it"},
       {"edited", "its journey was edited since they completed it"},
       {"undeclared", "its campaign is no longer declared"},
       {"no_id", "its campaign no longer has an id"},
       {"unknown", "whether it arrived is not known, and it is sent at most once"},
       {"only_to", "nothing may leave for them in this environment"}}};
  return in_words(kWords, reason);
}

std::string why_deferred(const Json& line) {
  static constexpr std::array<Words, 3> kWords{
      {{"capped", "a cap"}, {"quiet", "quiet hours"}, {"best_time", "their best time"}}};
  // `detail` ends in the code of the rule.
  const std::string detail = part(line, "detail");
  const std::size_t by = detail.rfind(' ');
  return in_words(kWords, by == std::string::npos ? detail : detail.substr(by + 1));
}

// `wait 1` (trial.journey:12).
std::string step_of(const Json& line) {
  const std::string place = part(line, "place");
  const std::string step = part(line, "subject");
  if (step.empty()) return "the journey";
  return fmt::format("`{}`{}", step, place.empty() ? "" : " (" + place + ")");
}

std::string with_rule(std::string text, const Json& line, std::string_view before = ": ") {
  const std::string rule = part(line, "rule");
  return rule.empty() ? text : text.append(before).append(rule);
}

std::string sentence_of_message(const std::string& what, const Json& line) {
  const std::string campaign = part(line, "subject");
  const std::string detail = part(line, "detail");
  if (what == "claimed") return fmt::format("{} leaves, key {}", campaign, detail);
  if (what == "accepted") return fmt::format("{} was taken by the provider", campaign);
  if (what == "skipped") {
    return with_rule(fmt::format("{} ended unsent: {}", campaign, why_skipped(detail)), line, "; ");
  }
  if (what == "deferred") {
    return with_rule(fmt::format("{} was put off until {} by {}", campaign, part(line, "until"),
                                 why_deferred(line)),
                     line);
  }
  if (what == "retried") return fmt::format("{} is tried again: {}", campaign, detail);
  if (what == "in_doubt") return fmt::format("no answer came for {}, key {}", campaign, detail);
  if (what == "sent_again") return fmt::format("an operator had {} sent after all", campaign);
  if (what == "dropped") return fmt::format("an operator gave {} up", campaign);
  return {};
}

std::string sentence_of_step(const std::string& what, const Json& line) {
  const std::string until = part(line, "until");
  if (what == "branch") {
    return with_rule(fmt::format("{} went the way `{}`", step_of(line), part(line, "detail")),
                     line);
  }
  if (what == "waits") {
    const std::string end = until.empty() ? "" : " until " + until;
    return with_rule(fmt::format("{} waits{}", step_of(line), end), line);
  }
  if (what == "moved") {
    return with_rule(fmt::format("{} waits until {} now", step_of(line), until), line);
  }
  if (what == "wait_over") return fmt::format("the time of {} came", step_of(line));
  if (what == "rung_begun") return with_rule(fmt::format("{} begins", step_of(line)), line);
  if (what == "rung_skipped") {
    return with_rule(fmt::format("{}: a rung had gone by", step_of(line)), line);
  }
  if (what == "called") return fmt::format("webhook {} is asked", part(line, "subject"));
  if (what == "answered") return fmt::format("webhook {} answered", part(line, "subject"));
  if (what == "answered_late")
    return fmt::format("webhook {} answered too late", part(line, "subject"));
  if (what == "call_ended") {
    return fmt::format("webhook {} gave no answer: {}", part(line, "subject"),
                       part(line, "detail"));
  }
  return {};
}

std::string sentence_of_exit(const Json& line) {
  const std::string place = part(line, "place");
  std::string text = fmt::format("they left as `{}`", part(line, "detail"));
  text = with_rule(std::move(text), line);
  const bool by_rule = !part(line, "rule").empty();
  if (by_rule && !place.empty()) text += " (" + place + ")";
  const std::string step = part(line, "subject");
  return step.empty() ? text : fmt::format("{}, while at `{}`", text, step);
}

std::string sentence(const Json& line) {
  const std::string what = part(line, "what");
  const std::string subject = part(line, "subject");
  const std::string detail = part(line, "detail");
  if (what == "event") {
    const std::string more = detail.empty() ? "" : fmt::format(" ({})", detail);
    return fmt::format("event {} came{}", subject, more);
  }
  if (what == "entered") {
    const std::string more = detail.empty() ? "" : ", " + detail;
    return with_rule("they were let in" + more, line);
  }
  if (what == "refused") {
    const std::string by = subject.empty() ? "" : fmt::format(" by {}", subject);
    return fmt::format("they were not let in{}: {}", by, why_refused(detail));
  }
  if (what == "exited") return sentence_of_exit(line);
  if (what == "profile") return fmt::format("their profile changed: {}", detail);
  if (what == "entry_updated") return fmt::format("event {} is the entry from now on", subject);
  if (what == "goal") return fmt::format("goal {} was met", subject);
  std::string text = sentence_of_message(what, line);
  if (text.empty()) text = sentence_of_step(what, line);
  if (!text.empty()) return text;
  return fmt::format("{} {} {}", what, subject, detail);
}

std::string headline(const Json& report) {
  const std::string verdict = part(report, "verdict");
  const std::string campaign =
      report.contains("campaign") ? part(report, "campaign") : part(report, "about");
  static constexpr std::array<Words, 16> kWords{
      {{"sent", "was sent"},
       {"leaving", "is on its way, and its answer is awaited"},
       {"in_doubt", "may have been sent: no answer came"},
       {"retried", "is being tried again"},
       {"skipped", "was not sent"},
       {"deferred", "is put off"},
       {"planned", "is about to leave"},
       {"dropped", "was not sent, and was given up"},
       {"not_let_in", "was not sent: they were not let in"},
       {"left", "was not sent: they left before it"},
       {"not_yet", "was not sent yet: they have not come to it"},
       {"never_entered", "was not sent: nothing let them in"},
       {"event_entered", "let them in"},
       {"event_updated", "let them in nowhere, and is the entry of where they are inside"},
       {"event_refused", "let them in nowhere"},
       {"event_nothing", "let them in nowhere: no entry is for it"}}};
  std::string text = fmt::format("{} {}", campaign, in_words(kWords, verdict));
  if (!report.contains("journey")) return text;
  text += fmt::format(" (journey {}", part(report, "journey"));
  const auto enrollment = report.value("enrollment", 0);
  if (enrollment != 0) text += fmt::format(", enrollment {}", enrollment);
  return text + ")";
}

}  // namespace

void print_log_line(const Json& line, bool journeys, std::ostream& out) {
  out << "  " << part(line, "at") << "  ";
  if (journeys && line.contains("journey")) {
    const auto number = line.value("enrollment", 0);
    out << part(line, "journey") << (number == 0 ? "" : fmt::format(" #{}", number)) << ": ";
  }
  out << sentence(line) << '\n';
  constexpr std::string_view kIndent = "                          ";
  if (line.contains("values")) {
    for (const auto& [name, value] : line["values"].items()) {
      const auto text = value.get<std::string>();
      out << kIndent << name << (text.empty() ? "" : " = ") << text << '\n';
    }
  }
  if (line.contains("zone")) {
    out << kIndent
        << fmt::format("by the clock of {}, from {}\n", part(line["zone"], "name"),
                       part(line["zone"], "source"));
  }
}

void print_why(const Json& report, std::ostream& out) {
  out << headline(report) << '\n';
  if (report.contains("entries")) {
    out << "\nwhat would let them in\n";
    for (const Json& entry : report["entries"]) {
      out << fmt::format("  {}: {}\n", part(entry, "journey"), part(entry, "line"));
    }
    return;
  }
  out << '\n';
  if (!report.value("complete", true)) out << "  what came before is no longer in the log\n";
  // An event may be for many journeys, a message is of one.
  const bool journeys = part(report, "verdict").starts_with("event_");
  for (const Json& line : report["story"]) print_log_line(line, journeys, out);
  if (!report.contains("since")) return;
  out << "\nsince then\n";
  print_log_line(report["since"], true, out);
}

int why(const WhyOptions& options, std::ostream& out, std::ostream& err) {
  const auto json = ask_daemon(
      options, fmt::format("/why?id={}&about={}", base::percent_encoded(options.identity),
                           base::percent_encoded(options.about)));
  if (!json) return report_error(json.error(), err);
  if (options.json) {
    out << json->dump(2) << '\n';
  } else {
    print_why(*json, out);
  }
  return kClean;
}

}  // namespace sojourn::app
