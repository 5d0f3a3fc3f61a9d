// A store of the world after some days of a few people: rows of every kind, things that wait, are
// under way and have ended. The same bytes in every process.
#pragma once

#include <string>
#include <vector>

#include "base/instant.h"
#include "base/result.h"

namespace sojourn::fuzz {

// The database file, closed, and the moment at which it was.
struct LivedStore {
  std::string bytes;
  base::Instant at;
};
const LivedStore& lived_store();

// A cell of its tables that holds bytes of ours.
struct Cell {
  std::string table;
  std::string column;
  std::string where;  // of an UPDATE: names its row
  std::string body;
};
// All of them, in order of table and key.
const std::vector<Cell>& lived_cells();

// Puts other bytes into a cell of the database file at `path`.
base::Status replace_cell(const std::string& path, const Cell& cell, std::string_view body);

}  // namespace sojourn::fuzz
