#include "dsl/diagnostic.h"

#include <algorithm>
#include <cctype>
#include <gtest/gtest.h>
#include <set>

namespace sojourn::dsl {
namespace {

TEST(Messages, HaveACodeAndAKebabNameOfTheirOwn) {
  std::set<std::string_view> codes;
  std::set<std::string_view> names;
  for (const MessageInfo& info : all_messages()) {
    EXPECT_TRUE(codes.insert(info.code).second) << info.code;
    EXPECT_TRUE(names.insert(info.name).second) << info.name;
    EXPECT_TRUE(info.code.size() == 5 && info.code[0] == 'J') << info.code;
    EXPECT_TRUE(std::all_of(info.name.begin(), info.name.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    })) << info.name;
  }
}

TEST(Messages, StartInLowerCaseAndHaveNoFullStop) {
  for (const MessageInfo& info : all_messages()) {
    const bool upper = std::isupper(static_cast<unsigned char>(info.text.front())) != 0;
    EXPECT_FALSE(upper && !info.text.starts_with("NUL")) << info.text;
    EXPECT_FALSE(info.text.ends_with('.')) << info.text;
  }
}

TEST(Diagnose, ReplacesWhatATerminalWouldObey) {
  const Diagnostic found = diagnose(messages::kForeign, {},
                                    "a\x1b[2J\n\xC2\x9B"
                                    "b")
                               .label("\x07 \xE6\x97\xA5")
                               .note({}, "\r")
                               .help("\xFF");
  EXPECT_EQ(found.message,
            "`a\xEF\xBF\xBD[2J\xEF\xBF\xBD\xEF\xBF\xBD"
            "b` is not a word of this language");
  EXPECT_EQ(found.primary.text, "\xEF\xBF\xBD \xE6\x97\xA5");
  EXPECT_EQ(found.secondary[0].text, "\xEF\xBF\xBD");
  EXPECT_EQ(found.helps[0], "\xEF\xBF\xBD");
}

TEST(Diagnose, FillsInTheArgumentsInOrder) {
  const Diagnostic found = diagnose(messages::kExpected, {0, 1, 2}, "`{}` here", "`x`")
                               .label("at this")
                               .note({0, 5, 6}, "and this")
                               .help("do that");
  EXPECT_EQ(found.message, "expected `{}` here, found `x`");
  EXPECT_EQ(found.severity, Severity::kError);
  EXPECT_EQ(found.primary.text, "at this");
  ASSERT_EQ(found.secondary.size(), 1U);
  EXPECT_EQ(found.secondary[0].span, (Span{0, 5, 6}));
  EXPECT_EQ(found.helps, std::vector<std::string>{"do that"});
}

TEST(Diagnose, TakesNumbers) {
  EXPECT_EQ(diagnose(messages::kFileTooLong, {}, 42).message, "this file is longer than 42 bytes");
}

TEST(SortDiagnostics, GoesByFileThenPlaceThenCode) {
  std::vector<Diagnostic> found;
  found.push_back(diagnose(messages::kStatedTwice, {1, 0, 1}));
  found.push_back(diagnose(messages::kStatedTwice, {0, 5, 6}));
  found.push_back(diagnose(messages::kNulByte, {0, 5, 6}));
  found.push_back(diagnose(messages::kStatedTwice, {0, 2, 3}));
  sort_diagnostics(found);
  EXPECT_EQ(found[0].primary.span.begin, 2U);
  EXPECT_EQ(found[1].id, MessageId::kNulByte);
  EXPECT_EQ(found[2].id, MessageId::kStatedTwice);
  EXPECT_EQ(found[3].primary.span.file, 1U);
}

}  // namespace
}  // namespace sojourn::dsl
