#include "app/toml_file.h"

#include <algorithm>
#include <fmt/core.h>
#include <optional>
#include <toml++/toml.h>

namespace sojourn::app {
namespace {

std::uint32_t line_of(const toml::node& node) {
  return static_cast<std::uint32_t>(node.source().begin.line);
}

TomlTable table_of(const toml::table& table);

// Called once a level; the parser bounds how deep levels lie.
TomlValue value_of(const toml::node& node) {
  TomlValue out;
  out.line = line_of(node);
  if (const toml::table* table = node.as_table()) {
    out.value = table_of(*table);
  } else if (const toml::array* array = node.as_array()) {
    TomlList list;
    for (const toml::node& item : *array) list.push_back(value_of(item));
    out.value = std::move(list);
  } else if (const auto boolean = node.value_exact<bool>()) {
    out.value = *boolean;
  } else if (const auto integer = node.value_exact<std::int64_t>()) {
    out.value = *integer;
  } else if (const auto number = node.value_exact<double>()) {
    out.value = *number;
  } else if (auto text = node.value_exact<std::string>()) {
    out.value = std::move(*text);
  } else if (const auto date = node.value_exact<toml::date>()) {
    out.value = base::CivilDay{date->year, date->month, date->day};
  }
  return out;
}

TomlTable table_of(const toml::table& table) {
  TomlTable out;
  out.line = line_of(table);
  for (const auto& [key, node] : table) {
    out.entries.push_back({std::string(key.str()), value_of(node)});
  }
  return out;
}

}  // namespace

const TomlValue* TomlTable::find(std::string_view key) const {
  const auto found = std::ranges::find(entries, key, &TomlEntry::key);
  return found == entries.end() ? nullptr : &found->value;
}

std::optional<double> TomlValue::number() const {
  if (const auto* whole = as<std::int64_t>()) return static_cast<double>(*whole);
  if (const auto* number = as<double>()) return *number;
  return std::nullopt;
}

base::Result<TomlTable> parse_toml(const std::string& text, const std::string& file) {
  try {
    return table_of(toml::parse(text));
  } catch (const toml::parse_error& error) {
    return base::failure(base::Error::Kind::kInvalid,
                         fmt::format("{}:{}: {}", file, error.source().begin.line,
                                     std::string(error.description())));
  }
}

}  // namespace sojourn::app
