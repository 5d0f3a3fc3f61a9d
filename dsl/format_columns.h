// Columns: neighbouring lines of one kind line up (the ids of campaigns, the types of
// fields, what follows the first word of a clause). Says how many spaces stand before
// a token where that is more than one. Pure.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "dsl/format_tree.h"

namespace sojourn::dsl {

// A first word longer than this, and any other cell longer than that, runs over and
// moves nobody else.
inline constexpr std::uint32_t kMaxKeywordColumn = 8;
inline constexpr std::uint32_t kMaxColumn = 40;

class FormatColumns {
 public:
  FormatColumns(const FormatTree& tree, const FormatTokens& tokens)
      : tree_(tree), tokens_(tokens), pads_(tokens.count()) {}

  // Lines up the items of a list of `owner`, each on lines of its own at `indent`.
  void align(const BraceList& list, CstKind owner, std::uint32_t indent);
  // 0 where nothing is lined up.
  std::uint32_t pad(std::uint32_t position) const { return pads_[position]; }

 private:
  static constexpr std::size_t kMaxCells = 4;
  using Starts = std::array<std::uint32_t, kMaxCells>;

  // Lines of one kind are lined up with each other.
  enum class Kind : std::uint8_t {
    kKeyword,
    kCampaign,
    kMessageType,
    kList,
    kSegment,
    kConstant,
    kField,
    kArm,
  };
  // Where the cells of an item begin; a cell that it lacks is kNone.
  struct Row {
    static constexpr std::uint32_t kNone = UINT32_MAX;
    Kind kind = Kind::kKeyword;
    std::uint32_t item = 0;
    std::array<std::uint32_t, kMaxCells> cells{kNone, kNone, kNone, kNone};
  };

  std::optional<Row> row_of(std::uint32_t item, CstKind stated, CstKind owner,
                            std::uint32_t indent) const;
  Row keyword_row(std::uint32_t item) const;
  Row declaration_row(Kind kind, std::uint32_t item, std::size_t cells) const;
  std::optional<Row> arm_row(std::uint32_t item, std::uint32_t indent) const;
  bool goes_on(const Row& above, const Row& row) const;
  std::uint32_t cell_end(const Row& row, std::size_t cell) const;
  Starts starts_of(std::span<const Row> rows) const;
  std::uint32_t pad_row(const Row& row, const Starts& starts);
  void line_up(std::span<const Row> rows, std::uint32_t indent);

  const FormatTree& tree_;
  const FormatTokens& tokens_;
  std::vector<std::uint16_t> pads_;
};

}  // namespace sojourn::dsl
