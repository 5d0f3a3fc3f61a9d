#include "app/toml_file.h"

#include <algorithm>
#include <fmt/core.h>
#include <optional>
#include <string>
#include <string_view>
#include <toml++/toml.h>

namespace sojourn::app {
namespace {

std::uint32_t line_of(const toml::node& node) {
  return static_cast<std::uint32_t>(node.source().begin.line);
}

TomlTable table_of(const toml::table& table);

// Called once a level; the parser and KeyScan bound how deep levels lie.
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

namespace {

// Finds a key of more parts (`a.b.c`) than any file of ours has. The library bounds how deep values
// nest, but not this, and every level takes stack.
class KeyScan {
 public:
  explicit KeyScan(std::string_view text) : rest_(text) {}

  // The line of the first one; nothing: there is none.
  std::optional<std::size_t> first_too_long() {
    constexpr std::string_view kBetweenKeys = ",=[]{}\n";
    std::size_t parts = 1;
    while (!rest_.empty()) {
      const char c = rest_.front();
      if (c == '"' || c == '\'') {
        skip_text(c);
        continue;
      }
      if (c == '#') skip(std::min(rest_.find('\n'), rest_.size()));
      if (rest_.empty()) break;
      if (c == '.' && ++parts > kMaxKeyParts) return line_;
      if (kBetweenKeys.find(rest_.front()) != std::string_view::npos) parts = 1;
      skip(1);
    }
    return std::nullopt;
  }

 private:
  void skip(std::size_t size) {
    line_ += static_cast<std::size_t>(std::ranges::count(rest_.substr(0, size), '\n'));
    rest_.remove_prefix(size);
  }

  // To behind its closing quotes, or to the end where it has none: the parser says so.
  void skip_text(char quote) {
    const std::string marks(rest_.starts_with(std::string(3, quote)) ? 3 : 1, quote);
    skip(marks.size());
    while (!rest_.empty() && !rest_.starts_with(marks)) {
      skip(rest_.front() == '\\' && quote == '"' ? std::min<std::size_t>(2, rest_.size()) : 1);
    }
    skip(std::min(marks.size(), rest_.size()));
    // Up to two more are the end of such a text, and no other text's beginning.
    for (int i = 0; i < 2 && marks.size() == 3 && rest_.starts_with(quote); ++i) skip(1);
  }

  std::string_view rest_;
  std::size_t line_ = 1;
};

}  // namespace

base::Result<TomlTable> parse_toml(const std::string& text, const std::string& file) {
  if (const auto line = KeyScan(text).first_too_long()) {
    return base::failure(
        base::Error::Kind::kInvalid,
        fmt::format("{}:{}: a key of more than {} parts", file, *line, kMaxKeyParts));
  }
  try {
    return table_of(toml::parse(text));
  } catch (const toml::parse_error& error) {
    return base::failure(base::Error::Kind::kInvalid,
                         fmt::format("{}:{}: {}", file, error.source().begin.line,
                                     std::string(error.description())));
  }
}

}  // namespace sojourn::app
