#include "dsl/format_columns.h"

#include <algorithm>
#include <array>

namespace sojourn::dsl {
namespace {

using K = TokenKind;

bool lists_keyword_lines(CstKind owner) {
  return owner == CstKind::kPolicy || owner == CstKind::kWebhook || owner == CstKind::kCampaign;
}

// `one per`, `on edit` and `while enrolled` are one word to the reader.
bool is_two_words(K first, K second) {
  return (first == K::kwOne && second == K::kwPer) || (first == K::kwOn && second == K::kwEdit) ||
         (first == K::kwWhile && second == K::kwEnrolled);
}

}  // namespace

FormatColumns::Row FormatColumns::keyword_row(std::uint32_t item) const {
  const std::uint32_t first = tree_.first(item);
  const std::uint32_t last = tree_.last(item);
  Row row{.kind = Kind::kKeyword, .item = item};
  row.cells[0] = first;
  const bool two = first + 1 < last && is_two_words(tokens_.kind(first), tokens_.kind(first + 1));
  const std::uint32_t rest = first + (two ? 2 : 1);
  // `to the end` is one word, too, and nothing follows it.
  const bool whole = tokens_.kind(first) == K::kwTo && tokens_.kind(rest) == K::kwThe;
  if (rest < last && !whole) row.cells[1] = rest;
  return row;
}

// `WORD name [= …] [a word] [a name]`: the second cell begins at `=`, the third at the
// first child of kind kWord, the fourth behind that.
FormatColumns::Row FormatColumns::declaration_row(Kind kind, std::uint32_t item,
                                                  std::size_t cells) const {
  Row row{.kind = kind, .item = item};
  const std::uint32_t first = tree_.first(item);
  row.cells[0] = first;
  if (first + 2 < tree_.last(item) && tokens_.kind(first + 2) == K::kAssign) {
    row.cells[1] = first + 2;
  }
  if (cells < 3) return row;
  for (std::uint32_t child = item + 1; child < tree_.next(item); child = tree_.next(child)) {
    if (tree_.kind(child) != CstKind::kWord) continue;
    row.cells[2] = tree_.first(child);
    if (cells > 3) row.cells[3] = tree_.last(child);
    break;
  }
  return row;
}

// `3d before { … }`, `"free" { … }`, `50% a { … }`, where the block is on one line.
std::optional<FormatColumns::Row> FormatColumns::arm_row(std::uint32_t item,
                                                         std::uint32_t indent) const {
  const bool in_line = tree_.stands_on_one_line(item, indent);
  if (tree_.has_block(item) && !in_line) return std::nullopt;
  Row row{.kind = Kind::kArm, .item = item};
  row.cells[0] = tree_.first(item);
  if (tree_.kind(item) == CstKind::kSplitArm) row.cells[1] = tree_.first(item) + 1;
  for (std::uint32_t child = item + 1; child < tree_.next(item); child = tree_.next(child)) {
    if (tree_.kind(child) == CstKind::kBlock) row.cells[2] = tree_.first(child);
  }
  return row;
}

// `stated` is the item itself, or what an `allow` belongs to.
std::optional<FormatColumns::Row> FormatColumns::row_of(std::uint32_t item, CstKind stated,
                                                        CstKind owner, std::uint32_t indent) const {
  if (lists_keyword_lines(owner)) return keyword_row(item);
  switch (tree_.kind(item)) {
    case CstKind::kClause:
    case CstKind::kTestLine:
      return keyword_row(item);
    case CstKind::kAllow:
      if (stated == CstKind::kClause) return keyword_row(item);
      return std::nullopt;
    case CstKind::kCampaign:
      return declaration_row(Kind::kCampaign, item, 4);
    case CstKind::kMessageType:
      return declaration_row(Kind::kMessageType, item, 3);
    case CstKind::kList:
      return declaration_row(Kind::kList, item, 2);
    case CstKind::kSegment:
      return declaration_row(Kind::kSegment, item, 2);
    case CstKind::kConstant:
      return declaration_row(Kind::kConstant, item, 2);
    case CstKind::kField: {
      Row row{.kind = Kind::kField, .item = item};
      row.cells[0] = tree_.first(item);
      row.cells[1] = row.cells[0] + 1;
      return row;
    }
    case CstKind::kRung:
    case CstKind::kMatchArm:
    case CstKind::kElse:
    case CstKind::kSplitArm:
      return arm_row(item, indent);
    default:
      return std::nullopt;
  }
}

// An empty line ends a table; the first words of clauses line up beyond it.
bool FormatColumns::goes_on(const Row& above, const Row& row) const {
  if (above.kind != row.kind) return false;
  return row.kind == Kind::kKeyword || !tokens_.gap(tree_.first(row.item)).has_blank();
}

std::uint32_t FormatColumns::cell_end(const Row& row, std::size_t cell) const {
  for (std::size_t next = cell + 1; next < kMaxCells; ++next) {
    if (row.cells[next] != Row::kNone) return row.cells[next];
  }
  return Row::kNone;
}

// Where each cell begins when every row has all of them.
FormatColumns::Starts FormatColumns::starts_of(std::span<const Row> rows) const {
  Starts starts{};
  for (std::size_t cell = 0; cell + 1 < kMaxCells; ++cell) {
    std::uint32_t widest = 0;
    for (const Row& row : rows) {
      const std::uint32_t end = cell_end(row, cell);
      if (row.cells[cell] == Row::kNone || end == Row::kNone) continue;
      const std::uint32_t width = tokens_.width(row.cells[cell], end);
      const std::uint32_t most = row.kind == Kind::kKeyword ? kMaxKeywordColumn : kMaxColumn;
      if (width <= most) widest = std::max(widest, width);
    }
    starts[cell + 1] = starts[cell] + (widest > 0 ? widest + 1 : 0);
  }
  return starts;
}

// Sets the pads of a row; returns how many columns they add.
std::uint32_t FormatColumns::pad_row(const Row& row, const Starts& starts) {
  std::uint32_t column = 0;
  std::uint32_t added = 0;
  for (std::size_t cell = 0; cell < kMaxCells; ++cell) {
    const std::uint32_t at = row.cells[cell];
    if (at == Row::kNone) continue;
    if (cell > 0) {
      const std::uint32_t pad = std::max(starts[cell], column + 1) - column;
      pads_[at] = static_cast<std::uint16_t>(pad);
      column += pad;
      added += pad - 1;
    }
    const std::uint32_t end = cell_end(row, cell);
    if (end != Row::kNone) column += tokens_.width(at, end);
  }
  return added;
}

// Arms on one line are lined up only if all of them still fit.
void FormatColumns::line_up(std::span<const Row> rows, std::uint32_t indent) {
  const Starts starts = starts_of(rows);
  bool fit = true;
  for (const Row& row : rows) {
    const std::uint32_t width = tokens_.width(tree_.first(row.item), tree_.last(row.item));
    fit = indent + width + pad_row(row, starts) <= kLineWidth && fit;
  }
  if (fit || rows.empty() || rows[0].kind != Kind::kArm) return;
  for (const Row& row : rows) {
    for (const std::uint32_t at : row.cells) {
      if (at != Row::kNone) pads_[at] = 0;
    }
  }
}

void FormatColumns::align(const BraceList& list, CstKind owner, std::uint32_t indent) {
  std::vector<Row> rows;
  const auto finish = [&] {
    line_up(rows, indent);
    rows.clear();
  };
  std::uint32_t stated = list.begin;
  for (std::uint32_t item = list.begin; item < list.end; item = tree_.next(item)) {
    if (stated <= item) stated = tree_.skip_allows(item, list.end);
    const CstKind kind = stated < list.end ? tree_.kind(stated) : CstKind::kAllow;
    const auto row = row_of(item, kind, owner, indent);
    if (!row || (!rows.empty() && !goes_on(rows.back(), *row))) finish();
    if (row) rows.push_back(*row);
  }
  finish();
}

}  // namespace sojourn::dsl
