// Segment's calls (POST /v1/track, identify, alias, and batch of these): `event` with
// `properties` is an event under that wire name, `traits` are profile fields, `messageId` is what
// a repeat is recognised by, `timestamp` says when it happened. Pages, screens and groups say
// nothing to a journey and are left out.
#pragma once

#include <optional>
#include <string_view>

#include "runtime/intake_reader.h"

namespace sojourn::runtime {

// `type`: track, identify or alias; empty: as the call's own `type` says. Nothing: it is left out.
Parsed<std::optional<IntakeItem>> read_segment(IntakeReader& reader,
                                               const IntakeReader::Object& call,
                                               std::string_view type);

}  // namespace sojourn::runtime
