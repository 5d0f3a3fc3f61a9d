// A page of the database that is not what was written. Of every class of page one after the other
// is damaged in several ways, the store is opened, and everything is read and then written: it
// never crashes, and where a tree's own structure is hurt, the damage is an error. What SQLite
// cannot see is counted, and held against what `PRAGMA quick_check` sees (docs/decisions/0052).
#include <functional>
#include <gtest/gtest.h>
#include <iostream>
#include <map>
#include <sqlite3.h>

#include "runtime/store/sqlite_store.h"
#include "tests/unit/runtime/store/random_turns.h"
#include "tests/unit/runtime/store/scratch_directory.h"

namespace sojourn::store {
namespace {

constexpr std::uint64_t kSeed = 31;
constexpr std::size_t kPageBytes = 512;

using Rows = std::vector<std::vector<std::string>>;

Rows ask(const std::string& path, const std::string& sql) {
  sqlite3* database = nullptr;
  EXPECT_EQ(sqlite3_open_v2(path.c_str(), &database, SQLITE_OPEN_READONLY, nullptr), SQLITE_OK);
  Rows rows;
  const int code = sqlite3_exec(
      database, sql.c_str(),
      [](void* out, int columns, char** values, char**) {
        auto& row = static_cast<Rows*>(out)->emplace_back();
        for (int i = 0; i < columns; ++i) row.emplace_back(values[i] == nullptr ? "" : values[i]);
        return 0;
      },
      &rows, nullptr);
  if (code != SQLITE_OK) rows.push_back({sqlite3_errmsg(database)});
  sqlite3_close(database);
  return rows;
}

// "user_row leaf", "delivery overflow", "freelist": the pages of each class, from 1.
using Classes = std::map<std::string, std::vector<std::size_t>>;

Classes classes_of(const std::string& path, std::size_t pages) {
  Classes classes;
  std::vector<bool> is_known(pages + 1);
  for (const auto& row : ask(path, "SELECT name, pagetype, pageno FROM dbstat")) {
    const std::size_t page = std::stoul(row.at(2));
    classes[row[0] + " " + row[1]].push_back(page);
    is_known.at(page) = true;
  }
  for (std::size_t page = 1; page <= pages; ++page) {
    if (!is_known[page]) classes["freelist"].push_back(page);
  }
  return classes;
}

struct Damage {
  const char* name;
  std::function<void(std::string& page, const std::string& other)> hurt;
};

const std::vector<Damage>& damages() {
  static const std::vector<Damage> kDamages{
      {"zeroed", [](std::string& page, const std::string&) { page.assign(page.size(), '\0'); }},
      {"of another tree", [](std::string& page, const std::string& other) { page = other; }},
      {"first byte flipped",
       [](std::string& page, const std::string&) { page[0] = static_cast<char>(page[0] ^ 0x40); }},
      {"first cell flipped",
       [](std::string& page, const std::string&) { page[8] = static_cast<char>(page[8] ^ 0x20); }},
      {"a byte in it flipped",
       [](std::string& page, const std::string&) {
         page[page.size() - 9] = static_cast<char>(page[page.size() - 9] ^ 0x01);
       }},
  };
  return kDamages;
}

// What became of a damaged file.
enum class Seen : std::uint8_t { kByReading, kByQuickCheckAlone, kByNobody, kHarmless };

class PageDamage : public ::testing::Test {
 protected:
  PageDamage() : turns_(kSeed) {
    const ScratchDirectory made(ScratchDirectory::Place::kMemory);
    SqliteOptions options;
    options.path = made.file("data.db");
    options.page_bytes = kPageBytes;
    auto store = open_sqlite_store(options).value();
    for (int i = 0; i < 60; ++i) {
      const Commit commit = turns_.next(content_);
      content_.apply(commit);
      store->commit(commit, [](const auto& done) { ASSERT_TRUE(done); });
    }
    EXPECT_TRUE(store->put_graph({{1, 2}, "welcome", 1, std::string(2 * kPageBytes, 'g')}));
    EXPECT_TRUE(store->step_numbers("welcome", steps_));
    content_ = content_of(*store, turns_.universe());
    store.reset();
    database_ = file_bytes(options.path);
    classes_ = classes_of(options.path, database_.size() / kPageBytes);
  }

  std::string page(std::size_t number) const {
    return database_.substr((number - 1) * kPageBytes, kPageBytes);
  }

  // Reads everything.
  base::Status use(const SqliteOptions& options, Content& found) {
    const auto store = open_sqlite_store(options);
    if (!store) return tl::unexpected(store.error());
    auto content = try_content_of(**store, turns_.universe());
    if (!content) return tl::unexpected(content.error());
    found = std::move(*content);
    // What is found by an index of its own.
    const auto lanes = (*store)->waiting_lanes();
    if (!lanes) return tl::unexpected(lanes.error());
    for (const WaitingLane& lane : *lanes) {
      const auto due = (*store)->due_deliveries(lane.lane, base::kNever, kAll);
      if (!due) return tl::unexpected(due.error());
    }
    if (const auto late = (*store)->late_deliveries(base::kNever, kAll); !late) {
      return tl::unexpected(late.error());
    }
    if (const auto steps = (*store)->step_numbers("welcome", steps_); !steps) {
      return tl::unexpected(steps.error());
    }
    return {};
  }

  Seen damage(std::size_t number, const std::string& bytes) {
    const ScratchDirectory directory(ScratchDirectory::Place::kMemory);
    SqliteOptions options;
    options.path = directory.file("data.db");
    std::string database = database_;
    database.replace((number - 1) * kPageBytes, kPageBytes, bytes);
    write_file(options.path, database);
    const Rows checked = ask(options.path, "PRAGMA quick_check(1)");
    Content found;
    const base::Status used = use(options, found);
    if (!used) {
      EXPECT_NE(used.error().hint, "") << used.error().message;
      EXPECT_NE(used.error().message.find(options.path), std::string::npos);
      return Seen::kByReading;
    }
    if (found == content_ && checked == Rows{{"ok"}}) return Seen::kHarmless;
    return checked == Rows{{"ok"}} ? Seen::kByNobody : Seen::kByQuickCheckAlone;
  }

  static constexpr std::size_t kAll = 1'000'000;
  const std::vector<std::string> steps_{"hello", "bye"};
  RandomTurns turns_;
  Content content_;
  std::string database_;
  Classes classes_;
};

TEST_F(PageDamage, OfEveryClassIsAnErrorWhereverSqliteCanSeeIt) {
  std::cout << "seed " << kSeed << '\n';
  std::map<std::string, std::map<Seen, int>> tally;
  for (const auto& [name, pages] : classes_) {
    const std::size_t number = pages.at(pages.size() / 2);
    const bool is_tree = name != "freelist" && !name.ends_with("overflow");
    const std::string& foreign_class = name == "seen leaf" ? "identity leaf" : "seen leaf";
    for (const Damage& damage : damages()) {
      SCOPED_TRACE(name + ", " + damage.name);
      // The database's own head comes before the tree of its first page.
      std::string bytes = page(number);
      damage.hurt(bytes, page(classes_.at(foreign_class).front()));
      const Seen seen = this->damage(number, bytes);
      ++tally[damage.name][seen];
      const std::string how = damage.name;
      if (is_tree && (how == "zeroed" || how == "first byte flipped")) {
        EXPECT_EQ(seen, Seen::kByReading);
      }
    }
  }
  for (const auto& [name, seen] : tally) {
    std::cout << name << ":";
    constexpr const char* kNames[] = {"found by reading", "by quick_check alone", "by nobody",
                                      "harmless"};
    for (const auto& [what, count] : seen) {
      std::cout << "  " << kNames[static_cast<int>(what)] << " " << count;
    }
    std::cout << '\n';
  }
  EXPECT_GE(classes_.size(), 15);
  EXPECT_TRUE(classes_.contains("freelist"));
}

TEST_F(PageDamage, ACutFileIsAnError) {
  for (const std::size_t pages : {std::size_t{1}, database_.size() / kPageBytes / 2}) {
    const ScratchDirectory directory(ScratchDirectory::Place::kMemory);
    SqliteOptions options;
    options.path = directory.file("data.db");
    write_file(options.path, database_.substr(0, pages * kPageBytes));
    Content found;
    const base::Status used = use(options, found);
    ASSERT_FALSE(used);
    EXPECT_NE(used.error().message.find("malformed"), std::string::npos) << used.error().message;
    EXPECT_EQ(used.error().hint, "the file is damaged; keep it, and start from a backup");
  }
}

}  // namespace
}  // namespace sojourn::store
