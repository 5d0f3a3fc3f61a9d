#include "app/table_reader.h"

#include <algorithm>

#include "base/text.h"

namespace sojourn::app {

void TableReader::number(std::string_view key, double& into, double least, double most) {
  const toml::node* node = take(key);
  if (node == nullptr) return;
  const auto value = node->value<double>();
  if (!value || !node->is_number() || !(*value >= least && *value <= most)) {
    return fail(key, fmt::format("must be a number between {} and {}", least, most));
  }
  into = *value;
}

void TableReader::strings(std::string_view key, std::optional<std::vector<std::string>>& into) {
  const toml::node* node = take(key);
  if (node == nullptr) return;
  const toml::array* array = node->as_array();
  if (array == nullptr) return fail(key, "must be a list of strings");
  into.emplace();
  for (const toml::node& item : *array) {
    const auto value = item.value_exact<std::string>();
    if (!value) return fail(key, "must be a list of strings");
    into->push_back(*value);
  }
}

void TableReader::ids(std::string_view key, std::map<std::string, std::int64_t>& into) {
  const toml::table* table = sub_table(key);
  if (table == nullptr) return;
  for (const auto& [name, node] : *table) {
    const auto value = node.value_exact<std::int64_t>();
    if (!value || *value < 0) return fail(name.str(), "must be an id, a whole number");
    into[std::string(name.str())] = *value;
  }
}

const toml::table* TableReader::sub_table(std::string_view key) {
  const toml::node* node = take(key);
  if (node == nullptr) return nullptr;
  if (node->as_table() == nullptr) fail(key, "must be a table");
  return node->as_table();
}

const toml::node* TableReader::take(std::string_view key) {
  known_.push_back(key);
  return table_.get(key);
}

void TableReader::finish() {
  for (const auto& [name, node] : table_) {
    if (std::ranges::find(known_, name.str()) != known_.end()) continue;
    const auto near = base::did_you_mean(name.str(), known_);
    fail(name.str(),
         near ? fmt::format("is not a key of {}; did you mean `{}`?", where_, *near)
              : fmt::format("is not a key of {}", where_),
         &node);
  }
}

void TableReader::fail(std::string_view key, const std::string& what, const toml::node* node) {
  if (problem_.first) return;
  if (node == nullptr) node = table_.get(key);
  const auto line = node == nullptr ? table_.source().begin.line : node->source().begin.line;
  problem_.first = base::Error{base::Error::Kind::kInvalid,
                               fmt::format("{}:{}: `{}` {}", problem_.file, line, key, what),
                               {}};
}

}  // namespace sojourn::app
