// `sojourn why`: why somebody got a message, or did not, as the running daemon knows it, in plain
// sentences.
#pragma once

#include <iosfwd>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "app/ask_daemon.h"

namespace sojourn::app {

struct WhyOptions : OperatorOptions {
  std::string identity;  // an email, a userId, or the internal id that a report prints
  std::string about;     // a campaign, or the key of a message
};

int why(const WhyOptions& options, std::ostream& out, std::ostream& err);

// The daemon's answer (runtime/why_report.h) for people.
void print_why(const nlohmann::ordered_json& report, std::ostream& out);
// One line of a user's log (runtime/log_report.h), with what was read for it below it. `journeys`:
// the line says of which journey it is.
void print_log_line(const nlohmann::ordered_json& line, bool journeys, std::ostream& out);

}  // namespace sojourn::app
