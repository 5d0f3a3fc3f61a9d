#include "app/unified_diff.h"

#include <algorithm>
#include <cstddef>
#include <fmt/core.h>
#include <optional>
#include <vector>

namespace sojourn::app {
namespace {

constexpr std::size_t kContext = 3;

// Each with its line feed, if it has one.
using Lines = std::vector<std::string_view>;

Lines lines_of(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const std::size_t length = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.push_back(text.substr(0, length));
    text.remove_prefix(length);
  }
  return lines;
}

// A line of the difference: of both texts, only of the first, or only of the second.
struct Edit {
  char sign = ' ';
  std::string_view line;
};
using Edits = std::vector<Edit>;

// Myers' greedy search: `reached[k]` is how many lines of `a` can be behind us on
// diagonal k (lines of `a` minus lines of `b`) after a number of edits.
class ShortestEdit {
 public:
  ShortestEdit(const Lines& a, const Lines& b) : a_(a), b_(b), reached_(2 * kMaxDiffEdits + 3, 0) {}

  // From the last line to the first; nothing when there are too many edits.
  std::optional<Edits> run() {
    for (int edits = 0; edits <= kMaxDiffEdits; ++edits) {
      history_.emplace_back(reached_.begin() + middle(-edits - 1),
                            reached_.begin() + middle(edits + 1) + 1);
      for (int k = -edits; k <= edits; k += 2) {
        int x = follows_insertion(k, edits) ? at(k + 1) : at(k - 1) + 1;
        while (x < size(a_) && x - k < size(b_) && a_[x] == b_[x - k]) ++x;
        at(k) = x;
        if (x >= size(a_) && x - k >= size(b_)) return trace(edits);
      }
    }
    return std::nullopt;
  }

 private:
  static int size(const Lines& lines) { return static_cast<int>(lines.size()); }
  static int middle(int k) { return k + kMaxDiffEdits + 1; }
  int& at(int k) { return reached_[middle(k)]; }
  bool follows_insertion(int k, int edits) {
    return k == -edits || (k != edits && at(k - 1) < at(k + 1));
  }

  Edits trace(int edits) {
    Edits result;
    int x = size(a_);
    int y = size(b_);
    for (; edits >= 0; --edits) {
      const std::vector<int>& before = history_[edits];
      std::copy(before.begin(), before.end(), reached_.begin() + middle(-edits - 1));
      const int k = x - y;
      const bool inserted = follows_insertion(k, edits);
      const int from = edits == 0 ? 0 : (inserted ? at(k + 1) : at(k - 1));
      const int start = edits == 0 || inserted ? from : from + 1;
      while (x > start) result.push_back({' ', a_[--x]}), --y;
      if (edits == 0) break;
      if (inserted) {
        result.push_back({'+', b_[--y]});
      } else {
        result.push_back({'-', a_[--x]});
      }
    }
    return result;
  }

  const Lines& a_;
  const Lines& b_;
  std::vector<int> reached_;
  std::vector<std::vector<int>> history_;
};

Edits replaced(const Lines& a, const Lines& b) {
  Edits edits;
  for (const std::string_view line : a) edits.push_back({'-', line});
  for (const std::string_view line : b) edits.push_back({'+', line});
  return edits;
}

Edits edits_between(const Lines& a, const Lines& b) {
  std::size_t head = 0;
  while (head < a.size() && head < b.size() && a[head] == b[head]) ++head;
  std::size_t tail = 0;
  while (tail < a.size() - head && tail < b.size() - head &&
         a[a.size() - 1 - tail] == b[b.size() - 1 - tail]) {
    ++tail;
  }
  const auto middle_of = [&](const Lines& lines) {
    return Lines(lines.begin() + static_cast<std::ptrdiff_t>(head),
                 lines.end() - static_cast<std::ptrdiff_t>(tail));
  };
  const Lines left = middle_of(a);
  const Lines right = middle_of(b);
  Edits edits;
  for (std::size_t i = 0; i < head; ++i) edits.push_back({' ', a[i]});
  if (auto shortest = ShortestEdit(left, right).run()) {
    edits.insert(edits.end(), shortest->rbegin(), shortest->rend());
  } else {
    const Edits all = replaced(left, right);
    edits.insert(edits.end(), all.begin(), all.end());
  }
  for (std::size_t i = a.size() - tail; i < a.size(); ++i) edits.push_back({' ', a[i]});
  return edits;
}

void append_line(std::string& out, const Edit& edit) {
  out += edit.sign;
  out += edit.line;
  if (!edit.line.ends_with('\n')) out += "\n\\ No newline at end of file\n";
}

// The changed lines from `begin` on, with what stands around them, as far as the
// contexts touch; returns where they end.
std::size_t hunk_end(const Edits& edits, std::size_t begin) {
  std::size_t end = begin;
  for (std::size_t i = begin; i < edits.size() && i <= end + 2 * kContext + 1; ++i) {
    if (edits[i].sign != ' ') end = i;
  }
  return std::min(edits.size(), end + 1 + kContext);
}

}  // namespace

std::string unified_diff(std::string_view name, std::string_view before, std::string_view after) {
  if (before == after) return {};
  const Edits edits = edits_between(lines_of(before), lines_of(after));
  std::string out = fmt::format("--- a/{0}\n+++ b/{0}\n", name);
  std::size_t old_line = 1;
  std::size_t new_line = 1;
  const auto pass = [&](const Edit& edit) {
    if (edit.sign != '+') ++old_line;
    if (edit.sign != '-') ++new_line;
  };
  std::size_t done = 0;
  for (std::size_t i = 0; i < edits.size(); ++i) {
    if (edits[i].sign == ' ') continue;
    const std::size_t begin = std::max(done, i - std::min(i, kContext));
    const std::size_t end = hunk_end(edits, i);
    for (; done < begin; ++done) pass(edits[done]);
    const std::size_t old_start = old_line;
    const std::size_t new_start = new_line;
    std::string body;
    for (; done < end; ++done) {
      pass(edits[done]);
      append_line(body, edits[done]);
    }
    const std::size_t old_count = old_line - old_start;
    const std::size_t new_count = new_line - new_start;
    out += fmt::format("@@ -{},{} +{},{} @@\n", old_start - (old_count == 0 ? 1 : 0), old_count,
                       new_start - (new_count == 0 ? 1 : 0), new_count);
    out += body;
    i = end - 1;
  }
  return out;
}

}  // namespace sojourn::app
