// Where the checks put what they find. One per compile(); not copied. It drops a
// finding that says the same thing of the same place again (a constant or a line
// of `data` is looked at once per use).
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "dsl/ast_expr.h"
#include "dsl/diagnostic.h"

namespace sojourn::dsl {

class Report {
 public:
  // More errors of one file are counted and not kept; more related places say less.
  static constexpr std::size_t kMaxErrorsOfFile = 1000;
  static constexpr std::size_t kMaxLabels = 64;

  explicit Report(const std::vector<SourceFile>& files) : files_(files) {}
  Report(const Report&) = delete;
  Report& operator=(const Report&) = delete;

  void add(Diagnostic diagnostic);

  // From now on, what is found stands in a fragment that is used at `use`: the
  // author is pointed there, and at the place inside (language 12). Uses may nest;
  // the outermost is the one in the journey. Said once per fault, at its first use.
  void enter_use(Span use) { uses_.push_back(use); }
  void leave_use() { uses_.pop_back(); }

  // How many errors there are so far.
  std::size_t error_count() const { return error_count_; }
  // Has this been said, of any place?
  bool has(MessageId id) const;

  // A file whose text has faults: what seems to be absent there may only be
  // unreadable, so absence is not reported within `place` of such a fault.
  void note_syntax_fault(Span place) { syntax_faults_.push_back(place); }
  bool has_syntax_fault(Span place) const;

  // The first line of something: where "something is absent" points.
  Span first_line(Span place) const;

  // The author's words, in backticks; `fallback` when they are long or span lines.
  std::string words(Span place, std::string_view fallback) const;

  std::vector<Diagnostic> take() { return std::move(diagnostics_); }

 private:
  const std::vector<SourceFile>& files_;
  std::vector<Diagnostic> diagnostics_;
  std::size_t error_count_ = 0;
  std::map<FileIndex, std::size_t> errors_of_file_;  // those that were kept
  std::set<MessageId> said_;
  std::set<std::tuple<MessageId, Span, std::string>> seen_;
  std::vector<Span> syntax_faults_;
  std::vector<Span> uses_;  // open ones, outermost first
};

// The first line of `place` in its file.
Span first_line(const SourceFile& file, Span place);

// The label `did you mean `x`?`, or the empty text when nothing is near.
std::string suggestion(std::string_view word, const std::vector<std::string_view>& known);

}  // namespace sojourn::dsl
