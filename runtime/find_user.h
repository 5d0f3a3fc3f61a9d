// How an operator names a user: by an email, a userId, or the internal id as reports
// print it.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "runtime/store/store.h"

namespace sojourn::runtime {

// 16 hex digits.
std::string printed_id(store::UserId id);

// Nothing when nobody has that email or userId and it is no id that a person can have either.
// Whether somebody has the printed id is not looked up.
base::Result<std::optional<store::UserId>> find_user(const std::string& identity,
                                                     store::Store& store);

}  // namespace sojourn::runtime
