#include "app/ids_lock_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/app/lock_example.h"
#include "tests/unit/app/temporary_folder.h"

namespace sojourn::app {
namespace {

using ::testing::HasSubstr;

TEST(IdsLockFile, HasALineForEachThing) {
  dsl::IdsLock lock;
  lock.iterable = "https://api.iterable.com";
  lock.channels = {{31, "Marketing Channel", "marketing", "email"}};
  lock.campaigns = {{101, "Welcome \"friend\"", "triggered", "running", "email", 901, 41},
                    {102, "Lost", "triggered", "running", "email", std::nullopt, std::nullopt}};
  lock.events = {"Trial Started"};
  EXPECT_EQ(render_lock(lock),
            "{\n"
            "  \"format\": 1,\n"
            "  \"iterable\": \"https://api.iterable.com\",\n"
            "  \"environment\": \"\",\n"
            "  \"catalog\": \"\",\n"
            "  \"channels\": [\n"
            R"(    {"id":31,"name":"Marketing Channel","kind":"marketing","medium":"email"})"
            "\n  ],\n"
            "  \"message_types\": [],\n"
            "  \"campaigns\": [\n"
            R"(    {"id":101,"name":"Welcome \"friend\"","type":"triggered","state":"running",)"
            R"("medium":"email","template":901,"message_type":41},)"
            "\n"
            R"(    {"id":102,"name":"Lost","type":"triggered","state":"running","medium":"email"})"
            "\n  ],\n"
            "  \"lists\": [],\n"
            "  \"user_fields\": [],\n"
            "  \"events\": [\n"
            "    \"Trial Started\"\n"
            "  ]\n"
            "}\n");
}

TEST(IdsLockFile, ReadsWhatItWrote) {
  const std::string text = render_lock(lock_example());
  const auto lock = parse_lock(text, "ids.lock");
  ASSERT_TRUE(lock) << lock.error().message;
  EXPECT_EQ(render_lock(*lock), text);
}

TEST(IdsLockFile, IsSortedWhateverAMergeHasMadeOfIt) {
  dsl::IdsLock lock = lock_example();
  std::swap(lock.campaigns.front(), lock.campaigns.back());
  const auto read = parse_lock(render_lock(lock), "ids.lock");
  ASSERT_TRUE(read);
  ASSERT_NE(read->find_campaign(101), nullptr);
  EXPECT_EQ(read->find_campaign(101)->name, "Welcome, friend!");
  EXPECT_EQ(read->find_campaign(1), nullptr);
}

TEST(IdsLockFile, RefusesWhatIsNoneAndSaysWhy) {
  const auto fault_of = [](std::string_view text) {
    const auto lock = parse_lock(text, "ids.lock");
    return lock ? std::string() : lock.error().message;
  };
  EXPECT_EQ(fault_of("<<<<<<< HEAD"), "ids.lock cannot be used: it is not JSON");
  EXPECT_EQ(fault_of("[]"), "ids.lock cannot be used: it must be an object");
  EXPECT_EQ(fault_of("{}"), "ids.lock cannot be used: it has no `format`");
  EXPECT_EQ(fault_of(R"({"format": 2})"), "ids.lock has the format 2, and 1 is known here");
  EXPECT_EQ(fault_of(R"({"format": 1})"), "ids.lock cannot be used: it has no `iterable`");
  std::string text = render_lock(lock_example());
  text.replace(text.find("\"id\":41"), 7, "\"id\":\"x\"");
  EXPECT_EQ(fault_of(text),
            "ids.lock cannot be used: number 1 of `message_types` has a `id` that is no id");
}

TEST(IdsLockFile, AFileThatIsNotThereNamesTheCommandThatWritesIt) {
  const TemporaryFolder folder;
  const auto lock = read_lock(folder.path("ids.lock"));
  ASSERT_FALSE(lock);
  EXPECT_THAT(lock.error().hint, HasSubstr("sojourn pull"));
}

TEST(IdsLockFile, EachEnvironmentHasItsOwn) {
  EXPECT_EQ(lock_file_name(""), "ids.lock");
  EXPECT_EQ(lock_file_name("staging"), "ids.staging.lock");
}

}  // namespace
}  // namespace sojourn::app
