// `test` blocks.
#include "dsl/ast_builder.h"

namespace sojourn::dsl {
namespace {

ast::EngagementVerb engagement_of(TokenKind word) {
  if (word == TokenKind::kwClicked) return ast::EngagementVerb::kClicked;
  if (word == TokenKind::kwBounced) return ast::EngagementVerb::kBounced;
  return ast::EngagementVerb::kOpened;
}

}  // namespace

ast::Test AstBuilder::test(CstRef node) {
  ast::Test result{name_in(node), text_in(node), {}};
  const auto body = node.child(CstKind::kBlock);
  if (!body) return result;
  for (const CstRef child : children_of(*body)) result.lines.push_back(test_line(child));
  return result;
}

ast::TestLine AstBuilder::test_line(CstRef node) {
  ast::TestLine line{node.span(), ast::Invalid{}};
  const auto inner = node.first_child();
  if (!node.incomplete() && inner) line.node = test_line_node(*inner);
  return line;
}

ast::TestLineNode AstBuilder::test_line_node(CstRef node) {
  switch (node.kind()) {
    case CstKind::kCase:
      return ast::CaseLine{declared_name_in(node), needed_map_in(node)};
    case CstKind::kTestAt:
      return ast::AtLine{expr_in(node)};
    case CstKind::kTestUser:
      return ast::UserLine{needed_map_in(node)};
    case CstKind::kSubscribed:
      return ast::SubscribedLine{word_in(node) == TokenKind::kwSubscribed, name_in(node)};
    case CstKind::kTestEvent:
      return ast::EventLine{name_in(node), map_in(node),
                            only(node, CstKind::kForOtherUsers).has_value(),
                            clause_expr(node, CstKind::kLateBy)};
    case CstKind::kTestUpdate:
      return ast::UpdateLine{needed_map_in(node)};
    case CstKind::kTestEngagement:
      return ast::EngagementLine{engagement_of(word_in(node)), name_in(node)};
    case CstKind::kAssign:
      return ast::AssignLine{name_in(node, 0), name_in(node, 1)};
    case CstKind::kReply:
      return ast::ReplyLine{false, name_in(node), map_in(node)};
    case CstKind::kFail:
      return ast::ReplyLine{true, name_in(node), std::nullopt};
    case CstKind::kAfter:
      return ast::AfterLine{expr_in(node)};
    case CstKind::kTestUntil:
      return ast::UntilLine{expr_in(node)};
    case CstKind::kToTheEnd:
      return ast::ToTheEndLine{};
    case CstKind::kJoined:
      return ast::ListLine{true, name_in(node)};
    case CstKind::kLeft:
      return ast::ListLine{false, name_in(node)};
    case CstKind::kTestEnter:
      return ast::EnterLine{name_in(node), map_in(node)};
    default:
      return expectation(node);
  }
}

ast::TestLineNode AstBuilder::expectation(CstRef node) {
  switch (node.kind()) {
    case CstKind::kExpectSend: {
      const auto from = node.child(CstKind::kFromJourney);
      return ast::ExpectSend{name_in(node), map_in(node), from ? name_in(*from) : ast::Name{}};
    }
    case CstKind::kExpectSkip:
      return ast::ExpectSkip{name_in(node), as_name_in(node).value_or(ast::Name{})};
    case CstKind::kExpectUpdate:
      return ast::ExpectUpdate{needed_map_in(node)};
    case CstKind::kExpectTrack:
      return ast::ExpectTrack{name_in(node), map_in(node)};
    case CstKind::kExpectAt:
      return ast::ExpectAt{step_ref_in(node)};
    case CstKind::kExpectExit:
      return ast::ExpectExit{name_in(node)};
    case CstKind::kExpectIn:
      return ast::ExpectIn{false, name_in(node)};
    case CstKind::kExpectNotIn:
      return ast::ExpectIn{true, name_in(node)};
    case CstKind::kExpectGoal:
      return ast::ExpectGoal{name_in(node)};
    case CstKind::kAlwaysAtMost:
      return ast::AlwaysAtMost{expr_in(node), clause_expr(node, CstKind::kPer)};
    case CstKind::kAlwaysNotSend:
      return ast::AlwaysNotSend{name_in(node)};
    default:
      return ast::Invalid{};
  }
}

}  // namespace sojourn::dsl
