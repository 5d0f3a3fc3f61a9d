// What the sandbox tells of the messages that it "sends", as the reader of notices takes it: the
// bodies of every event that it can tell of.
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "connectors/iterable/webhooks/notice_reader.h"
#include "sandbox/media.h"
#include "sandbox/sent_message.h"
#include "sandbox/webhook_payload.h"

namespace sojourn::connectors::iterable {
namespace {

using sandbox::Happening;
using Kind = Happening::Kind;
using M = NoticeMeaning;

constexpr const char* kKey = "0123456789abcdeffedcba9876543210";
constexpr base::Instant kThen{1'772'360'100'000};
const std::vector<std::int64_t> kEmailChannels{31, 32};

// A message as it comes out of a send of ours: metadata only where the medium has it.
sandbox::SentMessage sent_by(std::string_view medium) {
  sandbox::SentMessage message;
  message.sequence = 16;
  message.time = kThen;
  message.medium = medium;
  message.campaign.id = 5001;
  message.campaign.name = "Welcome";
  message.campaign.template_id = 9001;
  message.campaign.template_name = "Welcome";
  message.campaign.channel = 31;
  message.campaign.message_type = 41;
  message.email = "ada@example.com";
  message.data_fields = {{"sojournMessageKey", kKey}};
  if (medium == "email" || medium == "push") message.metadata = {{"sojournMessageKey", kKey}};
  return message;
}

struct Told {
  Kind kind;
  M meaning;
};
constexpr auto kTold = std::to_array<Told>({{Kind::kSend, M::kSent},
                                            {Kind::kSkip, M::kNotSent},
                                            {Kind::kBounce, M::kBounced},
                                            {Kind::kOpen, M::kOpened},
                                            {Kind::kClick, M::kClicked},
                                            {Kind::kComplaint, M::kComplained},
                                            {Kind::kUnsubscribe, M::kUnsubscribed},
                                            {Kind::kBounceUnsubscribe, M::kUnsubscribed}});

Notice read(std::string_view medium, Kind kind) {
  sandbox::SentMessage message = sent_by(medium);
  if (kind == Kind::kSkip) message.skip_reason = "DuplicateMarketingMessage";
  NoticeReader reader;
  auto notice = reader.read(sandbox::webhook_payload(message, kind, kThen, kEmailChannels));
  EXPECT_TRUE(notice) << (notice ? "" : notice.error());
  return notice.value_or(Notice{});
}

void expect_what_all_have(const Notice& notice, std::string_view medium, M meaning) {
  ASSERT_NE(notice.kind, nullptr) << "the reader does not know the kind";
  EXPECT_EQ(notice.kind->meaning, meaning);
  ASSERT_TRUE(notice.kind->medium);
  EXPECT_EQ(to_string(*notice.kind->medium), medium);
  EXPECT_EQ(notice.email, "ada@example.com");
  EXPECT_EQ(notice.created_at, kThen);
  EXPECT_EQ(notice.campaign_id, 5001);
  EXPECT_EQ(notice.message_id, sandbox::message_id(16));
  EXPECT_FALSE(notice.is_bot);
  EXPECT_TRUE(notice.natural_key);
}

TEST(SandboxNotices, EachIsReadForWhatItIs) {
  std::set<std::string> events;
  std::set<base::Hash128> keys;
  std::size_t told = 0;
  for (const auto& [path, medium] : sandbox::kTargets) {
    for (const Told& each : kTold) {
      const std::string_view event = sandbox::event_name(medium, each.kind);
      if (event.empty()) continue;
      SCOPED_TRACE(event);
      const Notice notice = read(medium, each.kind);
      expect_what_all_have(notice, medium, each.meaning);
      EXPECT_EQ(notice.event_name, event);
      EXPECT_EQ(notice.url.empty(), each.meaning != M::kClicked);
      EXPECT_EQ(notice.reason.empty(), each.meaning != M::kNotSent);
      events.insert(std::string(event));
      if (notice.natural_key) keys.insert(*notice.natural_key);
      ++told;
    }
  }
  EXPECT_EQ(events.size(), 27u);
  EXPECT_EQ(keys.size(), told) << "two of them would be taken for repeats";
}

TEST(SandboxNotices, BringTheMessageKeyBackWhereIterableDoes) {
  for (const auto& [path, medium] : sandbox::kTargets) {
    const auto key = read(medium, Kind::kSend).message_key;
    ASSERT_TRUE(key) << medium;
    EXPECT_EQ(key->hex(), kKey);
  }
  EXPECT_TRUE(read("email", Kind::kClick).message_key);
  EXPECT_TRUE(read("push", Kind::kSkip).message_key);
  EXPECT_FALSE(read("sms", Kind::kClick).message_key);
}

TEST(SandboxNotices, SayWhomABounceOrAnOptOutTakesOffWhat) {
  EXPECT_EQ(read("email", Kind::kBounce).recipient_state, "HardBounce");
  EXPECT_EQ(read("sms", Kind::kBounce).recipient_state, "");
  const Notice own = read("email", Kind::kUnsubscribe);
  EXPECT_EQ(own.channel_ids, std::vector<std::int64_t>{31});
  EXPECT_EQ(own.source, "EmailLink");
  const Notice bounced = read("email", Kind::kBounceUnsubscribe);
  EXPECT_EQ(bounced.channel_ids, kEmailChannels);
  EXPECT_EQ(bounced.source, "HardBounce");
}

}  // namespace
}  // namespace sojourn::connectors::iterable
