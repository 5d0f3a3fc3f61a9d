// SQLite salts its logs with chance of its own. From a seed, runs that are to be the same are.
#pragma once

namespace sojourn::store {

// Not 0. Of all connections of the process from here on.
void seed_sqlite_chance(int seed);

}  // namespace sojourn::store
