#include "tests/differential/difference.h"

#include <algorithm>
#include <fmt/core.h>
#include <sstream>

#include "dsl/compile.h"

namespace sojourn::differential {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) out.push_back(line);
  return out;
}

std::string text_of(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) out += line + "\n";
  return out;
}

int braces(const std::string& line) {
  return static_cast<int>(std::ranges::count(line, '{') - std::ranges::count(line, '}'));
}

// Behind the last line of what begins there: the line itself, or up to its closing brace.
std::size_t end_of(const std::vector<std::string>& lines, std::size_t begin) {
  int depth = braces(lines[begin]);
  std::size_t end = begin + 1;
  while (depth > 0 && end < lines.size()) depth += braces(lines[end++]);
  return end;
}

bool drop_lines(Case& failing, const std::function<bool(const Case&)>& differs) {
  bool dropped = false;
  std::vector<std::string> lines = lines_of(failing.text);
  for (std::size_t i = 0; i < lines.size();) {
    Case smaller = failing;
    std::vector<std::string> fewer = lines;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i),
                fewer.begin() + static_cast<std::ptrdiff_t>(end_of(lines, i)));
    smaller.text = text_of(fewer);
    if (differs(smaller)) {
      failing = std::move(smaller);
      lines = std::move(fewer);
      dropped = true;
    } else {
      ++i;
    }
  }
  return dropped;
}

// Takes the steps of a block out of it.
bool open_blocks(Case& failing, const std::function<bool(const Case&)>& differs) {
  bool opened = false;
  std::vector<std::string> lines = lines_of(failing.text);
  for (std::size_t i = 0; i < lines.size();) {
    const std::size_t end = end_of(lines, i);
    Case smaller = failing;
    std::vector<std::string> fewer = lines;
    if (end > i + 1) {
      fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(end - 1));
      fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
      smaller.text = text_of(fewer);
    }
    if (end > i + 1 && differs(smaller)) {
      failing = std::move(smaller);
      lines = std::move(fewer);
      opened = true;
    } else {
      ++i;
    }
  }
  return opened;
}

template <class T>
bool drop_items(Case& failing, std::vector<T> History::* member,
                const std::function<bool(const Case&)>& differs) {
  bool dropped = false;
  for (std::size_t i = 0; i < (failing.history.*member).size();) {
    Case smaller = failing;
    auto& items = smaller.history.*member;
    items.erase(items.begin() + static_cast<std::ptrdiff_t>(i));
    if (differs(smaller)) {
      failing = std::move(smaller);
      dropped = true;
    } else {
      ++i;
    }
  }
  return dropped;
}

Case shrink(Case failing, const std::function<bool(const Case&)>& differs) {
  bool smaller = true;
  while (smaller) {
    smaller = drop_items(failing, &History::inputs, differs);
    smaller |= drop_items(failing, &History::profile, differs);
    smaller |= drop_lines(failing, differs);
    smaller |= open_blocks(failing, differs);
  }
  return failing;
}

std::string lines_of(const char* head, std::vector<oracle::Told>::const_iterator from,
                     std::vector<oracle::Told>::const_iterator to) {
  std::string out = std::string("\n") + head;
  for (; from != to; ++from) out += "\n  " + to_string(*from);
  return out;
}

}  // namespace

std::optional<dsl::Program> compile(const std::string& text, calendar::ZoneSource& zones,
                                    std::map<std::string, std::size_t>* faults) {
  const std::vector<dsl::SourceText> sources{{"random.journey", text}};
  dsl::Compilation compiled = dsl::compile(sources, zones);
  for (const dsl::Diagnostic& each : compiled.diagnostics) {
    if (faults == nullptr || each.severity != dsl::Severity::kError) continue;
    ++(*faults)[each.message];
  }
  return std::move(compiled.program);
}

std::string explain(Case differing, calendar::ZoneSource& zones, const Tell& tell) {
  const auto tellings = [&](const Case& about) -> std::optional<Tellings> {
    const auto program = compile(about.text, zones);
    if (!program || about.history.inputs.empty()) return std::nullopt;
    try {
      return tell(*program, about.history);
    } catch (const std::exception&) {
      // What was left out is needed to live it at all.
      return std::nullopt;
    }
  };
  differing = shrink(std::move(differing), [&](const Case& about) {
    const auto both = tellings(about);
    return both && both->expected != both->found;
  });
  const auto both = *tellings(differing);
  const std::vector<oracle::Told>& expected = both.expected;
  const std::vector<oracle::Told>& found = both.found;
  std::string out = differing.text + "\nprofile " + oracle::text_of(differing.history.profile);
  for (const oracle::Input& input : differing.history.inputs) out += "\n" + to_string(input);
  const auto [here, there] = std::ranges::mismatch(expected, found);
  out += "\n" + lines_of("both", expected.begin(), here);
  out += lines_of("the oracle", here, expected.end());
  return out + lines_of("what is held against it", there, found.end()) + "\n";
}

}  // namespace sojourn::differential
