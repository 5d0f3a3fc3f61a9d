// Holds the tree to tests/tidy/include_table.txt: who may include whom.
#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <stdexcept>

#include "tests/tidy/source_files.h"

namespace sojourn::tidy {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// Folder to the folders that its files may include.
using Table = std::map<std::string, std::set<std::string>>;

Table parse_table(const std::string& text) {
  Table table;
  for (const std::string& line : lines_of(text)) {
    if (line.empty() || line[0] == '#') continue;
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos) throw std::invalid_argument("no colon in: " + line);
    std::istringstream left(line.substr(0, colon));
    std::istringstream right(line.substr(colon + 1));
    std::string folder;
    left >> folder;
    std::set<std::string>& allowed = table[folder];
    for (std::string name; right >> name;) allowed.insert(name);
  }
  return table;
}

// The innermost folder of the table that `path` lies in.
std::optional<std::string> folder_of(const Table& table, const std::string& path) {
  std::string best;
  for (const auto& [folder, allowed] : table) {
    if (path.starts_with(folder + "/") && folder.size() > best.size()) best = folder;
  }
  return best.empty() ? std::nullopt : std::optional(best);
}

// The path between the quotes of `#include "…"`.
std::optional<std::string> included_path(const std::string& line) {
  std::istringstream words(line);
  std::string directive;
  std::string path;
  words >> directive;
  if (directive == "#") {
    words >> path;
    directive += path;
  }
  const std::size_t open = line.find('"');
  const std::size_t close = line.rfind('"');
  if (directive.substr(0, 8) != "#include" || open == std::string::npos || open == close) {
    return std::nullopt;
  }
  return line.substr(open + 1, close - open - 1);
}

std::vector<std::string> find_forbidden(const Table& table, const SourceFile& file) {
  std::vector<std::string> found;
  const std::optional<std::string> from = folder_of(table, file.path);
  if (!from)
    return {file.path + ": its folder has no row; add one to tests/tidy/include_table.txt"};
  const std::vector<std::string> lines = lines_of(file.text);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::optional<std::string> path = included_path(lines[i]);
    if (!path) continue;
    const std::string where = file.path + ":" + std::to_string(i + 1) + ": ";
    const std::optional<std::string> to = folder_of(table, *path);
    if (!to) {
      found.push_back(where + "\"" + *path +
                      "\" is in no folder of the table; include our headers by their path from the "
                      "root, others with <>");
    } else if (*to != *from && !table.at(*from).contains(*to)) {
      found.push_back(
          where + *from + " may not include " + *to +
          "; move what is needed to a folder that both may include, or pass it in (a new "
          "row in tests/tidy/include_table.txt is a decision about the architecture)");
    }
  }
  return found;
}

const std::filesystem::path kRoot = SOJOURN_SOURCE_DIR;

Table real_table() {
  return parse_table(read_text(kRoot / "tests/tidy/include_table.txt"));
}

TEST(IncludeTable, NoFileIncludesWhatItsFolderMayNot) {
  const Table table = real_table();
  std::vector<std::string> folders;
  for (const auto& [folder, allowed] : table) folders.push_back(folder);
  const std::vector<SourceFile> files = read_sources(kRoot, folders);
  ASSERT_GT(files.size(), 50u);
  for (const SourceFile& file : files) {
    for (const std::string& message : find_forbidden(table, file)) ADD_FAILURE() << message;
  }
}

TEST(IncludeTable, EveryRowNamesFoldersThatExistAndHaveARow) {
  const Table table = real_table();
  for (const auto& [folder, allowed] : table) {
    EXPECT_TRUE(std::filesystem::is_directory(kRoot / folder)) << folder;
    for (const std::string& other : allowed) EXPECT_TRUE(table.contains(other)) << other;
  }
}

// A folder that nobody listed would be held to nothing.
TEST(IncludeTable, EveryFolderWithSourcesHasARow) {
  const Table table = real_table();
  for (const auto& entry : std::filesystem::directory_iterator(kRoot)) {
    const std::string name = entry.path().filename().string();
    if (!entry.is_directory() || name[0] == '.' || name == "build") continue;
    EXPECT_TRUE(read_sources(kRoot, {name}).empty() || table.contains(name))
        << name << " has sources but no row in tests/tidy/include_table.txt";
  }
}

// Arrows point one way: no folder reaches itself through others.
TEST(IncludeTable, HasNoCycle) {
  const Table table = real_table();
  for (const auto& [start, direct] : table) {
    std::set<std::string> seen;
    std::vector<std::string> open(direct.begin(), direct.end());
    while (!open.empty()) {
      const std::string folder = open.back();
      open.pop_back();
      if (!seen.insert(folder).second) continue;
      const std::set<std::string>& next = table.at(folder);
      open.insert(open.end(), next.begin(), next.end());
    }
    EXPECT_FALSE(seen.contains(start)) << start << " may include itself by a detour";
  }
}

// The test of the test: planted files against a table of its own.
class PlantedInclude : public testing::Test {
 protected:
  std::vector<std::string> check(std::string path, std::string text) {
    return find_forbidden(parse_table("# comment\nbase :\nlow: base\nlow/inner: base low\n"),
                          {std::move(path), std::move(text)});
  }
};

TEST_F(PlantedInclude, AnArrowThatTheTableHasIsAllowed) {
  EXPECT_THAT(
      check("low/a.cpp", "#include <vector>\n#include \"base/b.h\"\n#include \"low/c.h\"\n"),
      IsEmpty());
  EXPECT_THAT(check("low/inner/a.cpp", "#include \"low/c.h\"\n"), IsEmpty());
}

TEST_F(PlantedInclude, AnArrowThatTheTableLacksIsNamedWithItsLine) {
  const auto found = check("base/a.cpp", "\n#include \"low/c.h\"\n");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_THAT(found[0], testing::StartsWith("base/a.cpp:2: base may not include low; move what"));
  EXPECT_EQ(check("low/a.cpp", "#  include \"low/inner/c.h\" // why\n").size(), 1u);
}

TEST_F(PlantedInclude, APathThatDoesNotStartAtTheRootIsRefused) {
  const auto found = check("low/a.cpp", "#include \"c.h\"\n");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_THAT(found[0], testing::HasSubstr("\"c.h\" is in no folder of the table"));
}

TEST_F(PlantedInclude, AFolderWithoutARowIsRefused) {
  EXPECT_THAT(check("stray/a.cpp", ""), ElementsAre(testing::HasSubstr("has no row")));
}

}  // namespace
}  // namespace sojourn::tidy
