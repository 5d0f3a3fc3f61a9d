// What goes on to Iterable of what came by its own paths, and what of it Iterable took. Pure.
#pragma once

#include <simdjson.h>
#include <string>
#include <string_view>

#include "runtime/intake.h"

namespace sojourn::runtime {

// With forward = "queue": the call about one item alone, as its sender wrote it. Items of a bulk
// call go on one by one, by the path of one: Iterable keeps the order of a user's calls only within
// one of its two pipelines. An event or a purchase without an id gets `generated_id`, so that a
// repeat after an answer that was lost changes nothing there. `body`: the whole; `item`: of a bulk
// call, this one, else the same.
IntakeForward forward_of(IntakeRequest::Endpoint endpoint, const simdjson::dom::object& body,
                         const simdjson::dom::object& item, const std::string& generated_id);

// With forward = "ask": leaves in the request what Iterable took of it, by the answer to the same
// call. One about one item is taken or not; of a bulk answer, an item whose user or whose event
// name stands in one of the lists of what failed is not taken. The lists name users and not items,
// so of a user who is listed nothing of that request is. Of what we refuse, it leaves what
// Iterable took.
void keep_taken(IntakeRequest& request, int status, const std::string& answer);

}  // namespace sojourn::runtime
