// Reads a table of a TOML file key by key, and says of the first thing that is wrong
// where it stands. Values; one thread.
#pragma once

#include <cstdint>
#include <fmt/format.h>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/toml_file.h"
#include "base/result.h"

namespace sojourn::app {

// The first problem of a file; shared by the readers of its tables.
struct TomlProblem {
  std::string file;  // as it is called in messages
  std::optional<base::Error> first;
};

// The first problem is kept, and later reads are harmless, so that the caller looks
// once at the end.
class TableReader {
 public:
  // `where`: what the table is called in messages.
  TableReader(const TomlTable& table, std::string where, TomlProblem& problem)
      : table_(table), where_(std::move(where)), problem_(problem) {}

  void text(std::string_view key, std::string& into) { read<std::string>(key, "a string", into); }
  void boolean(std::string_view key, bool& into) { read<bool>(key, "true or false", into); }
  template <typename Integer>
  void integer(std::string_view key, Integer& into, std::int64_t least, std::int64_t most) {
    auto value = static_cast<std::int64_t>(into);
    read<std::int64_t>(key, "a whole number", value);
    if (value < least || value > most) {
      fail(key, fmt::format("must lie between {} and {}", least, most));
      return;
    }
    into = static_cast<Integer>(value);
  }
  // Whole ones too.
  void number(std::string_view key, double& into, double least, double most);
  void strings(std::string_view key, std::optional<std::vector<std::string>>& into);
  void ids(std::string_view key, std::map<std::string, std::int64_t>& into);

  // Null when there is none.
  const TomlTable* sub_table(std::string_view key);
  const TomlValue* take(std::string_view key);
  const std::string& where() const { return where_; }

  // Every key of the table must have been read.
  void finish();

  // `node`: what stands there; null: the value of the key.
  void fail(std::string_view key, const std::string& what, const TomlValue* node = nullptr);

 private:
  template <typename T>
  void read(std::string_view key, std::string_view what, T& into) {
    const TomlValue* node = take(key);
    if (node == nullptr) return;
    const T* value = node->as<T>();
    if (value == nullptr) return fail(key, fmt::format("must be {}", what));
    into = *value;
  }

  const TomlTable& table_;
  std::string where_;
  TomlProblem& problem_;
  std::vector<std::string_view> known_;
};

}  // namespace sojourn::app
