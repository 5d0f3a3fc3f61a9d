#include "app/project_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <nlohmann/json.hpp>

namespace sojourn::app {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Json = nlohmann::json;

// Iterable, as recorded answers by path and query.
class Recorded {
 public:
  Recorded() {
    put("/api/channels", R"({"channels": [{"id": 31, "name": "M", "channelType": "Marketing",
        "messageMedium": "Email"}]})");
    put("/api/messageTypes", R"({"messageTypes": [{"id": 41, "name": "News", "channelId": 31,
        "subscriptionPolicy": "OptIn", "createdAt": 1, "updatedAt": 1}]})");
    put("/api/lists", R"({"lists": [{"id": 7, "name": "VIPs", "createdAt": 1,
        "listType": "Standard"}]})");
    put("/api/users/getFields", R"({"fields": {"plan": "string", "odd": {"x": "long"}}})");
    put("/api/campaigns?page=1&pageSize=500&sort=id", R"({"campaigns": []})");
    for (const char* medium : {"Email", "Push", "InApp", "SMS"}) {
      put(std::string("/api/templates?page=1&pageSize=500&templateType=Triggered&messageMedium=") +
              medium,
          R"({"templates": []})");
    }
    put("/api/journeys?page=1&pageSize=50", R"({"journeys": [], "totalJourneysCount": 0})");
  }

  void put(const std::string& target, const std::string& answer) { answers_[target] = answer; }
  void refuse(const std::string& target) { answers_.erase(target); }

  base::Result<ReadProject> read(const std::set<std::int64_t>& declared = {}) {
    return read_iterable_project(
        [this](const std::string& target) -> base::Result<Json> {
          asked.push_back(target);
          const auto found = answers_.find(target);
          if (found != answers_.end()) return Json::parse(found->second);
          return base::failure(base::Error::Kind::kNotFound, "nothing is recorded for " + target);
        },
        declared);
  }
  std::vector<std::string> asked;

 private:
  std::map<std::string, std::string> answers_;
};

std::string campaign(int id, const char* more) {
  return R"({"id": )" + std::to_string(id) + R"(, "name": "c", "messageMedium": "InApp", )" + more +
         "}";
}

TEST(ProjectReader, SpeaksOurWords) {
  EXPECT_EQ(our_word("InApp"), "in_app");
  EXPECT_EQ(our_word("WebPush"), "web_push");
  EXPECT_EQ(our_word("SMS"), "sms");
  EXPECT_EQ(our_word("WhatsApp"), "whatsapp");
  EXPECT_EQ(our_word("DoubleOptIn"), "double_opt_in");
  EXPECT_EQ(our_word("Marketing"), "marketing");
}

TEST(ProjectReader, ReadsEachKind) {
  Recorded iterable;
  const auto project = iterable.read();
  ASSERT_TRUE(project) << project.error().message;
  EXPECT_THAT(project->lock.channels,
              ElementsAre(dsl::LockedChannel{31, "M", "marketing", "email"}));
  EXPECT_THAT(project->lock.message_types,
              ElementsAre(dsl::LockedMessageType{41, "News", 31, "opt_in"}));
  EXPECT_THAT(project->lock.lists, ElementsAre(dsl::LockedList{7, "VIPs", "standard"}));
  EXPECT_THAT(project->lock.user_fields, ElementsAre(dsl::LockedUserField{"odd", "object"},
                                                     dsl::LockedUserField{"plan", "string"}));
  EXPECT_THAT(project->notes, IsEmpty());
}

TEST(ProjectReader, FollowsPagesAndKeepsWhatIsTriggeredOrDeclared) {
  Recorded iterable;
  iterable.put("/api/campaigns?page=1&pageSize=500&sort=id",
               R"({"nextPageUrl": "https://elsewhere.example.com/?page=9", "campaigns": [)" +
                   campaign(3, R"("type": "Blast", "campaignState": "Finished")") + "," +
                   campaign(2, R"("type": "Blast", "campaignState": "Finished")") + "]}");
  iterable.put("/api/campaigns?page=2&pageSize=500&sort=id",
               R"({"campaigns": [)" +
                   campaign(1, R"("type": "Triggered", "campaignState": "Running")") + "]}");
  const auto project = iterable.read({3});
  ASSERT_TRUE(project) << project.error().message;
  EXPECT_THAT(project->lock.campaigns,
              ElementsAre(dsl::LockedCampaign{1, "c", "triggered", "running", "in_app", {}, {}},
                          dsl::LockedCampaign{3, "c", "blast", "finished", "in_app", {}, {}}));
}

TEST(ProjectReader, FindsTheMessageTypeOfATemplateInTheListOrByItself) {
  Recorded iterable;
  const char* kTriggered = R"("type": "Triggered", "campaignState": "Running", "templateId": )";
  iterable.put("/api/campaigns?page=1&pageSize=500&sort=id",
               R"({"campaigns": [)" + campaign(1, (std::string(kTriggered) + "901").c_str()) + "," +
                   campaign(2, (std::string(kTriggered) + "902").c_str()) + "," +
                   campaign(3, (std::string(kTriggered) + "903").c_str()) + "]}");
  iterable.put("/api/templates?page=1&pageSize=500&templateType=Triggered&messageMedium=InApp",
               R"({"templates": [{"templateId": 901, "messageTypeId": 41}]})");
  iterable.put("/api/templates/inapp/get?templateId=902",
               R"({"templateId": 902, "messageTypeId": 42})");
  const auto project = iterable.read();
  ASSERT_TRUE(project) << project.error().message;
  EXPECT_EQ(project->lock.find_campaign(1)->message_type, 41);
  EXPECT_EQ(project->lock.find_campaign(2)->message_type, 42);
  EXPECT_EQ(project->lock.find_campaign(3)->message_type, std::nullopt);
  EXPECT_THAT(project->notes, ElementsAre("the message type of 1 campaign could not be read"));
}

TEST(ProjectReader, GathersTheEventsOfJourneysOnce) {
  Recorded iterable;
  iterable.put("/api/journeys?page=1&pageSize=50",
               R"({"journeys": [{"id": 1, "triggerEventNames": ["b", "a"]},
                   {"id": 2, "triggerEventNames": ["b"]}, {"id": 3}]})");
  const auto project = iterable.read();
  ASSERT_TRUE(project);
  EXPECT_THAT(project->lock.events, ElementsAre("a", "b"));
}

TEST(ProjectReader, DoesWithoutJourneysWhereThereAreNone) {
  Recorded iterable;
  iterable.refuse("/api/journeys?page=1&pageSize=50");
  const auto project = iterable.read();
  ASSERT_TRUE(project);
  EXPECT_THAT(project->notes, ElementsAre(HasSubstr("event names could not be read")));
}

TEST(ProjectReader, AnAnswerOfAnotherShapeIsAnError) {
  Recorded iterable;
  iterable.put("/api/lists", R"({"msg": "", "code": "Success"})");
  const auto project = iterable.read();
  ASSERT_FALSE(project);
  EXPECT_EQ(project.error().message, "the answer to GET /api/lists has no list `lists`");
  iterable.put("/api/lists", "[]");
  EXPECT_FALSE(iterable.read());
}

TEST(ProjectReader, StopsAfterPagesWithoutEnd) {
  std::size_t asked = 0;
  const auto project = read_iterable_project(
      [&](const std::string& target) -> base::Result<Json> {
        if (!target.starts_with("/api/campaigns")) {
          return Json::parse(R"({"channels": [], "messageTypes": [], "lists": [], "fields": {}})");
        }
        ++asked;
        return Json::parse(R"({"nextPageUrl": "/more", "campaigns": [{"id": 1}]})");
      },
      {});
  ASSERT_FALSE(project);
  EXPECT_THAT(project.error().message, HasSubstr("more than 1000 pages"));
  EXPECT_EQ(asked, 1000U);
}

}  // namespace
}  // namespace sojourn::app
