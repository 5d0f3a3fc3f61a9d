#include "dsl/narrowing.h"

#include <algorithm>
#include <fmt/core.h>
#include <iterator>
#include <variant>

namespace sojourn::dsl {
namespace {

bool holds_only_when_set(ast::BinaryOp op) {
  switch (op) {
    case ast::BinaryOp::kEqual:
    case ast::BinaryOp::kLess:
    case ast::BinaryOp::kLessEqual:
    case ast::BinaryOp::kGreater:
    case ast::BinaryOp::kGreaterEqual:
    case ast::BinaryOp::kIn:
    case ast::BinaryOp::kContains:
    case ast::BinaryOp::kStartsWith:
    case ast::BinaryOp::kEndsWith:
    case ast::BinaryOp::kMatches:
      return true;
    default:
      return false;
  }
}

// A path is set only if what it goes through is.
void add_path(Facts& facts, std::string path) {
  while (!path.empty()) {
    facts.insert(path);
    const std::size_t dot = path.rfind(kPathSeparator);
    path = dot == path.npos ? std::string() : path.substr(0, dot);
  }
}

Facts united(Facts a, const Facts& b) {
  a.insert(b.begin(), b.end());
  return a;
}

Facts facts_if_binary(const ExpressionContext& context, const ast::Binary& binary, bool outcome) {
  if (!binary.left || !binary.right) return {};
  if (binary.op == ast::BinaryOp::kAnd || binary.op == ast::BinaryOp::kOr) {
    const Facts left = facts_if(context, *binary.left, outcome);
    const Facts right = facts_if(context, *binary.right, outcome);
    const bool both = (binary.op == ast::BinaryOp::kAnd) == outcome;
    return both ? united(left, right) : common_facts(left, right);
  }
  Facts facts;
  const bool set = outcome ? holds_only_when_set(binary.op) : binary.op == ast::BinaryOp::kNotEqual;
  if (set) {
    add_path(facts, path_of(context, *binary.left));
    add_path(facts, path_of(context, *binary.right));
  }
  return facts;
}

}  // namespace

std::string join_path(std::string_view object, std::string_view field) {
  return fmt::format("{}{}{}", object, kPathSeparator, field);
}

std::string path_of(const ExpressionContext& context, const ast::Expr& expr) {
  if (const auto* name = std::get_if<ast::NameRef>(&expr.node)) {
    const std::string& text = name->name.text;
    if (text == "user" || text == "entry" || text == "event" || text == "it") return text;
    const Local* local = context.find_local(text);
    return local == nullptr ? std::string() : fmt::format("#{}", local->slot);
  }
  if (const auto* ref = std::get_if<ast::FieldRef>(&expr.node)) {
    if (!ref->object) return {};
    const std::string object = path_of(context, *ref->object);
    return object.empty() ? std::string() : join_path(object, ref->field.text);
  }
  return {};
}

Facts facts_if(const ExpressionContext& context, const ast::Expr& condition, bool outcome) {
  if (const auto* test = std::get_if<ast::IsTest>(&condition.node)) {
    Facts facts;
    if (test->operand && outcome != test->missing)
      add_path(facts, path_of(context, *test->operand));
    return facts;
  }
  if (const auto* node = std::get_if<ast::Not>(&condition.node)) {
    return node->operand ? facts_if(context, *node->operand, !outcome) : Facts{};
  }
  if (const auto* binary = std::get_if<ast::Binary>(&condition.node)) {
    return facts_if_binary(context, *binary, outcome);
  }
  return {};
}

Facts facts_of_moment(const ExpressionContext& context, const ast::Expr& moment) {
  Facts facts;
  add_path(facts, path_of(context, moment));
  const auto* sum = std::get_if<ast::Binary>(&moment.node);
  const bool is_sum =
      sum != nullptr && (sum->op == ast::BinaryOp::kAdd || sum->op == ast::BinaryOp::kSubtract);
  if (is_sum && sum->left) facts.merge(facts_of_moment(context, *sum->left));
  if (is_sum && sum->right) facts.merge(facts_of_moment(context, *sum->right));
  return facts;
}

Scope with_facts(Scope scope, const Facts& more) {
  scope.facts.insert(more.begin(), more.end());
  return scope;
}

Facts common_facts(const Facts& a, const Facts& b) {
  Facts common;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(),
                        std::inserter(common, common.begin()));
  return common;
}

void forget_path(Facts& facts, const std::string& path) {
  const std::string inside = join_path(path, {});
  std::erase_if(facts,
                [&](const std::string& fact) { return fact == path || fact.starts_with(inside); });
}

void forget_user_facts(Facts& facts) {
  forget_path(facts, "user");
}

}  // namespace sojourn::dsl
