// What the daemon is held to: what its log and its counters say of users, and as much of what
// the oracle tells. In place of a journey, which the provider sees none of, is whom it is about.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "graph/catalog.h"
#include "runtime/store/store.h"
#include "tests/oracle/life.h"

namespace sojourn::differential {

struct DaemonUser {
  std::string name;
  std::int64_t id = 0;  // as splits know them
};

// Oldest first. What was sent and asked the log does not tell with its data.
std::vector<oracle::Told> told_by_log(store::Store& store, store::UserId user,
                                      const graph::Catalog& catalog, const std::string& name);
// Of splits that measure, over all users.
std::vector<oracle::Told> told_by_counters(store::Store& store);

// What the daemon can be held to of what the oracle tells of the users.
std::vector<oracle::Told> as_the_daemon_tells(
    const std::vector<DaemonUser>& users,
    const std::function<std::vector<oracle::Told>(std::int64_t user)>& live);

// In an order that does not go by journeys.
void sort_told(std::vector<oracle::Told>& story);

}  // namespace sojourn::differential
