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

TEST(Schemas, FindAnOperationByThePathOfARequest) {
  Schemas schemas;
  EXPECT_TRUE(schemas.known("PUT", "/api/catalogs/products/items/p-1"));
  EXPECT_TRUE(schemas.known("PUT", "/api/catalogs/{catalogName}/items/{itemId}"));
  EXPECT_FALSE(schemas.known("GET", "/api/catalogs/products/items/p-1"));
  EXPECT_FALSE(schemas.known("PUT", "/api/catalogs/products/items/p-1/more"));
  const auto found = schemas.check("PUT", "/api/catalogs/products/items/p-1", {{"value", 7}});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].path, "value");
}

TEST(Schemas, NameThePlaceOfWhatIsWrongInAnOpenObject) {
  Schemas schemas;
  const auto found = schemas.check(
      "POST", "/api/catalogs/products/items",
      {{"documents", {{"p-1", "not an object"}}}, {"replaceUploadedFieldsOnly", true}});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].path, "documents.p-1");
  EXPECT_EQ(found[0].words, "Object value expected");
}

}  // namespace
}  // namespace sojourn::sandbox
