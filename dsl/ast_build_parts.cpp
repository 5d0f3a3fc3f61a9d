// Names, texts, maps, types and field lists.
#include <algorithm>

#include "dsl/ast_builder.h"

namespace sojourn::dsl {
namespace {

bool is_well_formed_name(std::string_view text) {
  const auto in_name = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !text.empty() && text[0] >= 'a' && text[0] <= 'z' &&
         std::all_of(text.begin(), text.end(), in_name);
}

// trialEndsAt -> trial_ends_at
std::string snake_case(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool upper = c >= 'A' && c <= 'Z';
    if (upper && !out.empty() && out.back() != '_') out.push_back('_');
    out.push_back(upper ? static_cast<char>(c - 'A' + 'a') : c);
  }
  return out;
}

}  // namespace

// The one child of a kind; a second one is reported.
std::optional<CstRef> AstBuilder::only(CstRef parent, CstKind kind) {
  const auto first = parent.child(kind);
  if (!first) return std::nullopt;
  if (const auto second = parent.child(kind, 1)) {
    faults_.add(diagnose(messages::kStatedTwice, second->span()).note(first->span(), "first here"));
  }
  return first;
}

void AstBuilder::exclude(CstRef parent, CstKind a, CstKind b) {
  auto first = parent.child(a);
  auto second = parent.child(b);
  if (!first || !second) return;
  if (second->node().first < first->node().first) std::swap(first, second);
  const auto word = [](CstRef node) { return keyword_text(node.first_kind()); };
  faults_.add(diagnose(messages::kExcludeEachOther, second->span(), word(*first), word(*second))
                  .note(first->span(), "stated here"));
}

ast::Name AstBuilder::name(CstRef node) {
  if (node.incomplete()) return {};
  if (node.first_kind() != TokenKind::kString) {
    return {std::string(node.text()), node.span(), false};
  }
  return {string_piece(node, 1, 1), node.span(), true};
}

ast::Name AstBuilder::name_in(CstRef parent, int n) {
  const auto found = parent.child(CstKind::kName, n);
  return found ? name(*found) : ast::Name{};
}

ast::Name AstBuilder::declared_name_in(CstRef parent, int n) {
  ast::Name found = name_in(parent, n);
  if (found && !is_well_formed_name(found.text)) {
    Diagnostic fault = diagnose(messages::kBadName, found.span, found.text);
    const std::string better = snake_case(found.text);
    if (is_well_formed_name(better)) fault.helps.push_back("call it `" + better + "`");
    faults_.add(std::move(fault));
  }
  return found;
}

std::optional<ast::Name> AstBuilder::as_name_in(CstRef parent) {
  const auto as = only(parent, CstKind::kAs);
  if (!as) return std::nullopt;
  return declared_name_in(*as);
}

std::string AstBuilder::string_piece(CstRef node, std::size_t opening, std::size_t closing) {
  std::string_view inner = node.text();
  inner = inner.substr(opening, inner.size() - opening - closing);
  std::optional<BadEscape> bad;
  std::string text = unescape(inner, bad);
  if (bad) {
    const auto begin = static_cast<std::uint32_t>(node.span().begin + opening + bad->offset);
    const auto end = static_cast<std::uint32_t>(begin + bad->length);
    faults_.add(diagnose(messages::kBadEscape, {view_.file, begin, end},
                         inner.substr(bad->offset, bad->length))
                    .help("strings know `\\n`, `\\t`, `\\\"`, `\\\\` and `\\u{…}`"));
  }
  return text;
}

ast::StringText AstBuilder::string_text(CstRef node) {
  const bool whole = node.first_kind() == TokenKind::kString;
  return {whole ? string_piece(node, 1, 1) : std::string(), node.span()};
}

ast::StringText AstBuilder::text_in(CstRef parent) {
  const auto found = parent.child(CstKind::kText);
  return found ? string_text(*found) : ast::StringText{{}, parent.span()};
}

TokenKind AstBuilder::word_in(CstRef parent, int n) {
  const auto found = parent.child(CstKind::kWord, n);
  return found ? found->first_kind() : TokenKind::kSpace;
}

ast::PercentLiteral AstBuilder::percent_in(CstRef parent) {
  const auto found = parent.child(CstKind::kPercent);
  if (!found || found->first_kind() != TokenKind::kPercent) return {};
  const auto value = percent_value(found->text());
  if (value) return {*value};
  report_literal(value.error(), *found);
  return {};
}

std::optional<ast::ExternalId> AstBuilder::id_in(CstRef parent) {
  const auto found = parent.child(CstKind::kId);
  if (!found || found->first_kind() != TokenKind::kInteger) return std::nullopt;
  const auto value = integer_value(found->text());
  if (value) return ast::ExternalId{*value, found->span()};
  report_literal(value.error(), *found);
  return std::nullopt;
}

ast::StepRef AstBuilder::step_ref(CstRef node) {
  ast::StepRef ref{{}, node.span()};
  const CstNode& n = node.node();
  for (std::uint32_t i = n.first; i < n.last; ++i) {
    const Token& token = view_.tokens[i];
    if (is_trivia(token.kind)) continue;
    const bool is_dot = token.kind == TokenKind::kDot;
    if (!is_dot && !ref.text.empty() && ref.text.back() != '.') ref.text += ' ';
    ref.text += token.text(view_.text);
  }
  return ref;
}

ast::StepRef AstBuilder::step_ref_in(CstRef parent, int n) {
  const auto found = parent.child(CstKind::kStepRef, n);
  return found ? step_ref(*found) : ast::StepRef{{}, parent.span()};
}

ast::Map AstBuilder::map(CstRef node) {
  ast::Map result{node.span(), {}};
  for (const CstRef child : children_of(node)) {
    if (!child.is(CstKind::kMapEntry)) continue;
    result.entries.push_back({child.span(), name_in(child), expr_in(child)});
  }
  return result;
}

std::optional<ast::Map> AstBuilder::map_in(CstRef parent) {
  const auto found = parent.child(CstKind::kMap);
  if (!found) return std::nullopt;
  return map(*found);
}

ast::Map AstBuilder::needed_map_in(CstRef parent) {
  return map_in(parent).value_or(ast::Map{parent.span(), {}});
}

ast::TypeExpr AstBuilder::type(CstRef node) {
  ast::TypeExpr result;
  result.span = node.span();
  const auto base = node.first_child();
  if (node.incomplete() || !base) return result;
  result.optional = node.child(CstKind::kTypeOptional).has_value();
  switch (base->kind()) {
    case CstKind::kTypeName:
      result.kind = ast::TypeExpr::Kind::kNamed;
      result.name = {std::string(base->text()), base->span(), false};
      break;
    case CstKind::kTypeOneOf:
      result.kind = ast::TypeExpr::Kind::kOneOf;
      for (const CstRef text : children_of(*base)) result.choices.push_back(string_text(text));
      break;
    case CstKind::kTypeList:
      result.kind = ast::TypeExpr::Kind::kList;
      result.element = std::make_unique<ast::TypeExpr>(type_in(*base));
      break;
    case CstKind::kTypeObject:
      result.kind = ast::TypeExpr::Kind::kObject;
      result.fields = fields_in(*base).value_or(std::vector<ast::Field>());
      break;
    default:
      break;
  }
  return result;
}

ast::TypeExpr AstBuilder::type_in(CstRef parent) {
  if (const auto found = parent.child(CstKind::kType)) return type(*found);
  ast::TypeExpr hole;
  hole.span = parent.span();
  return hole;
}

ast::Field AstBuilder::field(CstRef node) {
  ast::Field result{node.span(), name_in(node), type_in(node), nullptr,
                    docs_above(node.node().first)};
  if (const auto value = node.child(CstKind::kExpression)) result.value = expr(*value);
  return result;
}

std::vector<ast::Field> AstBuilder::fields(CstRef node) {
  std::vector<ast::Field> result;
  for (const CstRef child : children_of(node)) {
    if (child.is(CstKind::kField)) result.push_back(field(child));
  }
  return result;
}

std::optional<std::vector<ast::Field>> AstBuilder::fields_in(CstRef parent) {
  const auto found = parent.child(CstKind::kFields);
  if (!found) return std::nullopt;
  return fields(*found);
}

// The comment lines that end right above `token`.
std::string AstBuilder::docs_above(std::uint32_t token) const {
  std::vector<std::string_view> lines;
  std::uint32_t at = token;
  while (at >= 2) {
    const Token& space = view_.tokens[at - 1];
    const Token& comment = view_.tokens[at - 2];
    const std::string_view gap = space.text(view_.text);
    if (space.kind != TokenKind::kSpace || comment.kind != TokenKind::kComment) break;
    if (std::count(gap.begin(), gap.end(), '\n') != 1) break;
    // A comment behind something on its line belongs to that.
    const bool own_line =
        at == 2 || view_.tokens[at - 3].kind == TokenKind::kBom ||
        (view_.tokens[at - 3].kind == TokenKind::kSpace &&
         view_.tokens[at - 3].text(view_.text).find('\n') != std::string_view::npos) ||
        (at == 3 && view_.tokens[0].kind == TokenKind::kSpace);
    if (!own_line) break;
    lines.push_back(comment.text(view_.text));
    at -= 2;
  }
  std::string docs;
  for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
    std::string_view text = *line;
    while (text.starts_with('#')) text.remove_prefix(1);
    if (text.starts_with(' ')) text.remove_prefix(1);
    while (text.ends_with('\r') || text.ends_with(' ')) text.remove_suffix(1);
    if (line != lines.rbegin()) docs += '\n';
    docs += text;
  }
  return docs;
}

ast::Allow AstBuilder::allow(CstRef node) {
  return {node.span(), name_in(node), text_in(node), {}};
}

void AstBuilder::give_allows(Span item) {
  for (ast::Allow& waiting : allows_) {
    waiting.target = item;
    given_allows_.push_back(std::move(waiting));
  }
  allows_.clear();
}

void AstBuilder::report_dangling_allows() {
  for (const ast::Allow& waiting : std::exchange(allows_, {})) {
    faults_.add(diagnose(messages::kDanglingAllow, waiting.span)
                    .help("put it on the line above the statement it is about")
                    .edit(removal(view_.text, waiting.span), ""));
  }
}

}  // namespace sojourn::dsl
