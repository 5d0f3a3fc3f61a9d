// The bytes of ours in the tables of a database file, past the store, for tests that damage them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sojourn::store {

// A cell that holds bytes whose meaning is not the store's.
struct Cell {
  std::string table;
  std::string column;
  std::string where;  // names its row: the condition of an UPDATE
  std::string body;
};

// All of them, in order of table and key. No store has the file open. Aborts where the tables are
// not those of schema.cpp.
std::vector<Cell> stored_cells(const std::string& path);

// Puts other bytes there. An error where the file is no database, or has no such table.
base::Status replace_cell(const std::string& path, const Cell& cell, std::string_view body);

}  // namespace sojourn::store
