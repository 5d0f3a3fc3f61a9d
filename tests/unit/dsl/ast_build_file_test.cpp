#include <gtest/gtest.h>
#include <string>

#include "dsl/parse.h"
#include "tests/unit/dsl/ast_text.h"

namespace sojourn::dsl {
namespace {

template <typename Node>
const Node& declaration(const ParsedFile& parsed, std::size_t n = 0) {
  return std::get<Node>(parsed.ast.declarations.at(n).node);
}

TEST(Declarations, HaveTheCommentsRightAboveThemAsDocs) {
  const ParsedFile parsed = parse(
      "# not this one\n\n# First line.\n#   Second line. \nevent a # beside\nevent b\n"
      "# Above the allow.\nallow x \"y\"\nevent c { # beside\n# Of the field.\nf string }",
      0);
  EXPECT_TRUE(parsed.diagnostics.empty());
  EXPECT_EQ(parsed.ast.declarations[0].docs, "First line.\n  Second line.");
  EXPECT_EQ(parsed.ast.declarations[1].docs, "");
  EXPECT_EQ(parsed.ast.declarations[2].docs, "Above the allow.");
  ASSERT_EQ(parsed.ast.allows.size(), 1U);
  EXPECT_EQ(parsed.ast.allows[0].target, parsed.ast.declarations[2].span);
  EXPECT_EQ(declaration<ast::Event>(parsed, 2).fields->at(0).docs, "Of the field.");
}

TEST(Declarations, DocsMayStandAtTheTopOfAMarkedFile) {
  EXPECT_EQ(parse("\xEF\xBB\xBF# Top.\r\nevent a", 0).ast.declarations.at(0).docs, "Top.");
}

TEST(Declarations, KeepTheirHeadForLabels) {
  const std::string text = "journey a \"t\" { }\nevent b\n  for users where x == y up to 5";
  const ParsedFile parsed = parse(text, 0);
  EXPECT_EQ(parsed.ast.declarations[0].head, (Span{0, 0, 13}));
  EXPECT_EQ(parsed.ast.declarations[1].head, (Span{0, 18, 25}));
}

TEST(Declarations, KeepEveryPartOfACampaign) {
  const ParsedFile parsed = parse(
      "campaign c = 1_001 web_push news { data { a string?, b [integer] } "
      "delivery at_most_once once }",
      0);
  const auto& campaign = declaration<ast::Campaign>(parsed);
  EXPECT_EQ(campaign.id->value, 1001);
  EXPECT_EQ(campaign.medium, ast::Medium::kWebPush);
  EXPECT_EQ(campaign.message_type.text, "news");
  EXPECT_TRUE(campaign.data->at(0).type.optional);
  EXPECT_EQ(campaign.data->at(1).type.element->name.text, "integer");
  EXPECT_EQ(campaign.at_most_once, true);
  EXPECT_TRUE(campaign.once.has_value());
}

TEST(Declarations, KeepTypesAndFallbackValues) {
  const ParsedFile parsed =
      parse("user { \"a b\" \"x\" | \"y\" = \"x\" c { d any } send boolean = not true }", 0);
  const auto& fields = declaration<ast::UserFields>(parsed).fields;
  ASSERT_EQ(fields.size(), 3U);
  EXPECT_TRUE(fields[0].name.quoted);
  EXPECT_EQ(fields[0].type.choices.at(1).text, "y");
  EXPECT_EQ(shape(fields[0].value), "\"x\"");
  EXPECT_EQ(fields[1].type.fields.at(0).name.text, "d");
  EXPECT_EQ(fields[2].name.text, "send");
}

TEST(Declarations, ABrokenOneKeepsItsNameAndSaysSo) {
  const ParsedFile parsed = parse("event a = 5\nevent b\ncampaign\n", 0);
  ASSERT_GE(parsed.ast.declarations.size(), 3U);
  EXPECT_TRUE(parsed.ast.declarations[0].incomplete);
  EXPECT_EQ(declaration<ast::Event>(parsed, 0).name.text, "a");
  EXPECT_FALSE(parsed.ast.declarations.back().incomplete &&
               parsed.ast.declarations.back().span == Span{});
}

TEST(Journeys, KeepTheirClausesInOrder) {
  const ParsedFile parsed = parse(R"(journey j "Title" {
    enter on login where event.x
    enter every year on user.birthday - 1d at 10:00
    enter every month on day 15 at 09:00 for seg
    exit when a for 2d as gone
    goal g on buy within 45d value event.amount and exit
    reenter after 90d up to 3 times
    assert no send c after login
    removed a -> exit as r
    wait 1d
    moved wait 1 -> block.wait 2
  })",
                                  0);
  for (const Diagnostic& found : parsed.diagnostics) ADD_FAILURE() << found.message;
  const auto& journey = declaration<ast::Journey>(parsed);
  EXPECT_EQ(journey.title->text, "Title");
  const auto clause = [&journey](std::size_t n) -> const ast::ClauseNode& {
    return journey.clauses.at(n).node;
  };
  EXPECT_EQ(std::get<ast::EnterOn>(clause(0)).trigger.event.text, "login");
  const auto& yearly = std::get<ast::EnterOnDate>(clause(1));
  EXPECT_TRUE(yearly.every_year && yearly.minus);
  EXPECT_EQ(shape(std::get<ast::EnterEvery>(clause(2)).day.day_of_month), "15");
  EXPECT_EQ(std::get<ast::ExitWhen>(clause(3)).reason->text, "gone");
  const auto& goal = std::get<ast::GoalClause>(clause(4));
  EXPECT_TRUE(goal.and_exit);
  EXPECT_EQ(shape(goal.value), "event.amount");
  EXPECT_EQ(shape(std::get<ast::ReenterClause>(clause(5)).up_to_times), "3");
  EXPECT_EQ(std::get<ast::AssertNoSendAfter>(clause(6)).target.text, "c");
  EXPECT_EQ(std::get<ast::RemovedLine>(clause(7)).exit->reason->text, "r");
  EXPECT_EQ(std::get<ast::MovedLine>(clause(8)).to.text, "block.wait 2");
  EXPECT_EQ(journey.clauses[0].span.begin, 24U);
}

TEST(Policies, KeepTheirLines) {
  const ParsedFile parsed = parse(
      "policy { quiet marketing 21:00..08:00, sunday, days defer up to 12h else drop\n"
      "cap email 1 per 24h, 3 per 7d defer up to 2d else drop\nworkdays monday..friday }",
      0);
  const auto& lines = declaration<ast::Policy>(parsed).lines;
  const auto& quiet = std::get<ast::QuietLine>(lines.at(0).node);
  EXPECT_EQ(quiet.scope.text, "marketing");
  ASSERT_EQ(quiet.days.size(), 2U);
  EXPECT_EQ(quiet.days[1].text, "days");
  EXPECT_EQ(std::get<ast::CapLine>(lines.at(1).node).rates.size(), 2U);
  EXPECT_EQ(std::get<ast::WorkdaysLine>(lines.at(2).node).to.weekday, 5);
}

TEST(Tests, KeepTheirLines) {
  const ParsedFile parsed = parse(
      "test j \"t\" { event e { a: 1 } for other users arrives late by 2h\n"
      "expect exit\nafter 1d\nexpect exit after\nexpect at block.wait 1\nto the end }",
      0);
  for (const Diagnostic& found : parsed.diagnostics) ADD_FAILURE() << found.message;
  const auto& lines = declaration<ast::Test>(parsed).lines;
  ASSERT_EQ(lines.size(), 6U);
  const auto& event = std::get<ast::EventLine>(lines[0].node);
  EXPECT_TRUE(event.for_other_users);
  EXPECT_EQ(shape(event.late_by), "0mo0d7200000");
  EXPECT_FALSE(std::get<ast::ExpectExit>(lines[1].node).reason);
  EXPECT_EQ(std::get<ast::ExpectExit>(lines[3].node).reason.text, "after");
  EXPECT_EQ(std::get<ast::ExpectAt>(lines[4].node).step.text, "block.wait 1");
}

}  // namespace
}  // namespace sojourn::dsl
