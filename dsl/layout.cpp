#include "dsl/layout.h"

#include <algorithm>
#include <span>

#include "base/check.h"

namespace sojourn::dsl {

std::uint32_t display_columns(std::string_view text) {
  return static_cast<std::uint32_t>(
      std::ranges::count_if(text, [](char c) { return (c & '\xC0') != '\x80'; }));
}

void Layout::text(std::uint32_t offset, std::uint32_t length) {
  commands_.push_back({.kind = Kind::kText, .a = offset, .b = length});
}
void Layout::space() {
  pad(1);
}
void Layout::pad(std::uint32_t count) {
  commands_.push_back({.kind = Kind::kPad, .a = count});
}
void Layout::line(bool blank) {
  commands_.push_back({.kind = Kind::kLine, .blank = blank});
}
void Layout::soft_line() {
  commands_.push_back({.kind = Kind::kSoftLine});
}
void Layout::fill_line() {
  commands_.push_back({.kind = Kind::kFillLine});
}
void Layout::hard_line(bool blank) {
  commands_.push_back({.kind = Kind::kHardLine, .blank = blank});
}
void Layout::end_comment(std::uint32_t offset, std::uint32_t length) {
  commands_.push_back({.kind = Kind::kEndComment, .a = offset, .b = length});
}
void Layout::begin_group(Group kind) {
  open_groups_.push_back(commands_.size());
  commands_.push_back({.kind = Kind::kBeginGroup, .list = kind == Group::kList});
}
void Layout::end_group() {
  SOJOURN_CHECK(!open_groups_.empty(), "a group that ends has begun");
  open_groups_.pop_back();
  commands_.push_back({.kind = Kind::kEndGroup});
}
void Layout::break_open_groups() {
  for (const std::size_t at : open_groups_) commands_[at].broken = true;
}
void Layout::indent_to(std::uint32_t columns) {
  commands_.push_back({.kind = Kind::kIndentTo, .a = columns});
}
void Layout::indent_by(std::uint32_t columns) {
  commands_.push_back({.kind = Kind::kIndentBy, .a = columns});
}
void Layout::indent_here(std::uint32_t columns) {
  commands_.push_back({.kind = Kind::kIndentHere, .a = columns});
}
void Layout::outdent() {
  commands_.push_back({.kind = Kind::kOutdent});
}

// One printing of a layout.
class LayoutPrinter {
 public:
  LayoutPrinter(const Layout& layout, std::uint32_t width, std::size_t max_bytes)
      : source_(layout.source_), commands_(layout.commands_), width_(width), max_(max_bytes) {}

  std::optional<std::string> run() {
    for (std::size_t at = 0; at < commands_.size(); ++at) {
      step(at);
      if (out_.size() > max_) return std::nullopt;
    }
    if (!out_.empty()) out_ += '\n';
    return line_up_comments();
  }

 private:
  using Kind = Layout::Kind;
  using Command = Layout::Command;
  static constexpr std::uint32_t kMaxBytes = 4;  // of a code point

  // A comment at the end of a line, and where that line stands.
  struct EndComment {
    std::size_t offset;  // in out_
    std::size_t line;
    std::uint32_t indent;
    std::uint32_t column;
  };

  void step(std::size_t at);
  void begin_group(std::size_t at);
  void newline(bool blank);
  void write(const Command& piece);
  bool is_broken() const { return broken_.back(); }
  // The line at hand began within an expression that has ended: what follows it is no
  // part of it and does not share its last line.
  bool follows_broken_group() const { return broken_expression_ > lists_.size(); }
  bool fits_flat(std::size_t group) const;
  bool fits_until_fill(std::size_t line) const;
  bool rest_fits(std::size_t at, std::uint32_t column) const;
  // Of a piece that is longer than a line it does not matter by how much: it is looked
  // at from each place before it where a line may end.
  std::uint32_t columns_of(const Command& piece) const {
    return display_columns(source_.substr(piece.a, std::min(piece.b, kMaxBytes * (width_ + 1))));
  }
  std::optional<std::string> line_up_comments() const;

  std::string_view source_;
  std::span<const Command> commands_;
  std::uint32_t width_;
  std::size_t max_;
  std::string out_;
  std::uint32_t column_ = 0;
  std::uint32_t line_indent_ = 0;
  bool at_line_start_ = true;
  std::uint32_t owed_spaces_ = 0;  // written with the next text, so that no line ends in one
  std::size_t line_ = 0;
  std::vector<bool> broken_{true};     // of the groups we are in, outermost first
  std::vector<bool> lists_{false};     // of the same groups: of kind kList
  std::size_t broken_expression_ = 0;  // how deep in groups the line at hand began
  std::vector<std::uint32_t> indents_{0};
  std::vector<EndComment> end_comments_;
};

void LayoutPrinter::step(std::size_t at) {
  const Command& command = commands_[at];
  switch (command.kind) {
    case Kind::kText:
      return write(command);
    case Kind::kEndComment:
      end_comments_.push_back({out_.size() + 1, line_, line_indent_, column_});
      owed_spaces_ = 1;
      return write(command);
    case Kind::kPad:
      owed_spaces_ = is_broken() ? command.a : 1;
      return;
    case Kind::kHardLine:
      return newline(command.blank);
    case Kind::kLine:
    case Kind::kSoftLine:
      if (is_broken()) return newline(command.blank);
      if (command.kind == Kind::kLine) owed_spaces_ = 1;
      return;
    case Kind::kFillLine:
      if (is_broken() && (follows_broken_group() || !fits_until_fill(at))) return newline(false);
      owed_spaces_ = 1;
      return;
    case Kind::kBeginGroup:
      broken_.push_back(is_broken() && (command.broken || !fits_flat(at)));
      lists_.push_back(command.list);
      return;
    case Kind::kEndGroup:
      broken_.pop_back();
      lists_.pop_back();
      return;
    case Kind::kIndentTo:
      indents_.push_back(command.a);
      return;
    case Kind::kIndentBy:
      indents_.push_back(indents_.back() + command.a);
      return;
    case Kind::kIndentHere:
      indents_.push_back(line_indent_ + command.a);
      return;
    case Kind::kOutdent:
      indents_.pop_back();
      return;
  }
}

void LayoutPrinter::newline(bool blank) {
  owed_spaces_ = 0;
  line_indent_ = indents_.back();
  column_ = line_indent_;
  at_line_start_ = true;
  broken_expression_ = lists_.back() ? 0 : lists_.size();
  if (out_.empty()) return;
  out_.append(blank ? 2 : 1, '\n');
  line_ += blank ? 2 : 1;
}

void LayoutPrinter::write(const Command& piece) {
  if (at_line_start_) {
    out_.append(line_indent_, ' ');
  } else {
    out_.append(owed_spaces_, ' ');
    column_ += owed_spaces_;
  }
  at_line_start_ = false;
  owed_spaces_ = 0;
  out_ += source_.substr(piece.a, piece.b);
  column_ += columns_of(piece);
}

// The group on this line, and what follows it up to where a line may end.
bool LayoutPrinter::fits_flat(std::size_t group) const {
  const bool whole = commands_[group].list;
  std::uint32_t column = column_ + owed_spaces_;
  int depth = 0;
  for (std::size_t at = group; at < commands_.size() && column <= width_; ++at) {
    const Command& command = commands_[at];
    switch (command.kind) {
      case Kind::kText:
        column += columns_of(command);
        break;
      case Kind::kPad:
      case Kind::kLine:
      case Kind::kFillLine:
        ++column;
        break;
      case Kind::kBeginGroup:
        if (depth > 0 && command.list && !whole) return true;
        ++depth;
        break;
      case Kind::kEndGroup:
        if (--depth == 0) return rest_fits(at + 1, column);
        break;
      case Kind::kHardLine:
      case Kind::kEndComment:
        return true;
      default:
        break;
    }
  }
  return column <= width_;
}

// What follows a fill_line, groups in it on one line, up to the next place where a
// line of the same group may end.
bool LayoutPrinter::fits_until_fill(std::size_t line) const {
  std::uint32_t column = column_ + 1;
  int depth = 0;
  for (std::size_t at = line + 1; at < commands_.size() && column <= width_; ++at) {
    const Command& command = commands_[at];
    switch (command.kind) {
      case Kind::kText:
        column += columns_of(command);
        break;
      case Kind::kPad:
        ++column;
        break;
      case Kind::kLine:
      case Kind::kFillLine:
        if (depth == 0) return true;
        ++column;
        break;
      case Kind::kSoftLine:
        if (depth == 0) return true;
        break;
      case Kind::kBeginGroup:
        if (command.list) return true;
        ++depth;
        break;
      case Kind::kEndGroup:
        if (depth-- == 0) return rest_fits(at, column);
        break;
      case Kind::kHardLine:
      case Kind::kEndComment:
        return true;
      default:
        break;
    }
  }
  return column <= width_;
}

// What follows, up to where a line may end, given the groups we are in.
bool LayoutPrinter::rest_fits(std::size_t at, std::uint32_t column) const {
  std::size_t group = broken_.size() - 1;
  int depth = 0;  // of groups that begin in the rest: they break only if ours does
  for (; at < commands_.size() && column <= width_; ++at) {
    const Command& command = commands_[at];
    switch (command.kind) {
      case Kind::kText:
        column += columns_of(command);
        break;
      case Kind::kPad:
        column += broken_[group] && depth == 0 ? command.a : 1;
        break;
      case Kind::kLine:
      case Kind::kFillLine:
      case Kind::kSoftLine:
        if (broken_[group]) return true;
        if (command.kind != Kind::kSoftLine) ++column;
        break;
      case Kind::kBeginGroup:
        ++depth;
        break;
      case Kind::kEndGroup:
        if (depth > 0) {
          --depth;
        } else {
          --group;
        }
        break;
      case Kind::kHardLine:
      case Kind::kEndComment:
        return true;
      default:
        break;
    }
  }
  return column <= width_;
}

// Moves comments of neighbouring, equally indented lines into one column. Longer lines
// than the width stay out of it.
std::optional<std::string> LayoutPrinter::line_up_comments() const {
  std::string result;
  std::size_t copied = 0;
  for (std::size_t first = 0; first < end_comments_.size();) {
    std::size_t last = first;
    std::uint32_t widest = 0;
    while (last < end_comments_.size() && end_comments_[last].column <= width_ &&
           end_comments_[last].line == end_comments_[first].line + (last - first) &&
           end_comments_[last].indent == end_comments_[first].indent) {
      widest = std::max(widest, end_comments_[last++].column);
    }
    for (std::size_t i = first; i < last; ++i) {
      const EndComment& comment = end_comments_[i];
      result.append(out_, copied, comment.offset - copied);
      result.append(widest - comment.column, ' ');
      copied = comment.offset;
      if (result.size() > max_) return std::nullopt;
    }
    first = std::max(last, first + 1);
  }
  result.append(out_, copied);
  if (result.size() > max_) return std::nullopt;
  return result;
}

std::optional<std::string> Layout::print(std::uint32_t width, std::size_t max_bytes) const {
  return LayoutPrinter(*this, width, max_bytes).run();
}

}  // namespace sojourn::dsl
