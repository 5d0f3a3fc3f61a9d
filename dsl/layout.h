// A small document algebra: what is to be written is said as pieces of a source text,
// places where a line may end, and groups of such places; print() then ends lines
// where it must. In a group that fits its line no line ends; in one that does not,
// one ends at every line() of it, and at those of its fill_line() where the line is
// full. Groups nest, the outer one is decided first. A value used by one thread;
// printing takes time linear in the commands.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sojourn::dsl {

class Layout {
 public:
  // Pieces are given by their offset in `source`, which must outlive the layout.
  explicit Layout(std::string_view source) : source_(source) {}

  void text(std::uint32_t offset, std::uint32_t length);
  void space();
  // In a group on one line a single space, else `count` of them.
  void pad(std::uint32_t count);
  // A space or the end of the line; with `blank`, an empty line after that end.
  void line(bool blank = false);
  // Nothing or the end of the line.
  void soft_line();
  // A space if what follows fits up to the next place where a line may end.
  void fill_line();
  void hard_line(bool blank = false);
  // Stands at the end of its line: a hard_line() must follow. Those of neighbouring
  // lines stand in one column.
  void end_comment(std::uint32_t offset, std::uint32_t length);

  // A list in braces may be opened by what stands before it: whoever asks whether
  // something fits need not look beyond the brace. An expression is asked as a whole.
  enum class Group : std::uint8_t { kList, kExpression };
  void begin_group(Group kind);
  void end_group();
  // A line ends in every group that is open here.
  void break_open_groups();

  // How far lines that begin from here on are indented: this far, this much more than
  // now, or this much more than the line at hand. Each until its outdent().
  void indent_to(std::uint32_t columns);
  void indent_by(std::uint32_t columns);
  void indent_here(std::uint32_t columns);
  void outdent();

  // Lines of at most `width` columns where that is possible. Nothing when the text
  // would be longer than `max_bytes`.
  std::optional<std::string> print(std::uint32_t width, std::size_t max_bytes) const;

 private:
  friend class LayoutPrinter;

  enum class Kind : std::uint8_t {
    kText,
    kPad,
    kLine,
    kSoftLine,
    kFillLine,
    kHardLine,
    kEndComment,
    kBeginGroup,
    kEndGroup,
    kIndentTo,
    kIndentBy,
    kIndentHere,
    kOutdent,
  };
  struct Command {
    Kind kind;
    bool blank = false;   // of a line
    bool list = false;    // of a group
    bool broken = false;  // of a group: whatever its width
    std::uint32_t a = 0;  // an offset, or a number of columns
    std::uint32_t b = 0;  // a length
  };

  std::string_view source_;
  std::vector<Command> commands_;
  std::vector<std::size_t> open_groups_;
};

// Code points: what an editor shows of text without tabs or combining marks.
std::uint32_t display_columns(std::string_view text);

}  // namespace sojourn::dsl
