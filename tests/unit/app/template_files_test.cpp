#include "app/template_files.h"

#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/app/temporary_folder.h"

namespace sojourn::app {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

graph::Catalog catalog() {
  graph::Catalog catalog;
  catalog.message_types = {{"news", 41}, {"unnumbered", std::nullopt}};
  return catalog;
}

class TemplateFilesTest : public ::testing::Test {
 protected:
  std::vector<TemplateFile> read() const {
    auto files = read_template_files(folder.path(), catalog());
    EXPECT_TRUE(files) << files.error().message;
    return files ? *files : std::vector<TemplateFile>{};
  }
  std::string fault() const {
    const auto files = read_template_files(folder.path(), catalog());
    return files ? std::string() : files.error().message;
  }
  TemporaryFolder folder;
};

TEST_F(TemplateFilesTest, AreNoneWithoutAFolder) {
  EXPECT_THAT(read(), IsEmpty());
}

TEST_F(TemplateFilesTest, AnEmailHasItsFieldsAndItsBodies) {
  folder.write("templates/trial-welcome.toml",
               "message_type = \"news\"\nname = \"Trial: welcome\"\nsubject = \"Hello\"\n"
               "preheader = \"p\"\nfrom_name = \"Team\"\nfrom_email = \"t@example.com\"\n"
               "reply_to = \"h@example.com\"\nlocale = \"en\"\n");
  folder.write("templates/trial-welcome.html", "<p>Hi</p>");
  folder.write("templates/trial-welcome.txt", "Hi");
  folder.write("templates/notes.md", "not a template");
  const auto files = read();
  ASSERT_THAT(files, SizeIs(1));
  EXPECT_EQ(files[0].key, "trial-welcome");
  EXPECT_EQ(files[0].medium, "email");
  EXPECT_EQ(files[0].locale, "en");
  EXPECT_EQ(files[0].fields,
            nlohmann::json::parse(R"({"messageTypeId": 41, "name": "Trial: welcome",
                "subject": "Hello", "preheaderText": "p", "fromName": "Team",
                "fromEmail": "t@example.com", "replyToEmail": "h@example.com", "locale": "en",
                "html": "<p>Hi</p>", "plainText": "Hi"})"));
}

TEST_F(TemplateFilesTest, OtherMediaHaveTheirOwn) {
  folder.write("templates/a.toml",
               "medium = \"push\"\nmessage_type = \"news\"\ntitle = \"T\"\nmessage = \"M\"\n");
  folder.write("templates/b.toml", "medium = \"sms\"\nmessage_type = \"news\"\n");
  folder.write("templates/b.txt", "Hi");
  const auto files = read();
  ASSERT_THAT(files, SizeIs(2));
  EXPECT_EQ(files[0].fields,
            nlohmann::json::parse(R"({"messageTypeId": 41, "title": "T", "message": "M"})"));
  EXPECT_EQ(files[1].medium, "sms");
  EXPECT_EQ(files[1].fields, nlohmann::json::parse(R"({"messageTypeId": 41, "message": "Hi"})"));
}

TEST_F(TemplateFilesTest, AFaultNamesTheFileAndWhatIsWrong) {
  const auto fault_of = [&](const char* text) {
    folder.write("templates/a.toml", text);
    return fault();
  };
  EXPECT_THAT(fault_of("subject = \"x\"\n"), HasSubstr("must be a declared message type"));
  EXPECT_THAT(fault_of("message_type = \"unnumbered\"\n"), HasSubstr("has no id in Iterable"));
  EXPECT_THAT(fault_of("medium = \"fax\"\nmessage_type = \"news\"\n"),
              HasSubstr("must be email, sms, push or in_app"));
  EXPECT_THAT(fault_of("message_type = \"news\"\ntitle = \"x\"\n"), HasSubstr("title"));
  EXPECT_THAT(fault_of("message_type = \"news\"\n[more\n"), HasSubstr("a.toml"));
  folder.write("templates/a.html", "<p>");
  EXPECT_THAT(fault_of("medium = \"push\"\nmessage_type = \"news\"\n"),
              HasSubstr("a.html has no place in a template of this medium"));
}

TEST_F(TemplateFilesTest, ACampaignSendsOneTemplate) {
  folder.write("templates/a.toml", "message_type = \"news\"\ncampaign = \"Trial: welcome\"\n");
  folder.write("templates/b.toml", "message_type = \"news\"\n");
  const auto files = read();
  ASSERT_THAT(files, SizeIs(2));
  EXPECT_EQ(files[0].campaign, "Trial: welcome");
  EXPECT_EQ(files[1].campaign, "");
  EXPECT_FALSE(files[0].fields.contains("campaign"));
  folder.write("templates/b.toml", "message_type = \"news\"\ncampaign = \"Trial: welcome\"\n");
  EXPECT_EQ(fault(), "a.toml and b.toml name the same campaign `Trial: welcome`");
}

TEST_F(TemplateFilesTest, WhatIsNoTextIsRefused) {
  folder.write("templates/a.toml", "message_type = \"news\"\n");
  folder.write("templates/a.html", "\xFF\xFE");
  EXPECT_THAT(fault(), HasSubstr("a.html is not UTF-8 text"));
}

}  // namespace
}  // namespace sojourn::app
