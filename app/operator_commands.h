// `sojourn status`, `user`, `clock` and `log`: questions to the running daemon of a project, over
// its control socket. `sojourn pause`, `resume`, `drain` and `stop`: what is to become of a
// journey.
#pragma once

#include <cstddef>
#include <iosfwd>
#include <string>

#include "app/ask_daemon.h"

namespace sojourn::app {

int status(const OperatorOptions& options, std::ostream& out, std::ostream& err);
// `identity`: an email, a userId, or the internal id that a report prints.
int user(const OperatorOptions& options, const std::string& identity, std::ostream& out,
         std::ostream& err);

struct JourneyCommandOptions : OperatorOptions {
  std::string command;  // pause, resume, drain, stop
  std::string journey;
  std::string clock;  // of pause: run, freeze
  bool yes = false;   // carry it out; otherwise only count
  std::string by;     // whom the log names; empty: the user of the system
};

int journey_command(const JourneyCommandOptions& options, std::ostream& out, std::ostream& err);
// By what time the daemon lives. With `accept` and `yes`, its wall clock is believed.
struct ClockOptions : OperatorOptions {
  bool accept = false;
  bool yes = false;
  std::string by;  // as above
};
int clock(const ClockOptions& options, std::ostream& out, std::ostream& err);
// The newest `limit` commands that were carried out.
int log(const OperatorOptions& options, std::size_t limit, std::ostream& out, std::ostream& err);

}  // namespace sojourn::app
