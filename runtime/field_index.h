// The index from what fields of users read as to the users, for events `for users`: which
// fields it has, how it is made for the users who are already there, and what a user
// contributes. Turns keep it up to date (UserState). On the thread that has the store.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "graph/catalog.h"
#include "runtime/store/store.h"

namespace sojourn::runtime {

class Program;
class UserState;

struct IndexedField {
  std::string name;
  bool contains = false;     // by each item of the list
  std::uint32_t number = 0;  // never again of another field, or of this one made anew
};

// The fields that the catalog's events `for users` read, with their numbers. What was
// indexed before and is not read any more is dropped. Durable on return.
base::Result<std::vector<IndexedField>> settle_index(const graph::Catalog& catalog,
                                                     store::Store& store);
// Makes what is missing of the program's index. A start that is interrupted goes on from
// where it was.
base::Status build_index(const Program& program, store::Store& store);

// The entries of this user, in order.
std::vector<store::FieldValue> index_entries(const UserState& user, const Program& program);

}  // namespace sojourn::runtime
