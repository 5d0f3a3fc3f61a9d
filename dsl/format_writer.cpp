#include "dsl/format_writer.h"

#include <utility>

namespace sojourn::dsl {
namespace {

using K = TokenKind;

// Before these a full line may end.
bool begins_line(CstKind kind) {
  switch (kind) {
    case CstKind::kWhere:
    case CstKind::kWindow:
    case CstKind::kAs:
    case CstKind::kSince:
    case CstKind::kUpTo:
    case CstKind::kWithin:
    case CstKind::kBefore:
    case CstKind::kAtTime:
    case CstKind::kAtBestTime:
    case CstKind::kAgain:
    case CstKind::kBy:
    case CstKind::kPast:
    case CstKind::kMissing:
    case CstKind::kFor:
    case CstKind::kKeep:
    case CstKind::kUntil:
    case CstKind::kPer:
    case CstKind::kOf:
    case CstKind::kExcept:
    case CstKind::kValue:
    case CstKind::kAndExit:
    case CstKind::kChannel:
    case CstKind::kDeprecated:
    case CstKind::kFanOut:
    case CstKind::kForOtherUsers:
    case CstKind::kLateBy:
    case CstKind::kFromJourney:
      return true;
    default:
      return false;
  }
}

// Declarations with a body of steps or lines: empty lines around them.
bool stands_apart(CstKind kind) {
  switch (kind) {
    case CstKind::kUser:
    case CstKind::kPolicy:
    case CstKind::kFragment:
    case CstKind::kJourney:
    case CstKind::kTest:
      return true;
    default:
      return false;
  }
}

// Its braces hold fields or short lines, which may stand on one line.
bool is_brace_list(CstKind kind) {
  return kind == CstKind::kCampaign || kind == CstKind::kWebhook;
}

}  // namespace

// --- Tokens -----------------------------------------------------------------------

void FormatWriter::token(std::uint32_t position) {
  separate(position);
  separator_ = Separator::kPlain;
  layout_.text(tokens_.token(position).offset, tokens_.token(position).length);
}

void FormatWriter::separate(std::uint32_t position) {
  const Separator separator = std::exchange(separator_, Separator::kDone);
  if (separator == Separator::kDone) return;
  const bool space = tokens_.spaced(position);
  if (tokens_.has_comment(position)) {
    comments_within(position);
  } else if (columns_.pad(position) > 0) {
    layout_.pad(columns_.pad(position));
  } else if (on_one_line_ > 0 || separator == Separator::kPlain) {
    if (space) layout_.space();
  } else if (!space) {
    layout_.soft_line();
  } else if (separator == Separator::kFill) {
    layout_.fill_line();
  } else {
    layout_.line();
  }
}

// Comments in the midst of something: each keeps its place between two tokens.
void FormatWriter::comments_within(std::uint32_t position) {
  comment_lines(position);
  layout_.hard_line();
  layout_.break_open_groups();
}

void FormatWriter::comment_lines(std::uint32_t position) {
  for (const GapComment& comment : tokens_.gap(position).comments) {
    if (comment.own_line) {
      layout_.hard_line();
      layout_.text(comment.offset, comment.length);
    } else {
      layout_.end_comment(comment.offset, comment.length);
    }
  }
}

// --- Nodes ------------------------------------------------------------------------

void FormatWriter::element(std::uint32_t node) {
  switch (tree_.kind(node)) {
    case CstKind::kBlock:
      return block(tree_.list_of(node), CstKind::kBlock);
    case CstKind::kMap:
    case CstKind::kFields:
      return brace_list(tree_.list_of(node), tree_.kind(node));
    case CstKind::kExpression:
      return expression(node);
    case CstKind::kIfExpression:
      return conditional(node);
    case CstKind::kParenthesis:
    case CstKind::kCall:
    case CstKind::kAggregate:
    case CstKind::kUse:
    case CstKind::kListLiteral:
      return brackets(node);
    case CstKind::kMapLiteral:
      return brackets(node + 1);
    case CstKind::kString:
      return string(node);
    default:
      return walk(node);
  }
}

void FormatWriter::walk(std::uint32_t node) {
  const CstKind owner = tree_.kind(node);
  std::uint32_t done = 0;  // what stands before this position is written
  std::uint32_t child = node + 1;
  const auto next_token = [&](std::uint32_t at) {
    if (at < done) return;
    if (tokens_.kind(at) == K::kOpenBrace) {
      const BraceList list = tree_.list_at(node, at, child);
      done = list.close + 1;
      is_brace_list(owner) ? brace_list(list, owner) : block(list, owner);
      return;
    }
    if (tokens_.kind(at) == K::kPipe) separator_ = Separator::kFill;
    token(at);
    if (tokens_.kind(at) == K::kComma) separator_ = Separator::kFill;
  };
  const auto next_child = [&](std::uint32_t at) {
    child = tree_.next(at);
    if (tree_.first(at) < done) return;
    const bool step = tree_.kind(at) == CstKind::kElse && !tree_.has_block(at);
    if (separator_ == Separator::kPlain && (step || begins_line(tree_.kind(at)))) {
      separator_ = Separator::kFill;
    }
    element(at);
  };
  for_each_part(node, next_token, next_child);
}

// --- Lists ------------------------------------------------------------------------

void FormatWriter::file() {
  const BraceList list{0, tokens_.count(), 1, tree_.next(0)};
  layout_.indent_to(0);
  columns_.align(list, CstKind::kFile, 0);
  items(list);
  lead(tokens_.count(), Lines::kAlways, false, false);
  layout_.outdent();
}

// What stands between two items of a list, or between one and its brace.
void FormatWriter::lead(std::uint32_t position, Lines lines, bool opening, bool wants_blank) {
  const bool closing = position == tokens_.count() || tokens_.kind(position) == K::kCloseBrace;
  const Gap gap = tokens_.gap(position);
  bool blank = wants_blank && !gap.has_blank();
  bool first = opening;
  for (const GapComment& comment : gap.comments) {
    if (!comment.own_line) {
      layout_.end_comment(comment.offset, comment.length);
      continue;
    }
    layout_.hard_line((blank || comment.after_blank) && !first);
    layout_.text(comment.offset, comment.length);
    blank = false;
    first = false;
  }
  if (!gap.comments.empty()) layout_.break_open_groups();
  separator_ = Separator::kDone;
  if (closing) return;
  blank = (blank || gap.blank) && !first;
  if (lines == Lines::kAlways || !gap.comments.empty()) {
    layout_.hard_line(blank);
  } else {
    layout_.line(blank);
  }
}

// An empty line sets the steps of a journey apart from its clauses, and declarations
// with a body from their neighbours.
bool FormatWriter::wants_blank(std::uint32_t above, std::uint32_t node, std::uint32_t end) const {
  const CstKind before = tree_.kind(above);
  if (before == CstKind::kAllow) return false;
  if (before == CstKind::kClause) {
    const std::uint32_t stated = tree_.skip_allows(node, end);
    return stated < end && tree_.kind(stated) == CstKind::kStep;
  }
  return stands_apart(before) || stands_apart(tree_.kind(node));
}

void FormatWriter::items(const BraceList& list) {
  bool met_step = false;
  std::uint32_t above = 0;
  for (std::uint32_t node = list.begin; node < list.end; node = tree_.next(node)) {
    const bool apart = above != 0 && !met_step && wants_blank(above, node, list.end);
    lead(tree_.first(node), Lines::kAlways, above == 0, apart);
    item(node);
    met_step = met_step || tree_.kind(node) == CstKind::kStep;
    above = node;
  }
}

void FormatWriter::item(std::uint32_t node) {
  continuation_ = tree_.has_block(node) ? 2 * kIndent : kIndent;
  const bool one_line = tree_.stands_on_one_line(node, indent_);
  layout_.indent_to(indent_ + continuation_);
  if (one_line) ++on_one_line_;
  element(node);
  if (one_line) --on_one_line_;
  layout_.outdent();
}

void FormatWriter::list_on_one_line(const BraceList& list) {
  ++on_one_line_;
  token(list.open);
  std::uint32_t at = list.open + 1;
  for (std::uint32_t node = list.begin; node < list.end; node = tree_.next(node)) {
    while (at < tree_.first(node)) token(at++);
    element(node);
    at = tree_.last(node);
  }
  while (at <= list.close) token(at++);
  --on_one_line_;
}

// Steps, clauses, arms: on one line with all that they stand in, or a line each.
void FormatWriter::block(const BraceList& list, CstKind owner) {
  const bool empty = list.close == list.open + 1 && !tokens_.has_comment(list.close);
  if (empty || on_one_line_ > 0) return list_on_one_line(list);
  const std::uint32_t outer_indent = indent_;
  const std::uint32_t outer_continuation = continuation_;
  token(list.open);
  indent_ += kIndent;
  layout_.indent_to(indent_);
  columns_.align(list, owner, indent_);
  items(list);
  lead(list.close, Lines::kAlways, list.begin == list.end, false);
  layout_.outdent();
  indent_ = outer_indent;
  continuation_ = outer_continuation;
  layout_.indent_to(indent_);
  layout_.hard_line();
  token(list.close);
  layout_.outdent();
}

// Fields, maps, short lines: a group, which stays open where the author opened it.
void FormatWriter::brace_list(const BraceList& list, CstKind owner) {
  const bool empty = list.close == list.open + 1 && !tokens_.has_comment(list.close);
  if (empty || on_one_line_ > 0) return list_on_one_line(list);
  token(list.open);
  layout_.begin_group(Layout::Group::kList);
  if (tokens_.gap(list.open + 1).line_break) layout_.break_open_groups();
  layout_.indent_here(0);
  layout_.indent_here(kIndent);
  columns_.align(list, owner, 0);
  entries(list);
  lead(list.close, Lines::kWhenBroken, list.begin == list.end, false);
  layout_.outdent();
  layout_.line();
  token(list.close);
  layout_.outdent();
  layout_.end_group();
}

void FormatWriter::entries(const BraceList& list) {
  std::uint32_t at = list.open + 1;
  for (std::uint32_t node = list.begin; node < list.end; node = tree_.next(node)) {
    while (at < tree_.first(node)) token(at++);  // commas
    lead(at, Lines::kWhenBroken, node == list.begin, false);
    layout_.indent_by(kIndent);
    element(node);
    layout_.outdent();
    at = tree_.last(node);
  }
  while (at < list.close) token(at++);
}

}  // namespace sojourn::dsl
