// The tables of a store's file and their version. docs/store.md describes them.
#pragma once

#include "runtime/store/sqlite.h"

namespace sojourn::store {

// Makes the tables in an empty file, or checks that they are of this version. A
// newer file, and one of another program, is an error and is left as it is.
// Errors go to the connection or come back.
base::Status prepare_schema(Connection& connection, std::int64_t page_bytes);
// The same without a change: kInvalid, too, when the file is empty or of an older version.
base::Status expect_schema(Connection& connection);

}  // namespace sojourn::store
