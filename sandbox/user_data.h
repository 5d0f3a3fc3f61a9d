// What a call says of a user, before it is taken: whether the project's types allow it, and whether
// the names it gives are free. Private to the service; one thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "base/instant.h"
#include "base/result.h"
#include "sandbox/exchange.h"

namespace sojourn::sandbox {

class BulkAnswer;
struct Desk;
struct Named;

enum class DataFault {
  kNone,
  kTypes,        // a value of another type than the field's
  kTooMany,      // more new fields than the project has room for
  kEmail,        // a new email that is no address
  kUserId,       // a new userId that is none
  kForgotten,    // a new name of somebody whom the project must forget
  kEmailTaken,   // an email of somebody else
  kUserIdTaken,  // a userId of somebody else
  kStore,        // it cannot be found out
};

// `item` is a users/update object whose own names are in order.
DataFault fault_of_data(Desk& desk, const nlohmann::json& item);

// What a call about one user answers.
Reply data_refused(const Desk& desk, DataFault fault, const nlohmann::json& item);
// The same in an answer about many. False for kStore, which ends the whole call.
bool data_failed(BulkAnswer& answer, DataFault fault, const Named& named);

// Keeps a faultless item; `topic` is that of the call.
base::Status take_data(Desk& desk, const nlohmann::json& item, std::string_view topic,
                       base::Instant now);

}  // namespace sojourn::sandbox
