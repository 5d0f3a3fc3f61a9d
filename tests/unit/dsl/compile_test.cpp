// compile() as a whole: what does not depend on any one construct.
#include "dsl/compile.h"

#include <algorithm>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/random.h"
#include "calendar/tzdata/system_zones.h"
#include "graph/encode.h"
#include "tests/golden/golden.h"

namespace sojourn::dsl {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

calendar::ZoneSource& zones() {
  static const auto source = tzdata::SystemZones::open();
  return **source;
}

constexpr std::string_view kCatalog = R"(
user { seats integer }
event signup { plan string, code string? }
event login
message_type news marketing opt_in
campaign welcome email news { data { code string } }
campaign tour email news
policy { timezone "Europe/Berlin" }
)";

std::vector<std::string> codes(const Compilation& result) {
  std::vector<std::string> found;
  for (const Diagnostic& diagnostic : result.diagnostics) {
    found.emplace_back(message_info(diagnostic.id).code);
  }
  return found;
}

std::vector<std::string> codes_of(std::string body) {
  const std::vector<SourceText> sources = {
      {"catalog.journey", std::string(kCatalog)},
      {"j.journey", "journey j {\n  enter on signup\n" + std::move(body) + "\n}\n"}};
  return codes(compile(sources, zones()));
}

TEST(Compile, NothingIsAProgramWithoutJourneys) {
  const Compilation result = compile({}, zones());
  ASSERT_TRUE(result.program.has_value());
  EXPECT_TRUE(result.program->journeys.empty());
}

TEST(Compile, AWebhookIsKeptAsItIsDeclared) {
  const SourceText source{"w.journey", R"(
webhook scoring = "https://scores.example.com/one" {
  method PUT
  headers { "X-Source": "sojourn", "X-Team": "growth" }
  secret scoring_key
  timeout 5s
  returns { score integer, tier string? }
}
webhook plain = "https://scores.example.com/two"
)"};
  const Compilation result = compile({&source, 1}, zones());
  ASSERT_TRUE(result.program.has_value());
  const graph::Webhook* scoring = result.program->catalog.find_webhook("scoring");
  ASSERT_NE(scoring, nullptr);
  EXPECT_EQ(scoring->url, "https://scores.example.com/one");
  EXPECT_EQ(scoring->method, "PUT");
  using Header = std::pair<std::string, std::string>;
  EXPECT_THAT(scoring->headers,
              ElementsAre(Header("X-Source", "sojourn"), Header("X-Team", "growth")));
  EXPECT_EQ(scoring->secret, "scoring_key");
  EXPECT_EQ(scoring->timeout, base::seconds(5));
  ASSERT_EQ(scoring->returns.size(), 2U);
  EXPECT_EQ(scoring->returns[1].name, "tier");
  const graph::Webhook* plain = result.program->catalog.find_webhook("plain");
  ASSERT_NE(plain, nullptr);
  EXPECT_EQ(plain->method, "POST");
  EXPECT_EQ(plain->secret, "");
  EXPECT_EQ(plain->timeout, base::seconds(10));
}

TEST(Compile, OrderAndNamesOfFilesCarryNoMeaning) {
  const std::string journey = "journey j { enter on signup send tour }";
  const std::vector<SourceText> one = {{"a.journey", std::string(kCatalog)},
                                       {"b.journey", journey}};
  const std::vector<SourceText> other = {{"z.journey", std::string(kCatalog)},
                                         {"b.journey", journey}};
  const std::vector<SourceText> swapped = {one[1], one[0]};
  const auto version = [](const std::vector<SourceText>& sources) {
    const Compilation result = compile(sources, zones());
    EXPECT_THAT(codes(result), IsEmpty());
    return graph::version_of(result.program->journeys.at(0).graph).hex();
  };
  EXPECT_EQ(version(one), version(other));
  EXPECT_EQ(version(one), version(swapped));
}

TEST(Compile, DocsTitleOwnerAndLayoutDoNotChangeTheVersion) {
  const auto version = [](const std::string& journey) {
    const std::vector<SourceText> sources = {{"a.journey", std::string(kCatalog)},
                                             {"b.journey", journey}};
    const Compilation result = compile(sources, zones());
    EXPECT_THAT(codes(result), IsEmpty());
    return graph::version_of(result.program->journeys.at(0).graph).hex();
  };
  const std::string plain = version("journey j { enter on signup wait 1d }");
  EXPECT_EQ(plain, version("# why\njourney j \"J\" {\n  owner \"a@example.com\"\n"
                           "  enter on signup\n\n  wait 1d # a day\n}"));
  EXPECT_NE(plain, version("journey j { enter on signup wait 2d }"));
}

TEST(Compile, TheCommentAboveAJourneyIsItsDocumentation) {
  const std::vector<SourceText> sources = {
      {"a.journey", std::string(kCatalog)},
      {"b.journey", "# First line.\n# Second line.\njourney j { enter on signup }"}};
  const Compilation result = compile(sources, zones());
  ASSERT_TRUE(result.program.has_value());
  EXPECT_EQ(result.program->find_journey("j")->docs, "First line.\nSecond line.");
  EXPECT_EQ(result.program->find_journey("k"), nullptr);
}

TEST(Compile, FaultsOfAllFilesComeInOneRunAndThereIsNoProgram) {
  const std::vector<SourceText> sources = {
      {"a.journey", std::string(kCatalog)},
      {"b.journey", "journey b { enter on sign_up }"},
      {"c.journey", "journey c { enter on signup wait for }"},
      {"d.journey", "journey d { enter on signup send welcom }"}};
  const Compilation result = compile(sources, zones());
  EXPECT_FALSE(result.program.has_value());
  EXPECT_THAT(codes(result), ElementsAre("J2003", "J1010", "J2004"));
}

TEST(Compile, BrokenTextIsNotAlsoAnUnknownName) {
  EXPECT_THAT(codes_of("wait until user.seats +"), ElementsAre("J1010"));
}

TEST(CompileCache, FilesThatDidNotChangeAreNotParsedAgain) {
  CompileCache cache;
  std::vector<SourceText> sources = {{"a.journey", std::string(kCatalog)},
                                     {"b.journey", "journey j { enter on signup send welcom }"}};
  EXPECT_THAT(codes(compile(sources, zones(), &cache)), ElementsAre("J2004"));
  EXPECT_EQ(cache.hits(), 0U);
  EXPECT_THAT(codes(compile(sources, zones(), &cache)), ElementsAre("J2004"));
  EXPECT_EQ(cache.hits(), 2U);
  sources[1].text = "journey j { enter on signup send tour }";
  EXPECT_THAT(codes(compile(sources, zones(), &cache)), IsEmpty());
  EXPECT_EQ(cache.hits(), 1U);
  // A file in front moves the others; their findings must point into them.
  sources.push_back({"0.journey", "let days = 3d"});
  sources[1].text = "journey j { enter on signup wait days }";
  EXPECT_THAT(codes(compile(sources, zones(), &cache)), IsEmpty());
}

TEST(Narrowing, AGuardHoldsInItsBlockOnly) {
  EXPECT_THAT(codes_of("if user.seats is set { update user { seats: user.seats + 1 } }"),
              IsEmpty());
  EXPECT_THAT(codes_of("if user.seats is set {}\nupdate user { seats: user.seats + 1 }"),
              ElementsAre("J2041"));
  EXPECT_THAT(codes_of("if user.seats is missing {} else { update user { seats: user.seats } }"),
              IsEmpty());
}

TEST(Narrowing, WhatEndsLeavesTheOtherWayGuarded) {
  EXPECT_THAT(codes_of("if user.seats is missing { exit }\nupdate user { seats: user.seats }"),
              IsEmpty());
  EXPECT_THAT(codes_of("if user.seats is missing or entry.code is missing { exit }\n"
                       "send welcome with { code: entry.code }"),
              IsEmpty());
}

TEST(Narrowing, ComparisonsThatHoldGuardToo) {
  EXPECT_THAT(codes_of("if user.seats > 3 { update user { seats: user.seats } }"), IsEmpty());
  EXPECT_THAT(codes_of("if user.seats != 3 { update user { seats: user.seats } }"),
              ElementsAre("J2041"));
  EXPECT_THAT(codes_of("if not (user.seats > 3) { update user { seats: user.seats } }"),
              ElementsAre("J2041"));
  EXPECT_THAT(codes_of("match user.seats { 1..3 { update user { seats: user.seats } } else {} }"),
              IsEmpty());
}

TEST(Narrowing, AndOrAndConditionalsGuardTheirRightSides) {
  EXPECT_THAT(codes_of("if user.seats is set and user.seats + 1 > 3 { exit }"), IsEmpty());
  EXPECT_THAT(codes_of("if user.seats is missing or user.seats + 1 > 3 { exit }"), IsEmpty());
  EXPECT_THAT(codes_of("if user.seats is set or user.seats + 1 > 3 { exit }"),
              ElementsAre("J2041"));
  EXPECT_THAT(codes_of("let n = if user.seats is set then user.seats * 2 else 0"), IsEmpty());
}

TEST(Narrowing, TheProfileMayChangeWhileTimePassesTheEntryMayNot) {
  EXPECT_THAT(codes_of("if user.seats is set and entry.code is set {\n"
                       "  wait 1d\n"
                       "  send welcome with { code: entry.code }\n"
                       "  update user { seats: user.seats }\n"
                       "}"),
              ElementsAre("J2041"));
}

TEST(Narrowing, WhatAllEntriesRequireIsSetForGood) {
  const auto compiled = [](const std::string& entries) {
    const std::vector<SourceText> sources = {
        {"a.journey", std::string(kCatalog)},
        {"b.journey",
         "journey j { " + entries + " wait 1d send welcome with { code: entry.code } }"}};
    return codes(compile(sources, zones()));
  };
  EXPECT_THAT(compiled("enter on signup where event.code is set"), IsEmpty());
  EXPECT_THAT(compiled("enter on signup where event.code is set enter on signup"),
              ElementsAre("J2041"));
  EXPECT_THAT(compiled("enter on signup"), ElementsAre("J2041"));
}

TEST(Narrowing, AnEventThatCameIsThereInItsBlock) {
  EXPECT_THAT(codes_of("wait for signup as again up to 1d { update user { seats: 1 } }\n"
                       "if again is set and again.plan == \"a\" { exit }\n"
                       "let when = again.createdAt + 1d"),
              IsEmpty());
  EXPECT_THAT(codes_of("wait for signup as again up to 1d {} timeout { exit }\n"
                       "let plan = upper(again.plan)"),
              IsEmpty());
  EXPECT_THAT(codes_of("wait for signup as again up to 1d\nlet plan = upper(again.plan)"),
              ElementsAre("J2041"));
}

TEST(Poison, AnUnknownNameIsReportedOnceWhateverIsDoneWithIt) {
  EXPECT_THAT(codes_of("let n = user.sets * 2 + length(entry.plans)\n"
                       "if n > 3 and n == \"x\" { update user { seats: n } }\n"
                       "wait until n past continue"),
              ElementsAre("J2002", "J2002"));
}

std::string chain_of_constants(int count, std::string_view step) {
  std::string text = "let c0 = 1\n";
  for (int i = 1; i < count; ++i) {
    text += fmt::format("let c{} = c{} {}\n", i, i - 1, fmt::format(fmt::runtime(step), i - 1));
  }
  return text;
}

std::vector<std::string> codes_with(const std::string& declarations, const std::string& body) {
  const std::vector<SourceText> sources = {
      {"catalog.journey", std::string(kCatalog) + declarations},
      {"j.journey", "journey j { enter on signup " + body + " }"}};
  return codes(compile(sources, zones()));
}

// What would make the graph too deep, too large or too slow is refused in words.
TEST(Limits, AChainOfConstantsHasAnEnd) {
  EXPECT_THAT(codes_with(chain_of_constants(100, "+ 1"), "if c99 > 3 { exit }"), IsEmpty());
  const auto deep = codes_with(chain_of_constants(5'000, "+ 1"), "if c4999 > 3 { exit }");
  ASSERT_FALSE(deep.empty());
  EXPECT_THAT(deep, ::testing::Each("J2051"));
}

TEST(Limits, ConstantsThatDoubleAreRefused) {
  const auto wide = codes_with(chain_of_constants(60, "+ c{}"), "if c59 > 3 { exit }");
  ASSERT_FALSE(wide.empty());
  EXPECT_THAT(wide, ::testing::Each("J2051"));
}

TEST(Limits, StepsAndLongOperatorChains) {
  std::string steps;
  for (int i = 0; i < 10'001; ++i) steps += "wait 1d ";
  EXPECT_THAT(codes_with("", steps), ElementsAre("J2051"));
  std::string sum = "let x = 1";
  for (int i = 0; i < 20'000; ++i) sum += " + 1";
  EXPECT_FALSE(codes_with("", sum).empty());
}

// Whatever stands in the files, compile() answers. The seeds are printed by name.
TEST(CompileProperty, DamagedJourneysNeverCrashIt) {
  std::vector<golden::Case> cases = golden::read_cases("check");
  for (auto& more : golden::read_cases("lower")) cases.push_back(std::move(more));
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    base::SeededRandom random(seed);
    std::string text = cases[base::random_below(random, cases.size())].text;
    const std::string other = cases[base::random_below(random, cases.size())].text;
    for (int i = 0; i < 3; ++i) {
      const std::size_t from = base::random_below(random, text.size());
      const std::size_t size = base::random_below(random, 12);
      const std::size_t take = base::random_below(random, other.size());
      text.replace(from, size, other.substr(take, base::random_below(random, 30)));
    }
    const std::vector<SourceText> sources = {{"a.journey", text},
                                             {"b.journey", std::string(kCatalog)}};
    const Compilation result = compile(sources, zones());
    const bool has_error = std::ranges::any_of(
        result.diagnostics, [](const auto& d) { return d.severity == Severity::kError; });
    EXPECT_EQ(result.program.has_value(), !has_error) << "seed " << seed;
  }
}

}  // namespace
}  // namespace sojourn::dsl
