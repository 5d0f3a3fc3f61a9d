// Events in a sender's own form, POST /v1/events: [intake.events] of sojourn.toml says where in
// each of them what stands (EventShape).
#pragma once

#include <optional>

#include "runtime/intake_reader.h"

namespace sojourn::runtime {

// The list of events, or the one event, in the body.
Parsed<IntakeReader::Element> items_of(const IntakeReader& reader,
                                       const IntakeReader::Element& root);
Parsed<std::optional<IntakeItem>> read_shaped_event(IntakeReader& reader,
                                                    const IntakeReader::Object& item);

}  // namespace sojourn::runtime
