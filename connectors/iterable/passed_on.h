// Requests of senders that are passed on as they came: what a repeat of one would do there, which
// is what an answer that was lost means for it. Pure; any thread.
#pragma once

#include <string_view>

#include "connectors/iterable/outcome_table.h"

namespace sojourn::connectors::iterable {

// Of a request to `path` (a pattern, where it has a name in it; with its method before it, of a
// subscription: "DELETE /api/subscriptions/messageType/41") with the JSON `body`. What is not
// known to be safe is kSend: an event or a purchase without an `id`, each of which is one more; a
// workflow, begun again; and every other path.
Endpoint passed_on(std::string_view path, std::string_view body);

// Of a path whose repeat is refused, if the first was taken, and so does nothing twice: the user
// who was merged, and the email that was changed, are no more.
bool refuses_repeat(std::string_view path);

}  // namespace sojourn::connectors::iterable
