#include "sandbox/table.h"

#include <gtest/gtest.h>

namespace sojourn::sandbox {
namespace {

Message message() {
  Message out;
  out.sequence = 1;
  out.time = base::Instant{1'772'355'600'000};
  out.medium = "email";
  out.campaign_id = 1001;
  out.email = "ada@example.com";
  out.key = "0123456789abcdeffedcba9876543210";
  out.data_fields = R"({"plan":"pro"})";
  return out;
}

TEST(MessageTable, LinesUpItsColumns) {
  Message second = message();
  second.medium = "sms";
  second.email = "";
  second.user_id = "u-77";
  second.copy = 1;
  second.copies = 2;
  EXPECT_EQ(message_table({message(), second}),
            "TIME                  MEDIUM  CAMPAIGN  RECIPIENT        KEY           COPY    DATA\n"
            "2026-03-01T09:00:00Z  email   1001      ada@example.com  0123456789a…          "
            "{\"plan\":\"pro\"}\n"
            "2026-03-01T09:00:00Z  sms     1001      u-77             0123456789a…  1 of 2  "
            "{\"plan\":\"pro\"}\n");
}

TEST(MessageTable, CutsTheDataAtTheEdge) {
  Message wide = message();
  wide.data_fields = std::string(500, 'x');
  const std::string table = message_table({wide}, 100);
  const std::string line = table.substr(table.find('\n') + 1);
  EXPECT_TRUE(line.ends_with("x…\n")) << line;
  EXPECT_LE(line.size(), 100u + 2 * 2 + 1) << "two ellipses of three bytes, and the line's end";
}

TEST(MessageTable, CannotBeSteeredFromOutside) {
  Message hostile = message();
  hostile.user_id = "\x1b[2J";
  hostile.email = "";
  hostile.key = "a\nb";
  hostile.data_fields =
      "\xc2\x9b"
      "31m\x7f";
  const std::string table = message_table({hostile});
  EXPECT_EQ(table.find('\x1b'), std::string::npos);
  EXPECT_EQ(table.find('\x9b'), std::string::npos);
  EXPECT_EQ(std::count(table.begin(), table.end(), '\n'), 2);
}

TEST(MessageTable, SaysWhenThereIsNothing) {
  EXPECT_EQ(message_table({}), "no messages\n");
}

TEST(SummaryTable, CountsByKind) {
  Inbox::Tallies tallies;
  tallies[{RecordKind::kMessage, "email 1001"}] = {3, 1};
  tallies[{RecordKind::kEvent, "login"}] = {2, 0};
  tallies[{RecordKind::kFieldType, "user"}] = {9, 0};
  EXPECT_EQ(summary_table(tallies),
            "KIND     WHAT        RECEIVED  REPEATS\n"
            "message  email 1001  3         1\n"
            "event    login       2         0\n");
  EXPECT_EQ(summary_table({}), "nothing received\n");
}

}  // namespace
}  // namespace sojourn::sandbox
