#include "dsl/literals.h"

#include <gtest/gtest.h>

namespace sojourn::dsl {
namespace {

TEST(Literals, Integers) {
  EXPECT_EQ(integer_value("1_000").value(), 1000);
  EXPECT_EQ(integer_value("9223372036854775807").value(), INT64_MAX);
  EXPECT_EQ(integer_value("9223372036854775808").error().message, MessageId::kNumberTooLarge);
}

TEST(Literals, Numbers) {
  EXPECT_EQ(number_value("2.5").value(), 2.5);
  EXPECT_EQ(number_value("1_000.25").value(), 1000.25);
  EXPECT_FALSE(number_value(std::string(400, '9') + ".5").has_value());
}

TEST(Literals, PercentagesAreExact) {
  EXPECT_EQ(percent_value("12.5%").value(), 1250);
  EXPECT_EQ(percent_value("0.05%").value(), 5);
  EXPECT_EQ(percent_value("100%").value(), 10'000);
  EXPECT_FALSE(percent_value("100.01%").has_value());
  EXPECT_FALSE(percent_value("1.234%").has_value());
}

TEST(Literals, DurationsKeepCalendarAndElapsedPartsApart) {
  const ast::Duration all = duration_value("1y2mo3w4d5h6m7s").value();
  EXPECT_EQ(all.months, 14);
  EXPECT_EQ(all.days, 25);
  EXPECT_EQ(all.millis, ((5 * 60 + 6) * 60 + 7) * 1000);
  EXPECT_EQ(duration_value("12h1d").error().message, MessageId::kBadDuration);
  EXPECT_EQ(duration_value("1d1d").error().message, MessageId::kBadDuration);
  EXPECT_EQ(duration_value("1001y").error().message, MessageId::kDurationTooLong);
  EXPECT_EQ(duration_value("99999999999999999999s").error().message, MessageId::kDurationTooLong);
}

TEST(Literals, TimesOfDay) {
  EXPECT_EQ(time_of_day_value("09:05").value().minute, 545);
  EXPECT_FALSE(time_of_day_value("24:00").has_value());
  EXPECT_EQ(time_of_day_value("9:00").error().help, "hours have two digits: `09:00`");
}

TEST(Literals, DatesExist) {
  EXPECT_EQ(date_value("2028-02-29").value().day, 29);
  EXPECT_FALSE(date_value("2026-02-29").has_value());
  EXPECT_FALSE(date_value("2100-02-29").has_value());
  EXPECT_FALSE(date_value("2026-00-01").has_value());
}

TEST(Literals, TimestampsHaveAZone) {
  EXPECT_EQ(timestamp_value("2026-03-01T09:00Z").value().millis_of_day, 9 * 3'600'000);
  EXPECT_EQ(timestamp_value("2026-03-01T09:00:30.5+02:00").value().millis_of_day,
            9 * 3'600'000 + 30'500);
  EXPECT_EQ(timestamp_value("2026-03-01T09:00-03:30").value().offset_minutes, -210);
  EXPECT_EQ(timestamp_value("2026-03-01T09:00[Europe/Berlin]").value().zone_name.text,
            "Europe/Berlin");
  for (const char* bad : {"2026-03-01T09:00", "2026-03-01T9:00Z", "2026-03-01TZ",
                          "2026-03-01T09:00[]", "2026-03-01T09:00+2"}) {
    EXPECT_EQ(timestamp_value(bad).error().message, MessageId::kBadTimestamp) << bad;
  }
  EXPECT_EQ(timestamp_value("2026-13-01T09:00Z").error().message, MessageId::kBadDate);
}

TEST(Literals, EscapesAreResolved) {
  std::optional<BadEscape> bad;
  EXPECT_EQ(unescape(R"(a\n\t\"\\\u{e9}\u{20AC}\u{1F600})", bad),
            "a\n\t\"\\\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80");
  EXPECT_FALSE(bad.has_value());
}

TEST(Literals, AnUnknownEscapeIsKeptAndNamed) {
  for (const char* text :
       {R"(ab\x)", R"(ab\u{D800})", R"(ab\u{110000})", R"(ab\u{})", R"(ab\u41)", "ab\\\xC3\xA9"}) {
    std::optional<BadEscape> bad;
    EXPECT_EQ(unescape(text, bad), text);
    ASSERT_TRUE(bad.has_value()) << text;
    EXPECT_EQ(bad->offset, 2U);
  }
}

}  // namespace
}  // namespace sojourn::dsl
