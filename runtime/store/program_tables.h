// What belongs to the file and not to a person: counters, graphs, step numbers
// and settings. Belongs to a SqliteStore; errors stay in its connection.
#pragma once

#include "runtime/store/sqlite.h"
#include "runtime/store/store.h"

namespace sojourn::store {

class ProgramTables {
 public:
  explicit ProgramTables(Connection& connection);

  void add_to_counters(const std::vector<CounterDelta>& deltas);
  std::vector<std::pair<std::string, std::int64_t>> counters();

  std::vector<StoredGraph> graphs();
  void put_graph(const StoredGraph& graph);

  // Inside a transaction.
  std::vector<std::uint32_t> step_numbers(const std::string& journey,
                                          const std::vector<std::string>& identities);

  std::optional<std::string> setting(const std::string& name);
  void put_setting(const std::string& name, const std::string& value);

 private:
  Statement add_to_counter_;
  Statement counters_;
  Statement graphs_;
  Statement put_graph_;
  Statement step_number_;
  Statement next_step_number_;
  Statement put_step_number_;
  Statement setting_;
  Statement put_setting_;
};

}  // namespace sojourn::store
