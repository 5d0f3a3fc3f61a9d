#include "runtime/store/program_tables.h"

#include "runtime/store/hash_bytes.h"
#include "runtime/store/ordered.h"

namespace sojourn::store {

ProgramTables::ProgramTables(Connection& connection)
    : add_to_counter_(connection,
                      "INSERT INTO counter (name, value) VALUES (?, ?)"
                      " ON CONFLICT DO UPDATE SET value = value + excluded.value"),
      counters_(connection, "SELECT name, value FROM counter ORDER BY name"),
      graphs_(connection, "SELECT version, journey, encoding, bytes FROM graph ORDER BY version"),
      put_graph_(connection,
                 "INSERT INTO graph (version, journey, encoding, bytes) VALUES (?, ?, ?, ?)"
                 " ON CONFLICT DO UPDATE SET journey = excluded.journey,"
                 " encoding = excluded.encoding, bytes = excluded.bytes"),
      step_number_(connection, "SELECT number FROM step_number WHERE journey = ? AND identity = ?"),
      next_step_number_(connection,
                        "SELECT coalesce(max(number) + 1, 0) FROM step_number WHERE journey = ?"),
      put_step_number_(connection,
                       "INSERT INTO step_number (journey, identity, number) VALUES (?, ?, ?)"),
      setting_(connection, "SELECT value FROM setting WHERE name = ?"),
      put_setting_(connection,
                   "INSERT INTO setting (name, value) VALUES (?, ?)"
                   " ON CONFLICT DO UPDATE SET value = excluded.value") {}

void ProgramTables::add_to_counters(const std::vector<CounterDelta>& deltas) {
  // They come in the order of a hash map; so that the same commit makes the same calls to the disk.
  for (const CounterDelta* counter : ordered(deltas, &CounterDelta::name)) {
    run(add_to_counter_, Text{counter->name}, counter->delta);
  }
}

std::vector<std::pair<std::string, std::int64_t>> ProgramTables::counters() {
  std::vector<std::pair<std::string, std::int64_t>> out;
  Query query(counters_);
  while (query.next()) out.emplace_back(query.bytes(0), query.integer(1));
  return out;
}

std::vector<StoredGraph> ProgramTables::graphs() {
  std::vector<StoredGraph> out;
  Query query(graphs_);
  while (query.next()) {
    out.push_back(StoredGraph{HashBytes::parse(query.bytes(0)), std::string(query.bytes(1)),
                              static_cast<std::uint32_t>(query.integer(2)),
                              std::string(query.bytes(3))});
  }
  return out;
}

void ProgramTables::put_graph(const StoredGraph& graph) {
  const HashBytes version(graph.version);
  run(put_graph_, Blob{version.view()}, Text{graph.journey}, graph.encoding, Blob{graph.bytes});
}

std::vector<std::uint32_t> ProgramTables::step_numbers(const std::string& journey,
                                                       const std::vector<std::string>& identities) {
  std::int64_t next = 0;
  {
    Query query(next_step_number_, Text{journey});
    if (query.next()) next = query.integer(0);
  }
  std::vector<std::uint32_t> out;
  out.reserve(identities.size());
  for (const std::string& identity : identities) {
    std::optional<std::int64_t> number;
    {
      Query query(step_number_, Text{journey}, Text{identity});
      if (query.next()) number = query.integer(0);
    }
    if (!number) {
      number = next++;
      run(put_step_number_, Text{journey}, Text{identity}, *number);
    }
    out.push_back(static_cast<std::uint32_t>(*number));
  }
  return out;
}

std::optional<std::string> ProgramTables::setting(const std::string& name) {
  Query query(setting_, Text{name});
  if (!query.next()) return std::nullopt;
  return std::string(query.bytes(0));
}

void ProgramTables::put_setting(const std::string& name, const std::string& value) {
  run(put_setting_, Text{name}, Blob{value});
}

}  // namespace sojourn::store
