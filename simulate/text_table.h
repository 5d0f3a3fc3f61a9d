// Columns for a terminal: the first to the left, numbers to the right.
#pragma once

#include <string>
#include <vector>

namespace sojourn::simulate {

class TextTable {
 public:
  explicit TextTable(std::vector<std::string> head) : rows_{std::move(head)} {}
  // `left`: how many columns from the left are text.
  TextTable& left(std::size_t columns) {
    left_ = columns;
    return *this;
  }
  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  // Each line indented by two; no blanks at its end.
  std::string text() const;

 private:
  std::vector<std::vector<std::string>> rows_;
  std::size_t left_ = 1;
};

}  // namespace sojourn::simulate
