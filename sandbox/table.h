// Text tables for the terminal. Pure.
#pragma once

#include <string>
#include <vector>

#include "sandbox/inbox.h"
#include "sandbox/messages.h"

namespace sojourn::sandbox {

// One line for each message under a heading. Bytes from outside cannot steer the
// terminal, and lines stay below `width` columns: the data is cut.
std::string message_table(const std::vector<Message>& messages, std::size_t width = 120);

// How many came, by medium and campaign, event name and kind of update.
std::string summary_table(const Inbox::Tallies& tallies);

}  // namespace sojourn::sandbox
