#include "tests/unit/runtime/store/sqlite_chance.h"

#include <sqlite3.h>

namespace sojourn::store {

void seed_sqlite_chance(int seed) {
  sqlite3_test_control(SQLITE_TESTCTRL_PRNG_SEED, seed, nullptr);
}

}  // namespace sojourn::store
