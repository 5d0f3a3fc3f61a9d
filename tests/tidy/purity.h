// Is compiled code pure? Judged by the symbols that its objects want from outside:
// code that asks for no clock, file, socket or random number cannot use one.
#pragma once

#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace sojourn::tidy {

// What pure code may want. A line of the list is a symbol, as `nm -C` writes it,
// or `OBJECT: SYMBOL` for what only that object file may; `*` at the end stands
// for anything. `#` begins a comment.
class AllowList {
 public:
  explicit AllowList(std::string_view text);
  bool allows(std::string_view object, std::string_view symbol) const;

 private:
  struct Entry {
    std::string object;  // empty: any
    std::string symbol;
    bool is_prefix = false;
  };
  std::vector<Entry> entries_;
};

// Reads `nm -A -C` of all the archives that belong together: what one of them
// defines, another may want. One message for each object and symbol that the list
// lacks, in order.
std::vector<std::string> find_impurities(std::istream& nm_output, const AllowList& allowed);

}  // namespace sojourn::tidy
