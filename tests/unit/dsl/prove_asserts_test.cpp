// Asserts, from the text to the finding. What can be proved is tested in tests/unit/proof.
#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "calendar/tzdata/system_zones.h"
#include "dsl/compile.h"
#include "dsl/parse.h"
#include "dsl/render.h"

namespace sojourn::dsl {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::string_view kCatalog = R"(
user { seats integer }
event signup { plan string, code string? }
event login { plan string, tags [string], at timestamp?, amount number }
message_type news marketing opt_in
campaign welcome email news
campaign tour push news
policy { timezone "Europe/Berlin" }
)";

calendar::ZoneSource& zones() {
  static const auto source = tzdata::SystemZones::open();
  return **source;
}

Compilation compiled(std::string_view assertion, std::string_view body) {
  const std::vector<SourceText> sources = {
      {"catalog.journey", std::string(kCatalog)},
      {"j.journey", fmt::format("journey j {{\n  enter on signup\n  exit on login where event.plan "
                                "== entry.plan\n  assert {}\n  {}\n}}\n",
                                assertion, body)}};
  return compile(sources, zones());
}

std::vector<std::string> messages_of(std::string_view assertion, std::string_view body) {
  std::vector<std::string> out;
  for (const Diagnostic& diagnostic : compiled(assertion, body).diagnostics) {
    out.push_back(diagnostic.message);
  }
  return out;
}

constexpr std::string_view kBody = "send welcome within 1h\n  wait 24h\n  send tour within 1h";

TEST(Asserts, WhatHoldsIsSilent) {
  for (const char* assertion :
       {"at most 2 sends", "at most 1 sends per 24h", "at most 1 sends of email",
        "at most 0 sends of sms per 7d", "at most 2 sends of marketing", "at most 1 sends of tour",
        "ends within 26h", "no send after login where event.plan == entry.plan",
        "no send after login where event.amount > 3 and event.plan == entry.plan",
        "reaches tour"}) {
    const Compilation result = compiled(assertion, kBody);
    EXPECT_TRUE(result.program.has_value()) << assertion << "\n"
                                            << render_text(result.diagnostics, result.files);
    if (result.program) {
      EXPECT_EQ(result.program->journeys[0].asserts.size(), 1U);
    }
  }
}

TEST(Asserts, WhatDoesNotHoldIsFoundAtTheAssert) {
  for (const char* assertion :
       {"at most 1 sends", "at most 1 sends of news per 25h", "ends within 25h",
        "no send after login", "no send tour after login",
        "no send after login where event.amount > 3"}) {
    const Compilation result = compiled(assertion, kBody);
    EXPECT_FALSE(result.program.has_value()) << assertion;
    ASSERT_EQ(result.diagnostics.size(), 1U) << assertion;
    const Diagnostic& finding = result.diagnostics[0];
    EXPECT_EQ(finding.id, messages::kFalseAssert.id);
    EXPECT_EQ(result.files[finding.primary.span.file].slice(finding.primary.span),
              fmt::format("assert {}", assertion));
    EXPECT_EQ(finding.attachments.size(), 2U) << assertion;
  }
}

TEST(Asserts, SayWhy) {
  EXPECT_THAT(messages_of("at most 1 sends", kBody),
              ElementsAre("this is not so: one enrollment can send 2 messages"));
  EXPECT_THAT(messages_of("reaches x", "if user.seats > 1 { x: send tour }"),
              ElementsAre("this is not so: one enrollment can complete without `x`"));
}

TEST(Asserts, DoNotChangeTheVersionOfAJourney) {
  const auto graph = [](std::string_view assertion) {
    return compiled(assertion, kBody).program->journeys[0].graph;
  };
  EXPECT_EQ(graph("at most 2 sends"), graph("no send after login where event.plan == entry.plan"));
}

TEST(Asserts, NamesAndNumbersAreChecked) {
  EXPECT_THAT(messages_of("at most 2 sends of welcom", kBody),
              ElementsAre("no campaign, message type or medium named `welcom`"));
  EXPECT_THAT(messages_of("no send welcome after logn", kBody),
              ElementsAre("no event named `logn`"));
  EXPECT_THAT(messages_of("reaches tur", kBody), ElementsAre(HasSubstr("`tur`")));
  EXPECT_EQ(messages_of("at most 1000 sends", kBody).size(), 1U);
  EXPECT_EQ(messages_of("ends within 2mo", kBody).size(), 1U);
  EXPECT_EQ(messages_of("no send after login where event.amnt > 2", kBody).size(), 1U);
}

TEST(Asserts, AreNotProvedOfAProgramWithFaults) {
  EXPECT_THAT(messages_of("at most 0 sends", "send welcome send turr"),
              ElementsAre("no campaign named `turr`"));
}

// What is offered can be put into a file as it is.
TEST(Asserts, TheTestThatIsOfferedIsInTheLanguage) {
  for (const char* body :
       {"wait for login up to 1d { send tour } timeout { exit }",
        "wait for login where event.amount > 2 up to 1d { send tour } timeout { exit }",
        "wait for user.seats > 2 up to 1d { send tour } timeout { exit }",
        "schedule around entry.createdAt + 3d up to 9d missing exit { 1d before at 09:00 { send "
        "tour } }",
        "split way { 50% a { send tour } 50% b {} }",
        "if user.seats > 2 { exit } else { let code = \"x\\n${entry.plan}\" send tour }",
        "update user { seats: 3 } wait 1mo at 10:00 send tour",
        "send welcome else { send tour } track login { plan: \"p\", tags: [\"x\"], amount: 1 }"}) {
    const Compilation result = compiled("at most 0 sends of tour", body);
    ASSERT_EQ(result.diagnostics.size(), 1U)
        << body << render_text(result.diagnostics, result.files);
    ASSERT_EQ(result.diagnostics[0].attachments.size(), 2U) << body;
    const std::string& text = result.diagnostics[0].attachments[1].text;
    const ParsedFile parsed = parse(text, 0);
    const std::vector<SourceFile> files = {SourceFile("offered.journey", text)};
    EXPECT_THAT(parsed.diagnostics, IsEmpty()) << render_text(parsed.diagnostics, files) << text;
    EXPECT_EQ(parsed.ast.declarations.size(), 1U);
    EXPECT_THAT(text, HasSubstr("expect send tour"));
  }
}

TEST(Asserts, TheWitnessIsInJsonToo) {
  const Compilation result = compiled("at most 1 sends", kBody);
  const auto findings = nlohmann::json::parse(render_json(result.diagnostics, result.files));
  ASSERT_EQ(findings.size(), 1U);
  ASSERT_EQ(findings[0]["attachments"].size(), 2U);
  EXPECT_EQ(findings[0]["attachments"][0]["text"],
            "+0s  enter on signup\n"
            "+0s  send welcome: message 1\n"
            "+1d  wait 1: wait 24h\n"
            "+1d  send tour: message 2\n");
}

}  // namespace
}  // namespace sojourn::dsl
