#include "app/catalog_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "calendar/tzdata/system_zones.h"
#include "dsl/check_against.h"
#include "dsl/render.h"
#include "tests/unit/app/lock_example.h"

namespace sojourn::app {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

CatalogText written(const dsl::IdsLock& lock, const std::vector<dsl::SourceText>& others = {},
                    const std::vector<dsl::SourceText>& before = {}) {
  auto text = catalog_text(lock, declared_in(others), declared_in(before));
  EXPECT_TRUE(text) << text.error().message;
  return text ? std::move(*text) : CatalogText{};
}

dsl::Compilation compiled(std::vector<dsl::SourceText> sources) {
  static const auto zones = tzdata::SystemZones::open();
  return dsl::compile(sources, **zones);
}

TEST(CatalogText, IsACatalogThatAgreesWithItsLock) {
  const dsl::IdsLock lock = lock_example();
  const std::string text = written(lock).text;
  const dsl::Compilation result = compiled({{"catalog.journey", text}});
  ASSERT_TRUE(result.program) << dsl::render_text(result.diagnostics, result.files, {}) << text;
  EXPECT_THAT(result.diagnostics, IsEmpty());
  EXPECT_THAT(dsl::check_against(*result.program, result.program->catalog, lock), IsEmpty());
}

TEST(CatalogText, DeclaresWhatCanBeUsedUnderNamesMadeOfTheirs) {
  const std::string text = written(lock_example()).text;
  EXPECT_THAT(text, HasSubstr("message_type news_tips          = 41 marketing opt_in channel 31"));
  EXPECT_THAT(text,
              HasSubstr("message_type transactional_type = 43 transactional opt_out channel 32"));
  EXPECT_THAT(text, HasSubstr("campaign welcome_friend = 101 email news_tips"));
  EXPECT_THAT(text, HasSubstr("campaign trial_day_1    = 102 push  transactional_type"));
  EXPECT_THAT(text, HasSubstr("# Welcome, friend!"));
  EXPECT_THAT(text, HasSubstr("event trial_started = \"Trial Started\"\nevent login\n"));
  EXPECT_THAT(text, HasSubstr("list vips = 7"));
  EXPECT_THAT(text, HasSubstr("  address      any\n"));
  EXPECT_THAT(text, HasSubstr("  \"first name\" string\n"));
  EXPECT_THAT(text, HasSubstr("  trialEndsAt  timestamp\n"));
  EXPECT_THAT(text, Not(HasSubstr("itblInternal")));
  EXPECT_THAT(text, Not(HasSubstr("email string")));
}

TEST(CatalogText, SaysWhatItLeavesOut) {
  EXPECT_THAT(written(lock_example()).left_out,
              ElementsAre("campaign 104: nothing is sent to one person by `embedded`",
                          "campaign 105: its message type is not known",
                          "2 campaigns that cannot be triggered now"));
}

TEST(CatalogText, LeavesOutWhatAnotherFileDeclares) {
  const std::vector<dsl::SourceText> others{
      {"mine.journey",
       "user { plan \"free\" | \"pro\" }\n"
       "event trial = \"Trial Started\" { plan string }\n"
       "message_type tips = 41 marketing opt_in channel 31\n"
       "campaign hello = 101 email tips { data { plan string } }\n"}};
  const std::string text = written(lock_example(), others).text;
  EXPECT_THAT(text, Not(HasSubstr("= 101 ")));
  EXPECT_THAT(text, Not(HasSubstr("= 41 ")));
  EXPECT_THAT(text, Not(HasSubstr("plan ")));
  EXPECT_THAT(text, Not(HasSubstr("Trial Started")));
  const dsl::Compilation result = compiled({others.front(), {"catalog.journey", text}});
  EXPECT_TRUE(result.program) << dsl::render_text(result.diagnostics, result.files, {});
}

TEST(CatalogText, WhatHasANameKeepsItWhateverItIsCalledInIterable) {
  dsl::IdsLock lock = lock_example();
  const std::string before = written(lock).text;
  lock.campaigns[0].name = "Hello";
  // Of the same name as the one that has it already.
  lock.campaigns[4] = {105, "Trial: Day 1", "triggered", "running", "email", 905, 41};
  const std::string text = written(lock, {}, {{"catalog.journey", before}}).text;
  EXPECT_THAT(text, HasSubstr("campaign welcome_friend  = 101 email"));
  EXPECT_THAT(text, HasSubstr("campaign trial_day_1     = 102 push"));
  EXPECT_THAT(text, HasSubstr("campaign trial_day_1_105 = 105 email"));
}

TEST(CatalogText, NamesFromOutsideCannotBreakOutOfTheText) {
  dsl::IdsLock lock = lock_example();
  lock.campaigns[0].name = "x\njourney evil { enter on login }";
  lock.campaigns[1].name = "\xF0\x9F\x8E\x89";
  lock.lists[0].name = "if";
  lock.events = {"a\"b", "${x}", "Plain"};
  lock.user_fields = {{"we\"ird", "string"}, {"_x", "string"}, {"user", "string"}};
  const CatalogText catalog = written(lock);
  const dsl::Compilation result = compiled({{"catalog.journey", catalog.text}});
  ASSERT_TRUE(result.program) << dsl::render_text(result.diagnostics, result.files, {})
                              << catalog.text;
  EXPECT_THAT(result.program->journeys, IsEmpty());
  EXPECT_THAT(catalog.text, HasSubstr("campaign campaign_102"));
  EXPECT_THAT(catalog.text, HasSubstr("list if_list = 7"));
  EXPECT_THAT(catalog.left_out, ::testing::Contains("a user field: its name `we\"ird`"));
}

TEST(CatalogText, OfTheSameProjectIsTheSame) {
  const std::string first = written(lock_example()).text;
  EXPECT_EQ(written(lock_example(), {}, {{"catalog.journey", first}}).text, first);
}

}  // namespace
}  // namespace sojourn::app
