// The index from what fields of users read as to the users, for events `for users`: which
// fields it has, how it is made for the users who are already there, and what a user
// contributes. Turns keep it up to date (UserState). On the thread that has the store.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "graph/catalog.h"
#include "graph/value.h"
#include "runtime/store/store.h"

namespace sojourn::runtime {

class Program;
class UserState;

struct IndexedField {
  std::string name;
  bool contains = false;     // by each item of the list
  std::uint32_t number = 0;  // never again of another field, or of this one made anew
};

// What the store has of a field's index. With another fallback the field reads otherwise,
// so that is another index.
struct IndexState {
  std::string name;
  bool contains = false;
  std::uint32_t number = 0;
  graph::Value fallback;
  bool complete = false;  // else it is being made, and users up to `reached` are in it
  store::UserId reached;
  bool dropped = false;  // nothing reads it: its rows are being removed
};

// Of the setting kIndexedFields. kFatal when it cannot be read.
inline constexpr const char* kIndexedFields = "indexed_fields";
base::Result<std::vector<IndexState>> decode_index(std::string_view bytes);

// The fields that the catalog's events `for users` read, with their numbers. What was
// indexed before and is not read any more is dropped. Durable on return.
base::Result<std::vector<IndexedField>> settle_index(const graph::Catalog& catalog,
                                                     store::Store& store);
// Makes what is missing of the program's index. A start that is interrupted goes on from
// where it was.
base::Status build_index(const Program& program, store::Store& store);

// The entries of this user, in order; of a tombstone, none.
std::vector<store::FieldValue> index_entries(const UserState& user, const Program& program);

}  // namespace sojourn::runtime
