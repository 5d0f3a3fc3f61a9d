// Whom a notice is about, and when it is not taken because it is about nobody.
#include "runtime/notice_intake.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>

#include "connectors/iterable/webhooks/notice_reader.h"

namespace sojourn::runtime {
namespace {

using ::testing::HasSubstr;

auto request_of(const std::string& body) {
  connectors::iterable::NoticeReader reader;
  auto notice = reader.read(body);
  EXPECT_TRUE(notice.has_value()) << body;
  return notice_request(std::move(*notice));
}

Person person_of(const std::string& body) {
  const auto request = request_of(body);
  EXPECT_TRUE(request.has_value()) << body;
  return request ? std::get<IntakeNotice>(request->items.at(0)).person : Person{};
}

TEST(NoticeIntake, WhiteSpaceAroundNamesIsNoPartOfThem) {
  const Person person = person_of(
      R"({"email":"\t Ada@Example.com \n","userId":" u-1 ","eventName":"emailUnSubscribe"})");
  EXPECT_EQ(person.email, "ada@example.com");
  EXPECT_EQ(person.user_id, " u-1") << "one may begin with a space";
}

TEST(NoticeIntake, ConsentOfNobodyIsRefusedInWords) {
  const auto refused = [](const std::string& event, const std::string& rest) {
    const auto request = request_of(R"({"eventName":")" + event + "\"" + rest + "}");
    EXPECT_FALSE(request.has_value()) << event << rest;
    return request ? std::string() : request.error();
  };
  for (const std::string event :
       {"emailUnSubscribe", "emailSubscribe", "emailComplaint", "emailBounce", "pushBounce"}) {
    EXPECT_THAT(refused(event, ""), HasSubstr("`email` or `userId`")) << event;
  }
  for (const std::string word : {"STOP", "Start"}) {
    refused("smsReceived", R"(,"dataFields":{"smsMessage":")" + word + "\"}");
  }
  EXPECT_THAT(refused("emailUnSubscribe", R"(,"email":"not an email")"),
              HasSubstr("found `not an email`"));
  EXPECT_THAT(refused("emailUnSubscribe", R"(,"userId":"\u00e4")"), HasSubstr("`userId`"));
  EXPECT_THAT(refused("emailUnSubscribe", R"(,"email":" ")"), HasSubstr("neither"));
  EXPECT_LT(refused("emailUnSubscribe", R"(,"email":")" + std::string(5'000, 'x') + "\"").size(),
            250U);
}

TEST(NoticeIntake, WhatElseNamesNobodyIsOnlyCounted) {
  for (const std::string rest : {R"("emailOpen","email":"not an email")", R"("carrierPigeonSend")",
                                 R"("smsReceived","dataFields":{"smsMessage":"hello"})"}) {
    const Person person = person_of(R"({"eventName":)" + rest + "}");
    EXPECT_FALSE(person.email || person.user_id) << rest;
  }
}

// The address that it may suppress has to be one.
TEST(NoticeIntake, ANameThatIsNoneIsDroppedBesideOneThatIs) {
  const auto request =
      request_of(R"({"email":"not an email","userId":"u-1","eventName":"emailBounce"})");
  ASSERT_TRUE(request.has_value());
  const auto& item = std::get<IntakeNotice>(request->items.at(0));
  EXPECT_EQ(item.person.user_id, "u-1");
  EXPECT_EQ(item.notice->email, "");
}

}  // namespace
}  // namespace sojourn::runtime
