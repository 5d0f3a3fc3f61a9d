#include "sandbox/schemas.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace sojourn::sandbox {
namespace {

// "type campaignId: Number value expected", one to a line.
std::string problems(std::string_view path, std::string_view body) {
  Schemas schemas;
  std::string out;
  for (const Problem& problem : schemas.check(path, nlohmann::json::parse(body))) {
    constexpr std::array<std::string_view, 4> kKinds{"type", "missing", "no user", "form"};
    out += std::string(kKinds.at(static_cast<std::size_t>(problem.kind))) + " " + problem.path +
           ": " + problem.words + "\n";
  }
  return out;
}

TEST(Schemas, FindNothingWrongWithAGoodBody) {
  EXPECT_EQ(problems("/api/email/target",
                     R"({"campaignId":1,"recipientEmail":"a","dataFields":{},"more":[]})"),
            "");
  EXPECT_EQ(problems("/api/events/trackBulk", R"({"events":[{"eventName":"a","userId":"u"}]})"),
            "");
}

TEST(Schemas, ReportEverythingThatIsWrong) {
  EXPECT_EQ(
      problems("/api/email/target", R"({"recipientEmail":7,"dataFields":[],"sendAt":"tomorrow"})"),
      "type dataFields: Object value expected\n"
      "type recipientEmail: String value expected\n"
      "form sendAt: Failed to match regex specified by 'pattern' constraint.\n"
      "missing campaignId: Value expected\n");
}

TEST(Schemas, NameThePlaceInsideAList) {
  EXPECT_EQ(problems("/api/events/trackBulk",
                     R"({"events":[{"eventName":"a","email":""},)"
                     R"({"eventName":"b","email":"","createNewFields":1},{"email":""}]})"),
            "type events[1].createNewFields: Boolean value expected\n"
            "missing events[2].eventName: Value expected\n");
}

TEST(Schemas, SayThatNobodyIsNamed) {
  EXPECT_EQ(problems("/api/push/target", R"({"campaignId":1})"),
            "no user : a user must be named\n");
}

TEST(Schemas, BoundTheLengthOfAnId) {
  const auto with_id = [](const std::string& id) {
    return problems("/api/events/track", R"({"userId":"u","eventName":"e","id":")" + id + R"("})");
  };
  EXPECT_EQ(with_id(std::string(512, 'x')), "");
  EXPECT_NE(with_id(std::string(513, 'x')), "");
  EXPECT_NE(with_id("with blanks"), "");
}

}  // namespace
}  // namespace sojourn::sandbox
