#include "app/table_reader.h"

#include <algorithm>

#include "base/text.h"

namespace sojourn::app {

void TableReader::number(std::string_view key, double& into, double least, double most) {
  const TomlValue* node = take(key);
  if (node == nullptr) return;
  const auto value = node->number();
  if (!value || !(*value >= least && *value <= most)) {
    return fail(key, fmt::format("must be a number between {} and {}", least, most));
  }
  into = *value;
}

void TableReader::strings(std::string_view key, std::optional<std::vector<std::string>>& into) {
  const TomlValue* node = take(key);
  if (node == nullptr) return;
  const auto* list = node->as<TomlList>();
  if (list == nullptr) return fail(key, "must be a list of strings");
  into.emplace();
  for (const TomlValue& item : *list) {
    const auto* text = item.as<std::string>();
    if (text == nullptr) return fail(key, "must be a list of strings");
    into->push_back(*text);
  }
}

void TableReader::ids(std::string_view key, std::map<std::string, std::int64_t>& into) {
  const TomlTable* table = sub_table(key);
  if (table == nullptr) return;
  for (const auto& [name, node] : table->entries) {
    const auto* id = node.as<std::int64_t>();
    if (id == nullptr || *id < 0) return fail(name, "must be an id, a whole number", &node);
    into[name] = *id;
  }
}

const TomlTable* TableReader::sub_table(std::string_view key) {
  const TomlValue* node = take(key);
  if (node == nullptr) return nullptr;
  const auto* table = node->as<TomlTable>();
  if (table == nullptr) fail(key, "must be a table");
  return table;
}

const TomlValue* TableReader::take(std::string_view key) {
  known_.push_back(key);
  return table_.find(key);
}

void TableReader::finish() {
  for (const auto& [name, node] : table_.entries) {
    if (std::ranges::find(known_, name) != known_.end()) continue;
    const auto near = base::did_you_mean(name, known_);
    fail(name,
         near ? fmt::format("is not a key of {}; did you mean `{}`?", where_, *near)
              : fmt::format("is not a key of {}", where_),
         &node);
  }
}

void TableReader::fail(std::string_view key, const std::string& what, const TomlValue* node) {
  if (problem_.first) return;
  if (node == nullptr) node = table_.find(key);
  const std::uint32_t line = node == nullptr ? table_.line : node->line;
  problem_.first = base::Error{base::Error::Kind::kInvalid,
                               fmt::format("{}:{}: `{}` {}", problem_.file, line, key, what),
                               {}};
}

}  // namespace sojourn::app
