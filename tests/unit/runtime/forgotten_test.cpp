// People who are forgotten: what comes about them is refused, and no name of theirs is kept.
// Through the real store.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>

#include "runtime/forgotten_names.h"
#include "tests/unit/runtime/erasure_fixture.h"

namespace sojourn::runtime {
namespace {

using ::testing::HasSubstr;
using Intake = IntakeRequest::Endpoint;
using store::Identity;

using ForgottenTest = ErasureFixture;

TEST_F(ForgottenTest, WhatIterableTellsOfThemMakesNobody) {
  sign_up();
  EXPECT_EQ(forget(), "200 Success");
  world.notice(R"({"email":"ada@example.com","eventName":"emailComplaint",
                   "dataFields":{"campaignId":101,"createdAt":"2026-03-01 09:00:00 +00:00"}})");
  EXPECT_EQ(world.counter("notices/emailComplaint/forgotten"), 1);
  EXPECT_EQ(id_of(), store::UserId{});
}

TEST_F(ForgottenTest, AStoreThatKeepsNamesWithoutTheirKeyIsNotRead) {
  sign_up();
  EXPECT_EQ(forget(), "200 Success");
  const std::string key = world.store().setting("forgotten_names_key")->value();
  ASSERT_TRUE(world.store().put_setting("forgotten_names_key", ""));
  ForgottenNames names;
  const auto loaded = names.load(world.store());
  ASSERT_FALSE(loaded);
  EXPECT_THAT(loaded.error().message, HasSubstr("names of forgotten people are kept, but the key"));
  // What is left behind is checked.
  ASSERT_TRUE(world.store().put_setting("forgotten_names_key", key));
}

TEST_F(ForgottenTest, WhatComesAboutSomebodyForgottenIsRefused) {
  sign_up();
  EXPECT_EQ(forget(), "200 Success");
  EXPECT_EQ(id_of(), store::UserId{});
  const auto refuses = [&] {
    EXPECT_EQ(world.track(event("login", R"(,"id":"late-1")")), "400 ForgottenUserError");
    EXPECT_EQ(world.track(R"({"userId":"u-1","eventName":"login"})"), "400 ForgottenUserError")
        << "by their other name, too";
    EXPECT_EQ(world.update(R"({"email":"ada@example.com"})"), "409 ForgottenUserError");
    EXPECT_EQ(world.update(R"({"userId":"u-9","dataFields":{"email":"ada@example.com"}})"),
              "409 ForgottenUserError");
    EXPECT_EQ(world.engage(R"({"email":"ada@example.com","engagement":"opened"})"),
              "400 ForgottenUserError");
    EXPECT_EQ(world.enter("nothing", R"({"email":"ada@example.com"})"), "404 UnknownJourney");
    EXPECT_THAT(world.track_bulk(R"({"events":[)" + event("login") + R"(,
                    {"userId":"u-1","eventName":"login"},
                    {"email":"bob@example.com","eventName":"login"}]})"),
                testing::AllOf(HasSubstr(R"("forgottenEmails":["ada@example.com"])"),
                               HasSubstr(R"("forgottenUserIds":["u-1"])"),
                               HasSubstr(R"("successCount":1)")));
  };
  refuses();
  world.restart();
  refuses();
  EXPECT_EQ(id_of(), store::UserId{});
  EXPECT_EQ(id_of("bob@example.com").number, 1U);
}

TEST_F(ForgottenTest, ANameThatWasForgottenIsNobodysNewName) {
  sign_up();
  EXPECT_EQ(world.update(R"({"email":"bob@example.com"})"), "200 Success");
  EXPECT_EQ(forget(), "200 Success");
  EXPECT_EQ(world.post(Intake::kUsersUpdateEmail,
                       R"({"currentEmail":"bob@example.com","newEmail":"ada@example.com"})"),
            "400 EmailAlreadyExists");
  EXPECT_EQ(world.post(Intake::kUsersMerge,
                       R"({"sourceEmail":"bob@example.com","destinationUserId":"u-1"})"),
            "409 ForgottenUserError");
  EXPECT_EQ(world.post(Intake::kUsersMerge,
                       R"({"sourceUserId":"u-1","destinationEmail":"bob@example.com"})"),
            "409 ForgottenUserError");
}

TEST_F(ForgottenTest, NoNameOfWhoWasForgottenIsKept) {
  sign_up();
  EXPECT_EQ(forget(), "200 Success");
  EXPECT_EQ(world.counter("forgotten_names"), 2);
  const std::string key = world.store().setting("forgotten_names_key")->value_or("");
  EXPECT_EQ(key.size(), 64U);
  store::ReadSet read;
  read.identities = {{Identity::Kind::kEmail, kAda},
                     {Identity::Kind::kUserId, "u-1"},
                     {Identity::Kind::kForgottenEmail, kAda}};
  const auto loaded = world.store().load(read);
  for (const auto& owner : loaded->identities) EXPECT_FALSE(owner.has_value());
  EXPECT_EQ(forget(), "200 Success") << "again";
  EXPECT_EQ(forget(R"({"userId":"u-1"})"), "200 Success");
  EXPECT_EQ(world.counter("forgotten_names"), 2);
  world.restart();
  EXPECT_EQ(world.store().setting("forgotten_names_key")->value_or(""), key) << "made once";
}

TEST_F(ForgottenTest, UntilTheyAreForgottenNoMore) {
  sign_up();
  EXPECT_EQ(forget(), "200 Success");
  EXPECT_EQ(world.track(event("login", R"(,"id":"late-1")")), "400 ForgottenUserError");
  EXPECT_EQ(world.post(Intake::kUsersUnforget, R"({"email":"ada@example.com"})"), "200 Success");
  EXPECT_EQ(world.track(event("login", R"(,"id":"late-1")")), "200 Success");
  EXPECT_EQ(world.history(kAda).size(), 1U) << "what was refused left no trace by its id";
  EXPECT_EQ(world.track(R"({"userId":"u-1","eventName":"login"})"), "400 ForgottenUserError")
      << "each name by itself";
  EXPECT_EQ(world.post(Intake::kUsersUnforget, R"({"userId":"u-1"})"), "200 Success");
  EXPECT_EQ(world.post(Intake::kUsersUnforget, R"({"userId":"u-1"})"), "200 Success") << "again";
  EXPECT_EQ(world.counter("forgotten_names"), 0);
}

TEST_F(ForgottenTest, SomebodyNobodyHasHeardOfCanBeForgotten) {
  EXPECT_EQ(forget(), "200 Success");
  EXPECT_EQ(world.track(event("signup")), "400 ForgottenUserError");
}

// In a project of emails a userId may be that of several people, and of two names the email counts.
TEST_F(ForgottenTest, WhoseUserIdTheRequestNamesBesideAnothersEmailIsNotMeant) {
  EXPECT_EQ(world.update(R"({"email":"xavier@example.com","userId":"u-1"})"), "200 Success");
  EXPECT_EQ(world.update(R"({"email":"ada@example.com"})"), "200 Success");
  const std::string both = R"({"email":"ada@example.com","userId":"u-1"})";
  EXPECT_EQ(forget(both), "200 Success");
  EXPECT_EQ(forget(both), "200 Success") << "of somebody who is nobody by then";
  EXPECT_EQ(id_of(), store::UserId{});
  EXPECT_NE(id_of("xavier@example.com"), store::UserId{});
  EXPECT_EQ(world.counter("users_erased"), 1);
  EXPECT_EQ(world.counter("forgotten_names"), 1);
  EXPECT_EQ(world.track(R"({"userId":"u-1","eventName":"login"})"), "200 Success");
  EXPECT_EQ(world.history("xavier@example.com").size(), 1U);
  EXPECT_EQ(world.track(event("login")), "400 ForgottenUserError");
}

TEST_F(ForgottenTest, ForgottenWithinOneTurnTheyAreRefusedInIt) {
  EXPECT_EQ(world.track(R"({"email":"bob@example.com","eventName":"login"})"), "200 Success");
  world.stop_after(0);
  world.track(event("signup"));
  forget();
  world.track(event("signup"));
  world.post(Intake::kUsersUnforget, R"({"email":"ada@example.com"})");
  world.track(event("signup"));
  forget();
  world.go_on();
  EXPECT_EQ(world.counter("entered/waits"), 2);
  EXPECT_EQ(world.counter("forgotten_names"), 1);
  EXPECT_EQ(id_of(), store::UserId{});
  EXPECT_TRUE(world.nothing_to_take());
}

}  // namespace
}  // namespace sojourn::runtime
