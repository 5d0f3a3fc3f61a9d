// What a message says, beside what tests/transcripts/sends.txt has of it.
#include <gtest/gtest.h>

#include "base/hash.h"
#include "connectors/iterable/actions.h"
#include "connectors/iterable/commands.h"
#include "tests/unit/connectors/iterable/shown_request.h"

namespace sojourn::connectors::iterable {
namespace {

using graph::Medium;
using graph::Value;

constexpr const char* kKey = "0123456789abcdeffedcba9876543210";

SendCommand to_ada(Medium medium) {
  SendCommand command;
  command.medium = medium;
  command.campaign_id = 1001;
  command.recipient.email = "ada@example.com";
  command.message_key = *base::Hash128::from_hex(kKey);
  return command;
}

TEST(Send, LaterAndOnlyOnceWhereThatIsAskedFor) {
  SendCommand command = to_ada(Medium::kSms);
  command.send_at = base::Instant{1'772'355'600'999};
  command.allow_repeats = false;
  EXPECT_EQ(shown(send(command)),
            "POST /api/sms/target\n"
            "campaignId: 1001\n"
            "recipientEmail: \"ada@example.com\"\n"
            "dataFields: {\"sojournMessageKey\":\"0123456789abcdeffedcba9876543210\"}\n"
            "sendAt: \"2026-03-01 09:00:00\"\n"
            "allowRepeatMarketingSends: false\n");
}

TEST(Send, LetsNobodyElseUseTheReservedName) {
  SendCommand command = to_ada(Medium::kSms);
  command.carried = {{"sojournMessageKey", Value("from the profile")}};
  command.data = {{"sojournMessageKey", Value("from the author")}};
  EXPECT_EQ(shown(send(command)),
            "POST /api/sms/target\n"
            "campaignId: 1001\n"
            "recipientEmail: \"ada@example.com\"\n"
            "dataFields: {\"sojournMessageKey\":\"0123456789abcdeffedcba9876543210\"}\n");
}

TEST(Send, WritesEveryKindOfValueAsIterableReadsIt) {
  SendCommand command = to_ada(Medium::kSms);
  command.data = {
      {"at", Value(base::Instant{1'772'355'600'000})},
      {"list", Value(graph::List{Value("a\"b\n"), Value(1.5), Value(true)})},
      {"object", Value(graph::Object{{"nested key", Value(std::int64_t{-1})}})},
  };
  EXPECT_EQ(shown(send(command)),
            "POST /api/sms/target\n"
            "campaignId: 1001\n"
            "recipientEmail: \"ada@example.com\"\n"
            "dataFields: {\"at\":\"2026-03-01 09:00:00 +00:00\",\"list\":[\"a\\\"b\\n\",1.5,true],"
            "\"object\":{\"nested key\":-1},"
            "\"sojournMessageKey\":\"0123456789abcdeffedcba9876543210\"}\n");
}

}  // namespace
}  // namespace sojourn::connectors::iterable
