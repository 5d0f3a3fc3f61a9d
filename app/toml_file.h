// A TOML file as plain values, each with its line. Values; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/civil.h"
#include "base/result.h"

namespace sojourn::app {

struct TomlEntry;
struct TomlValue;
using TomlList = std::vector<TomlValue>;

struct TomlTable {
  std::uint32_t line = 0;
  std::vector<TomlEntry> entries;  // by key

  // Null when there is none.
  const TomlValue* find(std::string_view key) const;
};

struct TomlValue {
  std::uint32_t line = 0;
  // Nothing: a kind of value that no file of ours has, such as a time of day.
  std::variant<std::monostate, bool, std::int64_t, double, std::string, base::CivilDay, TomlList,
               TomlTable>
      value;

  template <typename T>
  const T* as() const {
    return std::get_if<T>(&value);
  }
  // A number, whole or not; null when it is none.
  std::optional<double> number() const;
};

struct TomlEntry {
  std::string key;
  TomlValue value;
};

// Of a key, `a.b.c` has three.
inline constexpr std::size_t kMaxKeyParts = 8;

// `file` is what messages call it. An error names the line.
base::Result<TomlTable> parse_toml(const std::string& text, const std::string& file);

}  // namespace sojourn::app
