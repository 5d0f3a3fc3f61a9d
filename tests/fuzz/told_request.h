// What the intake has understood, as text to compare, and what must be so of every item of it.
#pragma once

#include <string>

#include "runtime/intake.h"

namespace sojourn::fuzz {

// All of it; two requests that mean the same give the same text.
std::string told_request(const runtime::IntakeRequest& request);
// Of one item, but for its id, and for what only says whether it may be unknown here.
std::string told_but_for_id(const runtime::IntakeItem& item);

// Aborts unless its names are well-formed, its fields those that are declared, none twice, each as
// it is declared and stored as it is, its times those that are kept, and its texts UTF-8.
void check_item(const runtime::IntakeItem& item);

}  // namespace sojourn::fuzz
