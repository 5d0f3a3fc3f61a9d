#include "app/git_ignore.h"

#include <algorithm>
#include <utility>

namespace sojourn::app {
namespace {

// A bracket expression at the head of `pattern`: does it hold `c`? Its length is
// taken off. False, and nothing taken off, when the bracket is not closed.
bool take_bracket(std::string_view& pattern, char c, bool& holds) {
  std::size_t at = 1;
  const bool negated = at < pattern.size() && (pattern[at] == '!' || pattern[at] == '^');
  if (negated) ++at;
  bool found = false;
  const std::size_t first = at;
  while (at < pattern.size() && (pattern[at] != ']' || at == first)) {
    if (at + 2 < pattern.size() && pattern[at + 1] == '-' && pattern[at + 2] != ']') {
      found = found || (pattern[at] <= c && c <= pattern[at + 2]);
      at += 3;
    } else {
      found = found || pattern[at] == c;
      ++at;
    }
  }
  if (at >= pattern.size()) return false;
  pattern.remove_prefix(at + 1);
  holds = found != negated && c != '/';
  return true;
}

// One character against the head of `pattern`, which is not `*`.
bool take_one(std::string_view& pattern, char c) {
  if (pattern.front() == '?') {
    pattern.remove_prefix(1);
    return c != '/';
  }
  if (pattern.front() == '[') {
    bool holds = false;
    if (take_bracket(pattern, c, holds)) return holds;
  }
  if (pattern.front() == '\\' && pattern.size() > 1) pattern.remove_prefix(1);
  const bool same = pattern.front() == c;
  pattern.remove_prefix(1);
  return same;
}

// Where to go on when what follows the last star did not match: `*` takes one
// character more of a name, `**/` one folder more.
struct Retry {
  std::string_view pattern;
  std::string_view text;
  bool is_set = false;

  bool take_character(std::string_view& pattern_now, std::string_view& text_now) {
    if (!is_set || text.empty() || text.front() == '/') return false;
    text.remove_prefix(1);
    pattern_now = pattern;
    text_now = text;
    return true;
  }
  bool take_folder(std::string_view& pattern_now, std::string_view& text_now) {
    const std::size_t slash = is_set ? text.find('/') : text.npos;
    if (slash == text.npos) return false;
    text.remove_prefix(slash + 1);
    pattern_now = pattern;
    text_now = text;
    return true;
  }
};

std::string_view without_end_spaces(std::string_view line) {
  while (!line.empty() && (line.back() == ' ' || line.back() == '\r' || line.back() == '\t')) {
    if (line.size() > 1 && line[line.size() - 2] == '\\') break;
    line.remove_suffix(1);
  }
  return line;
}

}  // namespace

bool glob_matches(std::string_view pattern, std::string_view text) {
  Retry names;
  Retry folders;
  bool at_start = true;  // of the pattern, or after a slash in it
  while (true) {
    if (pattern.empty() && text.empty()) return true;
    if (at_start && pattern == "**") return !text.empty();
    if (at_start && pattern.starts_with("**/")) {
      pattern.remove_prefix(3);
      folders = {pattern, text, true};
      names = {};
      continue;
    }
    if (!pattern.empty() && pattern.front() == '*') {
      pattern.remove_prefix(std::min(pattern.find_first_not_of('*'), pattern.size()));
      names = {pattern, text, true};
      at_start = false;
      continue;
    }
    if (!pattern.empty() && !text.empty() && take_one(pattern, text.front())) {
      at_start = text.front() == '/';
      text.remove_prefix(1);
      continue;
    }
    if (names.take_character(pattern, text)) {
      at_start = false;
      continue;
    }
    names = {};
    if (!folders.take_folder(pattern, text)) return false;
    at_start = true;
  }
}

void GitIgnore::add_rule(std::string_view folder, std::string_view line) {
  line = without_end_spaces(line);
  if (line.empty() || line.front() == '#') return;
  Rule rule;
  rule.folder = std::string(folder);
  if (line.front() == '!') {
    rule.is_negated = true;
    line.remove_prefix(1);
  }
  if (!line.empty() && line.back() == '/') {
    rule.only_folders = true;
    line.remove_suffix(1);
  }
  rule.whole_path = line.find('/') != line.npos;
  if (!line.empty() && line.front() == '/') line.remove_prefix(1);
  if (line.empty()) return;
  rule.pattern = std::string(line);
  rules_.push_back(std::move(rule));
}

void GitIgnore::add_rules(std::string_view folder, std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    add_rule(folder, text.substr(0, end));
    if (end == text.npos) return;
    text.remove_prefix(end + 1);
  }
}

bool GitIgnore::matches(const Rule& rule, std::string_view path, bool is_folder) {
  if (rule.only_folders && !is_folder) return false;
  if (!rule.folder.empty()) {
    const bool is_inside = path.size() > rule.folder.size() && path.starts_with(rule.folder) &&
                           path[rule.folder.size()] == '/';
    if (!is_inside) return false;
    path.remove_prefix(rule.folder.size() + 1);
  }
  if (!rule.whole_path) {
    const std::size_t slash = path.rfind('/');
    if (slash != path.npos) path.remove_prefix(slash + 1);
  }
  return glob_matches(rule.pattern, path);
}

bool GitIgnore::ignores(std::string_view path, bool is_folder) const {
  bool ignored = false;
  for (const Rule& rule : rules_) {
    if (matches(rule, path, is_folder)) ignored = !rule.is_negated;
  }
  return ignored;
}

}  // namespace sojourn::app
