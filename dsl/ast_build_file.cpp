// Declarations, and the file they stand in.
#include "dsl/ast_build.h"
#include "dsl/ast_builder.h"

namespace sojourn::dsl {
namespace {

ast::MessageType::Consent consent_of(TokenKind word) {
  if (word == TokenKind::kwOptOut) return ast::MessageType::Consent::kOptOut;
  if (word == TokenKind::kwDoubleOptIn) return ast::MessageType::Consent::kDoubleOptIn;
  return ast::MessageType::Consent::kOptIn;
}

std::optional<ast::Medium> medium_of(TokenKind word) {
  switch (word) {
    case TokenKind::kwEmail:
      return ast::Medium::kEmail;
    case TokenKind::kwSms:
      return ast::Medium::kSms;
    case TokenKind::kwPush:
      return ast::Medium::kPush;
    case TokenKind::kwWebPush:
      return ast::Medium::kWebPush;
    case TokenKind::kwInApp:
      return ast::Medium::kInApp;
    case TokenKind::kwWhatsapp:
      return ast::Medium::kWhatsapp;
    default:
      return std::nullopt;
  }
}

}  // namespace

ast::File build_ast(const CstView& view, Faults& faults) {
  return AstBuilder(view, faults).file();
}

ast::File AstBuilder::file() {
  ast::File result;
  result.index = view_.file;
  if (view_.cst.empty()) return result;
  std::uint32_t first_allow = 0;
  for (const CstRef child : children_of(CstRef(view_, 0))) {
    if (child.is(CstKind::kAllow)) {
      if (allows_.empty()) first_allow = child.node().first;
      allows_.push_back(allow(child));
      continue;
    }
    const std::uint32_t top = allows_.empty() ? child.node().first : first_allow;
    result.declarations.push_back(declaration(child));
    result.declarations.back().docs = docs_above(top);
  }
  report_dangling_allows();
  result.allows = std::move(given_allows_);
  return result;
}

ast::Declaration AstBuilder::declaration(CstRef node) {
  ast::Declaration result;
  result.span = node.span();
  result.head = head_of(node);
  give_allows(result.span);
  result.incomplete = node.incomplete();
  result.node = declaration_node(node);
  return result;
}

ast::DeclarationNode AstBuilder::declaration_node(CstRef node) {
  switch (node.kind()) {
    case CstKind::kLanguage:
      return ast::Language{id_in(node).value_or(ast::ExternalId{1, node.span()}).value};
    case CstKind::kUser:
      return ast::UserFields{fields_in(node).value_or(std::vector<ast::Field>())};
    case CstKind::kEvent:
      return event(node);
    case CstKind::kMessageType:
      return message_type(node);
    case CstKind::kCampaign:
      return campaign(node);
    case CstKind::kList:
      return ast::List{declared_name_in(node), id_in(node)};
    case CstKind::kWebhook:
      return webhook(node);
    case CstKind::kSegment:
      return ast::Segment{declared_name_in(node), expr_in(node)};
    case CstKind::kConstant:
      return ast::Constant{declared_name_in(node), expr_in(node)};
    case CstKind::kFragment:
      return fragment(node);
    case CstKind::kPolicy:
      return policy(node);
    case CstKind::kJourney:
      return journey(node);
    case CstKind::kTest:
      return test(node);
    default:
      return ast::Invalid{};
  }
}

ast::Event AstBuilder::event(CstRef node) {
  ast::Event result;
  result.name = declared_name_in(node);
  if (node.child(CstKind::kText)) result.wire_name = text_in(node);
  result.fields = fields_in(node);
  if (const auto fan_out = node.child(CstKind::kFanOut)) {
    result.fan_out = ast::FanOut{fan_out->span(), expr_in(*fan_out, 0), expr_in(*fan_out, 1)};
  }
  return result;
}

ast::MessageType AstBuilder::message_type(CstRef node) {
  ast::MessageType result;
  result.name = declared_name_in(node);
  result.id = id_in(node);
  result.transactional = word_in(node, 0) == TokenKind::kwTransactional;
  result.consent = consent_of(word_in(node, 1));
  if (const auto channel = node.child(CstKind::kChannel)) result.channel = id_in(*channel);
  if (const auto why = node.child(CstKind::kDeprecated)) result.deprecated = text_in(*why);
  return result;
}

ast::Campaign AstBuilder::campaign(CstRef node) {
  ast::Campaign result;
  result.name = declared_name_in(node, 0);
  result.id = id_in(node);
  result.medium = medium_of(word_in(node));
  result.message_type = name_in(node, 1);
  if (const auto data = only(node, CstKind::kData)) result.data = fields_in(*data);
  if (const auto delivery = only(node, CstKind::kDelivery)) {
    result.at_most_once = word_in(*delivery) == TokenKind::kwAtMostOnce;
  }
  if (const auto once = only(node, CstKind::kOnce)) result.once = once->span();
  return result;
}

ast::Webhook AstBuilder::webhook(CstRef node) {
  ast::Webhook result;
  result.name = declared_name_in(node);
  if (node.child(CstKind::kText)) result.url = text_in(node);
  if (const auto method = only(node, CstKind::kMethod)) result.method = name_in(*method);
  if (const auto headers = only(node, CstKind::kHeaders)) result.headers = map_in(*headers);
  if (const auto secret = only(node, CstKind::kSecret)) result.secret = name_in(*secret);
  result.timeout = clause_expr(node, CstKind::kWebhookTimeout);
  if (const auto returns = only(node, CstKind::kReturns)) result.returns = fields_in(*returns);
  return result;
}

ast::Fragment AstBuilder::fragment(CstRef node) {
  ast::Fragment result;
  result.name = declared_name_in(node);
  for (const CstRef child : children_of(node)) {
    if (!child.is(CstKind::kParameter)) continue;
    result.parameters.push_back({child.span(), declared_name_in(child), type_in(child)});
  }
  result.block = needed_block_in(node);
  return result;
}

// The declaration up to its brace or the end of its first line.
Span AstBuilder::head_of(CstRef node) const {
  Span head = node.span();
  const CstNode& n = node.node();
  std::uint32_t end = head.begin;
  for (std::uint32_t i = n.first; i < n.last; ++i) {
    const Token& token = view_.tokens[i];
    if (token.kind == TokenKind::kOpenBrace) break;
    if (token.kind == TokenKind::kSpace &&
        token.text(view_.text).find('\n') != std::string_view::npos) {
      break;
    }
    if (!is_trivia(token.kind)) end = token.end();
  }
  head.end = end;
  return head;
}

}  // namespace sojourn::dsl
