#include "bench/run/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sojourn::bench {
namespace {

TEST(Report, TheRatioIsTheMedianOfTheRoundsOwnRatios) {
  // The machine halved its speed in the last round; the ratio does not notice.
  const ReportRow row{"rate", {100, 100, 50}, {20, 30, 10}, {}};
  EXPECT_DOUBLE_EQ(row.ratio().value_or(0), 0.2);
}

TEST(Report, AFloorOfZeroGivesNoRatio) {
  const ReportRow row{"rate", {0}, {20}, Bar{Bar::Kind::kRatioAtLeast, 0.1}};
  EXPECT_FALSE(row.ratio().has_value());
  EXPECT_FALSE(row.meets_bar());
}

TEST(Report, BarsAreHeldAgainstTheRatioOrTheSubject) {
  const auto meets = [](double subject, Bar bar) {
    return ReportRow{"m", {10}, {subject}, bar}.meets_bar();
  };
  EXPECT_TRUE(meets(1.75, {Bar::Kind::kRatioAtLeast, 0.17}));
  EXPECT_FALSE(meets(1.6, {Bar::Kind::kRatioAtLeast, 0.17}));
  EXPECT_TRUE(meets(50, {Bar::Kind::kRatioAtMost, 5}));
  EXPECT_FALSE(meets(51, {Bar::Kind::kRatioAtMost, 5}));
  EXPECT_TRUE(meets(149, {Bar::Kind::kSubjectBelow, 150}));
  EXPECT_FALSE(meets(150, {Bar::Kind::kSubjectBelow, 150}));
}

TEST(Report, IsAMarkdownTable) {
  Report report;
  report.machine = "a machine";
  report.subject_name = "daemon";
  report.rows.push_back({"starts/s",
                         {50'000, 60'000, 55'000},
                         {11'000, 12'000, 9'000},
                         Bar{Bar::Kind::kRatioAtLeast, 0.17}});
  report.rows.push_back({"memory, MB", {20}, {160}, Bar{Bar::Kind::kSubjectBelow, 150}});
  report.notes.push_back("a note");
  EXPECT_EQ(as_markdown(report),
            "a machine\n"
            "\n"
            "| measure | floor | daemon | ratio | bar |\n"
            "|---|---|---|---|---|\n"
            "| starts/s | 55,000 (50,000 to 60,000) | 11,000 (9000 to 12,000) | 0.200 |"
            " ratio at least 0.17: met |\n"
            "| memory, MB | 20.0 | 160 | 8.00 | below 150: MISSED |\n"
            "\n"
            "a note\n");
}

TEST(Report, TextColumnsAreAligned) {
  Report report;
  report.machine = "a machine";
  report.subject_name = "daemon";
  report.rows.push_back({"a long measure", {1}, {2}, {}});
  EXPECT_EQ(as_text(report),
            "a machine\n"
            "\n"
            "measure         floor  daemon  ratio  bar\n"
            "a long measure  1.00   2.00    2.00\n");
}

TEST(Report, NumbersShowThreeFigures) {
  Report report;
  report.rows.push_back({"m", {0.01234, 0.5, 123'4567}, {}, {}});
  EXPECT_THAT(as_markdown(report), testing::HasSubstr("0.500 (0.0123 to 1,234,567)"));
}

}  // namespace
}  // namespace sojourn::bench
