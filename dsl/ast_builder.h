// The builder behind build_ast(), split over the ast_build_*.cpp files by what they
// build. Broken nodes become holes; nothing is reported about them again. One
// builder per file and call.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dsl/ast.h"
#include "dsl/cst_view.h"
#include "dsl/faults.h"
#include "dsl/literals.h"

namespace sojourn::dsl {

class AstBuilder {
 public:
  AstBuilder(const CstView& view, Faults& faults) : view_(view), faults_(faults) {}

  ast::File file();

 private:
  // --- Small parts (ast_build_expr.cpp, ast_build_parts.cpp) ---
  std::optional<CstRef> only(CstRef parent, CstKind kind);
  void exclude(CstRef parent, CstKind a, CstKind b);
  ast::Name name(CstRef node);
  ast::Name name_in(CstRef parent, int n = 0);
  ast::Name declared_name_in(CstRef parent, int n = 0);
  std::optional<ast::Name> as_name_in(CstRef parent);
  ast::StringText string_text(CstRef node);
  ast::StringText text_in(CstRef parent);
  std::string string_piece(CstRef node, std::size_t opening, std::size_t closing);
  TokenKind word_in(CstRef parent, int n = 0);
  ast::PercentLiteral percent_in(CstRef parent);
  std::optional<ast::ExternalId> id_in(CstRef parent);
  ast::StepRef step_ref(CstRef node);
  ast::StepRef step_ref_in(CstRef parent, int n = 0);
  ast::Map map(CstRef node);
  std::optional<ast::Map> map_in(CstRef parent);
  ast::Map needed_map_in(CstRef parent);
  ast::TypeExpr type(CstRef node);
  ast::TypeExpr type_in(CstRef parent);
  ast::Field field(CstRef node);
  std::vector<ast::Field> fields(CstRef node);
  std::optional<std::vector<ast::Field>> fields_in(CstRef parent);
  std::string docs_above(std::uint32_t token) const;
  ast::Allow allow(CstRef node);
  // The allows that wait for the item that follows them are about `item`.
  void give_allows(Span item);
  void report_dangling_allows();

  // --- Expressions ---
  // Never null: a missing or broken one is Invalid.
  ast::ExprPtr expr(CstRef node);
  ast::ExprPtr expr_in(CstRef parent, int n = 0);
  // The expression of an optional clause; null when the clause is absent.
  ast::ExprPtr clause_expr(CstRef parent, CstKind clause);
  ast::ExprPtr make_expr(Span span, ast::ExprNode node);
  ast::ExprPtr invalid_expr(Span span);
  struct Chain;
  ast::ExprPtr chain(Chain& chain, int least);
  ast::ExprPtr chain_start(Chain& chain);
  ast::ExprPtr apply_infix(Chain& chain, ast::ExprPtr left, CstRef op);
  ast::ExprPtr operand(CstRef node);
  ast::ExprNode primary(CstRef node);
  ast::ExprNode literal(CstRef node);
  template <typename Node, typename Value>
  ast::ExprNode literal_node(const Literal<Value>& value, CstRef node);
  void report_literal(const LiteralFault& fault, CstRef node);
  ast::StringLiteral string_literal(CstRef node);
  ast::Engagement engagement(CstRef node);
  ast::Collection collection(CstRef node);
  ast::Question question(CstRef node);
  ast::Aggregate aggregate(CstRef node);
  ast::Membership membership(CstRef node);
  ast::Window window_in(CstRef parent);
  ast::Trigger trigger_in(CstRef parent);
  ast::Trigger trigger(CstRef node);

  // --- Steps (ast_build_step.cpp, ast_build_wait.cpp) ---
  ast::Block block(CstRef node);
  std::optional<ast::Block> block_in(CstRef parent);
  ast::Block needed_block_in(CstRef parent);
  std::optional<ast::Block> else_in(CstRef parent, CstKind kind);
  ast::Step step(CstRef node);
  ast::StepNode statement(CstRef node);
  ast::Send send(CstRef node);
  ast::WaitUntilTime wait_until_time(CstRef node);
  ast::WaitUntil wait_until(CstRef node);
  ast::WaitForEvent wait_for_event(CstRef node);
  ast::WaitForCondition wait_for_condition(CstRef node);
  ast::WaitRace wait_race(CstRef node);
  ast::Schedule schedule(CstRef node);
  ast::Collect collect(CstRef node);
  ast::If if_step(CstRef node);
  ast::Match match(CstRef node);
  ast::Split split(CstRef node);
  ast::CallWebhook call_webhook(CstRef node);
  ast::Repeat repeat(CstRef node);
  ast::Use use(CstRef node);
  ast::Exit exit(CstRef node);
  std::optional<ast::Otherwise> otherwise_in(CstRef parent, CstKind kind);
  std::optional<ast::Since> since_in(CstRef parent);
  ast::Day day(CstRef node);

  // --- Declarations (ast_build_file.cpp, ast_build_journey.cpp, ast_build_test.cpp) ---
  ast::Declaration declaration(CstRef node);
  ast::DeclarationNode declaration_node(CstRef node);
  Span head_of(CstRef node) const;
  ast::Event event(CstRef node);
  ast::MessageType message_type(CstRef node);
  ast::Campaign campaign(CstRef node);
  ast::Webhook webhook(CstRef node);
  ast::Fragment fragment(CstRef node);
  ast::Policy policy(CstRef node);
  ast::PolicyLine policy_line(CstRef node);
  ast::Journey journey(CstRef node);
  void journey_item(CstRef node, ast::Journey& journey);
  void report_late_clause(CstRef node);
  ast::Clause clause(CstRef node);
  ast::ClauseNode clause_node(CstRef node);
  ast::ClauseNode entry_or_assert(CstRef node);
  ast::Rate rate(CstRef node);
  ast::QuietLine quiet(CstRef node);
  ast::HoldoutLine holdout(CstRef node);
  ast::Test test(CstRef node);
  ast::TestLine test_line(CstRef node);
  ast::TestLineNode test_line_node(CstRef node);
  ast::TestLineNode expectation(CstRef node);

  const CstView& view_;
  Faults& faults_;
  std::vector<ast::Allow> allows_;        // waiting for what they stand above
  std::vector<ast::Allow> given_allows_;  // of the file
  std::optional<Span> first_step_;        // of the journey, until a clause below it was reported
  int depth_ = 0;                         // of the expression that is being built
};

}  // namespace sojourn::dsl
