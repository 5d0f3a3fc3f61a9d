// Code frames for a terminal.

#include <algorithm>
#include <map>
#include <tuple>
#include <vector>

#include "dsl/display_text.h"
#include "dsl/render.h"

namespace sojourn::dsl {
namespace {

// Escape sequences of a terminal; empty when colour is off.
struct Paint {
  std::string_view severity, primary, frame, strong, off;
};

Paint paint_of(Severity severity, bool colour) {
  if (!colour) return {};
  const std::string_view main = severity == Severity::kError ? "\x1b[1;31m" : "\x1b[1;33m";
  return {main, main, "\x1b[1;34m", "\x1b[1m", "\x1b[0m"};
}

constexpr std::size_t kPartBytes = 4096;

// Where the part of a line begins that has `mark` in it: at the beginning of the line,
// or so far before the mark that the line is cut on the left anyway.
std::size_t start_of_part(std::string_view line, std::size_t mark) {
  if (mark < kPartBytes / 2) return 0;
  std::size_t start = mark - kPartBytes / 4;
  while (start < line.size() && (static_cast<unsigned char>(line[start]) & 0xC0U) == 0x80U) ++start;
  return start;
}

// A label and where it stands.
struct Mark {
  const Label* label;
  bool primary;
  Position begin;
};

class TextFrame {
 public:
  TextFrame(std::string& out, const Diagnostic& diagnostic, std::span<const SourceFile> files,
            bool colour)
      : out_(out),
        diagnostic_(diagnostic),
        files_(files),
        paint_(paint_of(diagnostic.severity, colour)) {
    add_mark(diagnostic.primary, true);
    for (const Label& label : diagnostic.secondary) add_mark(label, false);
    std::stable_sort(marks_.begin(), marks_.end(),
                     [&](const Mark& a, const Mark& b) { return key(a) < key(b); });
    std::uint32_t largest = 1;
    for (const Mark& mark : marks_) largest = std::max(largest, mark.begin.line);
    gutter_ = std::to_string(largest).size();
  }

  void write() {
    const MessageInfo& info = message_info(diagnostic_.id);
    out_ += paint_.severity;
    out_ += severity_word(diagnostic_.severity);
    out_ += '[';
    out_ += info.code;
    out_ += "] ";
    out_ += info.name;
    out_ += paint_.off;
    out_ += paint_.strong;
    out_ += ": " + diagnostic_.message;
    out_ += paint_.off;
    out_ += '\n';
    for (std::size_t i = 0; i < marks_.size();) i = write_file(i);
    empty_line();
    for (const std::string& help : diagnostic_.helps) write_advice("help: " + help);
    for (const Attachment& attachment : diagnostic_.attachments) write_attachment(attachment);
    write_advice("sojourn explain " + std::string(info.code));
  }

 private:
  const SourceFile& file_of(const Mark& mark) const { return files_[mark.label->span.file]; }

  void add_mark(const Label& label, bool primary) {
    marks_.push_back({&label, primary, files_[label.span.file].position(label.span.begin)});
  }

  // The file of the primary label first, then by place.
  std::tuple<bool, FileIndex, Position, bool> key(const Mark& mark) const {
    const FileIndex file = mark.label->span.file;
    return {file != diagnostic_.primary.span.file, file, mark.begin, !mark.primary};
  }

  void gutter(std::string_view text) {
    out_ += paint_.frame;
    out_.append(gutter_ - std::min(gutter_, text.size()), ' ');
    out_ += text;
  }

  void empty_line() {
    gutter("");
    out_ += " |";
    out_ += paint_.off;
    out_ += '\n';
  }

  // The marks of one file, from `first` on; returns the index behind them.
  std::size_t write_file(std::size_t first) {
    const Mark& place = first_or_primary(first);
    gutter("");
    out_ += first == 0 ? "--> " : "::: ";
    out_ += paint_.off;
    out_ += printable(file_of(place).path()) + ":" + std::to_string(place.begin.line) + ":" +
            std::to_string(place.begin.column) + "\n";
    empty_line();
    std::size_t i = first;
    std::uint32_t shown = 0;
    for (; i < marks_.size() && &file_of(marks_[i]) == &file_of(marks_[first]); ++i) {
      write_mark(marks_[i], marks_[i].begin.line != shown);
      shown = marks_[i].begin.line;
    }
    return i;
  }

  const Mark& first_or_primary(std::size_t first) const {
    if (first != 0) return marks_[first];
    return *std::find_if(marks_.begin(), marks_.end(), [](const Mark& m) { return m.primary; });
  }

  void write_mark(const Mark& mark, bool with_line) {
    const SourceFile& file = file_of(mark);
    const std::string_view whole = file.line(mark.begin.line);
    const std::uint32_t line_begin = file.line_begin(mark.begin.line);
    const std::size_t shown = anchor(mark);
    // The part of the line that may be shown at all; a line can be the whole file.
    const std::size_t left = start_of_part(whole, shown);
    const std::string_view line = whole.substr(left, kPartBytes);
    // A span over several lines is underlined on its first.
    const auto in_line = [&](std::uint32_t offset) {
      const std::size_t at = offset - std::min(offset, line_begin);
      return std::min(at - std::min(at, left), line.size());
    };
    const std::size_t begin = in_line(mark.label->span.begin);
    const std::size_t end = in_line(mark.label->span.end);
    const DisplayLine display(line, shown - left);
    if (with_line) {
      gutter(std::to_string(mark.begin.line));
      out_ += " | ";
      out_ += paint_.off;
      out_ += display.text();
      out_ += '\n';
    }
    const Cells cells = display.cells(begin, end);
    gutter("");
    out_ += " | ";
    out_ += paint_.off;
    out_.append(cells.begin, ' ');
    out_ += mark.primary ? paint_.primary : paint_.frame;
    out_.append(cells.end - cells.begin, mark.primary ? '^' : '-');
    if (!mark.label->text.empty()) out_ += " " + mark.label->text;
    out_ += paint_.off;
    out_ += '\n';
  }

  // All marks of one line show the same part of it.
  std::size_t anchor(const Mark& mark) const {
    const auto same_line = [&](const Mark& other) {
      return &file_of(other) == &file_of(mark) && other.begin.line == mark.begin.line;
    };
    const Mark& first = *std::find_if(marks_.begin(), marks_.end(), same_line);
    return first.label->span.begin -
           std::min(first.label->span.begin, file_of(mark).line_begin(mark.begin.line));
  }

  void write_attachment(const Attachment& attachment) {
    write_advice(attachment.title + ":");
    std::string_view rest = attachment.text;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      out_.append(gutter_ + 3, ' ');
      out_ += printable(rest.substr(0, end));
      out_ += '\n';
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }

  void write_advice(std::string_view advice) {
    gutter("");
    out_ += " = ";
    out_ += paint_.off;
    out_ += advice;
    out_ += '\n';
  }

  std::string& out_;
  const Diagnostic& diagnostic_;
  std::span<const SourceFile> files_;
  Paint paint_;
  std::vector<Mark> marks_;
  std::size_t gutter_ = 1;
};

}  // namespace

std::string render_text(std::span<const Diagnostic> diagnostics, std::span<const SourceFile> files,
                        const RenderOptions& options) {
  std::string out;
  std::map<FileIndex, std::size_t> seen;
  for (const Diagnostic& diagnostic : diagnostics) {
    if (++seen[diagnostic.primary.span.file] > options.most_per_file) continue;
    if (!out.empty()) out += '\n';
    TextFrame(out, diagnostic, files, options.colour).write();
  }
  for (const auto& [file, count] : seen) {
    if (count <= options.most_per_file) continue;
    out += "\nnote: " + std::to_string(count - options.most_per_file) + " more findings in " +
           files[file].path() + " are not shown\n";
  }
  return out;
}

}  // namespace sojourn::dsl
