// The items of Iterable's own calls, and of the two of ours that have their shape: entries of
// journeys and engagements. Each function reads one JSON object; `where` is what messages call
// it. A call whose body is one item and not a list has it at "obj".
#pragma once

#include <string>

#include "runtime/intake_reader.h"

namespace sojourn::runtime {

// As the endpoint of the reader's request says. `list`: the declared list that a change is about.
Parsed<IntakeItem> read_item(IntakeReader& reader, const IntakeReader::Object& fields,
                             const std::string& where, const std::string& list);
// An entry of the journey: typed by its `enter on api`, whole, and nothing beside.
Parsed<IntakeItem> read_entry(IntakeReader& reader, const IntakeReader::Object& fields,
                              const graph::EventType& entry);
// triggerWorkflow: the same by the workflow's id; a field that the journey does not ask for is
// dropped. A workflow that no journey stands for is a Problem whose answer is `not_ours`.
Parsed<IntakeItem> read_workflow(IntakeReader& reader, const IntakeReader::Object& fields);

// updateEmail, merge, trackPurchase, updateCart.
Parsed<IntakeItem> read_rename(const IntakeReader& reader, const IntakeReader::Object& fields);
Parsed<IntakeItem> read_merge(const IntakeReader& reader, const IntakeReader::Object& fields);
Parsed<IntakeItem> read_purchase(IntakeReader& reader, const IntakeReader::Object& fields);
Parsed<IntakeItem> read_cart(IntakeReader& reader, const IntakeReader::Object& fields);

}  // namespace sojourn::runtime
