#include "tests/tidy/purity.h"

#include <algorithm>
#include <istream>
#include <set>
#include <utility>

#include "tests/tidy/source_files.h"

namespace sojourn::tidy {
namespace {

struct NmLine {
  std::string object;
  char kind = ' ';
  std::string symbol;
};

// "build/engine/libsojourn_engine.a:advance.cpp.o:                 U memcpy": the
// object, 16 columns of address (blank for what is wanted), a letter, the symbol.
// LLVM's nm puts one more blank after the object.
NmLine parse(std::string_view line) {
  constexpr std::size_t kKindColumn = 17;
  constexpr std::size_t kSymbolColumn = 19;
  const std::size_t object_end = line.find(".o:");
  if (object_end == std::string_view::npos) return {};
  const std::string_view place = line.substr(0, object_end + 2);
  std::string_view rest = line.substr(object_end + 3);
  if (rest.size() > kKindColumn && rest[kKindColumn] == ' ') rest.remove_prefix(1);
  if (rest.size() <= kSymbolColumn) return {};
  // Without a `:` or `/` before it, the object's name begins the line.
  const std::size_t object_begin = place.find_last_of(":/") + 1;
  return {std::string(place.substr(object_begin)), rest[kKindColumn],
          std::string(rest.substr(kSymbolColumn))};
}

bool is_wanted(char kind) {
  return kind == 'U' || kind == 'w' || kind == 'v';
}

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

}  // namespace

AllowList::AllowList(std::string_view text) {
  for (const std::string& line : lines_of(text)) {
    std::string_view rest = trimmed(std::string_view(line).substr(0, line.find('#')));
    if (rest.empty()) continue;
    Entry entry;
    const std::size_t object_end = rest.find(".o: ");
    if (object_end != std::string_view::npos) {
      entry.object = rest.substr(0, object_end + 2);
      rest = trimmed(rest.substr(object_end + 4));
    }
    entry.is_prefix = rest.ends_with('*');
    if (entry.is_prefix) rest.remove_suffix(1);
    entry.symbol = rest;
    entries_.push_back(std::move(entry));
  }
}

bool AllowList::allows(std::string_view object, std::string_view symbol) const {
  return std::ranges::any_of(entries_, [&](const Entry& entry) {
    if (!entry.object.empty() && entry.object != object) return false;
    return entry.is_prefix ? symbol.starts_with(entry.symbol) : symbol == entry.symbol;
  });
}

std::vector<std::string> find_impurities(std::istream& nm_output, const AllowList& allowed) {
  std::set<std::pair<std::string, std::string>> wanted;
  std::set<std::string> defined;
  std::string text;
  while (std::getline(nm_output, text)) {
    NmLine line = parse(text);
    if (is_wanted(line.kind)) {
      wanted.emplace(std::move(line.object), std::move(line.symbol));
    } else if (line.kind != ' ') {
      defined.insert(std::move(line.symbol));
    }
  }
  std::vector<std::string> messages;
  for (const auto& [object, symbol] : wanted) {
    if (defined.contains(symbol) || allowed.allows(object, symbol)) continue;
    std::string& message = messages.emplace_back(object);
    message.append(" uses `").append(symbol).append(
        "`: pure code is handed what it looks at; pass it in as an argument, or, if it is "
        "harmless, add it to tests/tidy/pure_symbols.txt");
  }
  return messages;
}

}  // namespace sojourn::tidy
