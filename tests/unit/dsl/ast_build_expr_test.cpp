#include <gtest/gtest.h>
#include <string>

#include "dsl/parse.h"
#include "tests/unit/dsl/ast_text.h"

namespace sojourn::dsl {
namespace {

// The shape of an expression, or the messages about it.
std::string shape_of(const std::string& expression) {
  const ParsedFile parsed = parse("let x = " + expression, 0);
  std::string faults;
  for (const Diagnostic& found : parsed.diagnostics) faults += found.message + "\n";
  if (!faults.empty()) return faults;
  return shape(std::get<ast::Constant>(parsed.ast.declarations.at(0).node).value);
}

TEST(Precedence, FollowsTheReadingOrder) {
  EXPECT_EQ(shape_of("a or b and not c == d"), "(or a (and b (not (== c d))))");
  EXPECT_EQ(shape_of("a and b or c"), "(or (and a b) c)");
  EXPECT_EQ(shape_of("a == b in [c]"), "(== a (in b [c]))");
  EXPECT_EQ(shape_of("a in b contains c"), "(in a (contains b c))");
  EXPECT_EQ(shape_of("a contains b + c"), "(contains a (+ b c))");
  EXPECT_EQ(shape_of("a + b * c - d / 2"), "(- (+ a (* b c)) (/ d 2))");
  EXPECT_EQ(shape_of("a - b - c"), "(- (- a b) c)");
  EXPECT_EQ(shape_of("a + b is set"), "(+ a (set? b))");
  EXPECT_EQ(shape_of("a default b is missing"), "(missing? (default a b))");
  EXPECT_EQ(shape_of("a + b default c default d"), "(+ a (default (default b c) d))");
  EXPECT_EQ(shape_of("-a default -1"), "(default (- a) (- 1))");
  EXPECT_EQ(shape_of("1 - -2"), "(- 1 (- 2))");
  EXPECT_EQ(shape_of("a == not b"), "(== a (not b))");
  EXPECT_EQ(shape_of("(a or b) and c"), "(and (or a b) c)");
  EXPECT_EQ(shape_of("1 + if a then b else c + 2"), "(+ 1 (if a b (+ c 2)))");
}

TEST(Precedence, ComparisonsDoNotChain) {
  EXPECT_EQ(shape_of("a < b <= c"), "`<=` cannot follow another comparison\n");
  EXPECT_EQ(shape_of("a in b in c"), "`in` cannot follow another comparison\n");
  EXPECT_EQ(shape_of("(a < b) == c"), "(== (< a b) c)");
  EXPECT_EQ(shape_of("a < b and b < c"), "(and (< a b) (< b c))");
}

TEST(Operands, LiteralsHaveTheirValues) {
  EXPECT_EQ(shape_of("[1_000, 2.5, 12.5%, true, missing, 1d12h, 09:00, 2026-03-01]"),
            "[1000 2.500000 1250bp true missing 0mo1d43200000 time:540 date:2026/3/1]");
  EXPECT_EQ(shape_of("2026-03-01T09:00[Europe/Berlin]"), "stamp:32400000Europe/Berlin0");
  EXPECT_EQ(shape_of("2026-03-01T09:00+02:00"), "stamp:32400000120");
}

TEST(Operands, StringsInterpolate) {
  EXPECT_EQ(shape_of(R"("a${b default "c"}\n")"), "\"a${(default b \"c\")}\n\"");
  EXPECT_EQ(shape_of(R"("")"), "\"\"");
}

TEST(Operands, FieldsMayBeQuotedAndNestAnywhere) {
  EXPECT_EQ(shape_of(R"(user."first name")"), "user.first name");
  EXPECT_EQ(shape_of("first(purchase).amount"), "(first! purchase).amount");
  EXPECT_EQ(shape_of("(a or b).c"), "(or a b).c");
}

TEST(Operands, KeywordsMayBeNames) {
  EXPECT_EQ(shape_of("event.send + wait.until + opened + left"),
            "(+ (+ (+ event.send wait.until) opened) left)");
  EXPECT_EQ(shape_of("{ send: 1, \"b c\": [] }"), "{send:1 b c:[]}");
}

TEST(Operands, CallsAndAggregatesShareNames) {
  EXPECT_EQ(shape_of("min(a, b)"), "min(a b)");
  EXPECT_EQ(shape_of("min(purchase.amount where it.x > 1 within 7d)"),
            "(min! purchase.amount where (> it.x 1) within 0mo7d0)");
  EXPECT_EQ(shape_of("list(purchase.amount first 3 where it.ok)"),
            "(list! purchase.amount where it.ok first 3)");
  EXPECT_EQ(shape_of("count(opened email since entry)"), "(count! opened:email since-entry)");
  EXPECT_EQ(shape_of("days_between(now, a)"), "days_between(now a)");
}

TEST(Questions, AskAboutEventsEngagementAndLists) {
  EXPECT_EQ(shape_of("any login or no purchase within 7d"),
            "(or (any login) (no purchase within 0mo7d0))");
  EXPECT_EQ(shape_of("user.seats >= 5 or at least 3 login within 7d"),
            "(or (>= user.seats 5) (at-least 3 login within 0mo7d0))");
  EXPECT_EQ(shape_of("exactly 1 purchase before entry"), "(exactly 1 purchase before-entry)");
  EXPECT_EQ(shape_of("at most n login since block.wait 2"), "(at-most n login since block.wait 2)");
  EXPECT_EQ(shape_of("every entry.items where it.ok and it.n > 1"),
            "(every entry.items where (and it.ok (> it.n 1)))");
  EXPECT_EQ(shape_of("opened welcome and clicked email within 3d and received any ever"),
            "(and (and (opened:welcome) (clicked:email within 0mo3d0)) (received:any ever))");
}

TEST(Questions, AskAboutMembership) {
  EXPECT_EQ(shape_of("in list vip or not in segment active"),
            "(or (in-list vip) (not (in-segment active)))");
  EXPECT_EQ(shape_of("subscribed to news and left full as done within 30d"),
            "(and (subscribed-to news) (left full as done within 0mo30d0))");
}

TEST(Depth, IsBoundedAlongAChainAndBetweenParentheses) {
  std::string sum = "a";
  for (int i = 0; i < ast::kMaxTreeDepth; ++i) sum += " + a";
  EXPECT_NE(shape_of(sum).find("nested more than"), std::string::npos);
  std::string path = "a";
  for (int i = 0; i < ast::kMaxTreeDepth; ++i) path += ".b";
  EXPECT_NE(shape_of(path).find("nested more than"), std::string::npos);
  std::string nots;
  for (int i = 0; i < ast::kMaxTreeDepth; ++i) nots += "not ";
  EXPECT_NE(shape_of(nots + "a").find("nested more than"), std::string::npos);
  EXPECT_NE(shape_of(std::string(20'000, '(')).find("nested more than"), std::string::npos);
  std::string fine = "a";
  for (int i = 0; i < 50; ++i) fine = "(" + fine + " + 1)";
  EXPECT_EQ(shape_of(fine).find("nested"), std::string::npos);
}

TEST(Spans, CoverWhatWasWritten) {
  const std::string text = "let x = (a + b.c) * 2";
  const ParsedFile parsed = parse(text, 3);
  const auto& value = std::get<ast::Constant>(parsed.ast.declarations.at(0).node).value;
  EXPECT_EQ(value->span, (Span{3, 8, 21}));
  const auto& product = std::get<ast::Binary>(value->node);
  EXPECT_EQ(product.op_span, (Span{3, 18, 19}));
  EXPECT_EQ(product.left->span, (Span{3, 8, 17}));
}

}  // namespace
}  // namespace sojourn::dsl
