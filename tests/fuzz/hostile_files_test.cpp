// Files that nobody wrote as journeys, as large as a file may be: what `check` and `fmt` do
// with them takes little memory. That none takes long is held by the limit on this test.
#include <algorithm>
#include <fmt/core.h>
#include <gtest/gtest.h>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "calendar/tzdata/system_zones.h"
#include "dsl/compile.h"
#include "dsl/format.h"
#include "dsl/lexer.h"
#include "dsl/parse.h"
#include "dsl/render.h"
#include "tests/fuzz/heap_count.h"

namespace sojourn::fuzz {
namespace {

// Of the 256 MiB that a file may take, the rest is for the program itself and for what
// stands between the pieces of the heap.
constexpr std::size_t kMostBytes = 208U << 20U;
constexpr std::uint64_t kSeed = 20260302;

// `unit`, over and over, between `before` and `after`.
struct Shape {
  std::string name;
  std::string before;
  std::string unit;
  std::string after;
};

std::ostream& operator<<(std::ostream& out, const Shape& shape) {
  return out << shape.name;
}

std::string filled(const Shape& shape, std::size_t units) {
  std::string text = shape.before;
  for (std::size_t i = 0; i < units; ++i) text += shape.unit;
  return text + shape.after;
}

std::size_t units_of_bytes(const Shape& shape) {
  return (dsl::kMaxFileBytes - shape.before.size() - shape.after.size()) / shape.unit.size();
}

std::size_t words_in(const std::string& text) {
  dsl::Faults faults;
  const auto tokens = dsl::lex(text, 0, faults);
  return static_cast<std::size_t>(std::ranges::count_if(
      tokens, [](const dsl::Token& token) { return token.kind != dsl::TokenKind::kSpace; }));
}

// As many as the file may have words.
std::size_t units_of_words(const Shape& shape) {
  const std::size_t around = words_in(shape.before + shape.after);
  const std::size_t each = std::max<std::size_t>(1, words_in(shape.unit + shape.unit) / 2);
  return std::min((dsl::kMaxFileTokens - around) / each, units_of_bytes(shape));
}

calendar::ZoneSource& zones() {
  static const auto source = tzdata::SystemZones::open();
  return **source;
}

std::size_t held_by_check(const std::string& text) {
  zones();
  forget_most_held();
  const std::vector<dsl::SourceText> sources{{"hostile.journey", text}};
  const dsl::Compilation compilation = dsl::compile(sources, zones());
  const std::string shown = dsl::render_text(compilation.diagnostics, compilation.files, {});
  return most_held();
}

std::size_t held_by_format(const std::string& text) {
  forget_most_held();
  dsl::format(text, 0);
  return most_held();
}

std::string in_journey(std::string_view line) {
  return fmt::format("event e\njourney j {{\n  enter on e\n{}", line);
}

std::string times(std::size_t count, std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += text;
  return out;
}

// Of words that mean something, so that every stage gets what the one before made of them.
std::vector<Shape> of_words() {
  const std::string deep = times(90, "if a { ") + times(90, "} ") + "\n";
  return {
      {"exits", in_journey(""), "exit\n", "}\n"},
      {"sends", in_journey(""), "send a\n", "}\n"},
      {"waits", in_journey(""), "wait 1d\n", "}\n"},
      {"branches", in_journey(""), "if a{}\n", "}\n"},
      {"else_branches", in_journey("if a{}"), "else if a{}\n", "}\n"},
      {"deep_branches", in_journey(""), deep, "}\n"},
      {"match_arms", in_journey("match a {\n"), "1{}\n", "}}\n"},
      {"split_arms", in_journey("split s {\n"), "1% a\n", "}}\n"},
      {"rungs", in_journey("schedule around a {\n"), "1d after{}\n", "}}\n"},
      {"exit_rules", in_journey(""), "exit on a\n", "}\n"},
      {"long_condition", in_journey("exit when a"), " or a", "\n}\n"},
      {"journeys", "", "journey j{}\n", ""},
      {"tests", in_journey("}\n"), "test j \"t\" {}\n", ""},
      {"events", "", "event e{a string}\n", ""},
      {"event_fields", "event e {\n", "a string\n", "}\n"},
      {"choices", "user { a ", "\"b\"|", "\"b\" }\n"},
      {"campaigns", "", "campaign c = 1 email t\n", ""},
      {"segments", "", "segment s = a\n", ""},
      {"constants", "", "let a=1\n", ""},
      {"sums", "", "let a=1+1+1+1+1+1+1+1\n", ""},
      {"long_sum", "let a = 1", "+1", "\n"},
      {"nots", "let a = ", "not ", "a\n"},
      {"path", "let a = a", ".a", "\n"},
      {"list", "let a = [", "1,", "1]\n"},
      {"texts", "let a = [", "\"\",", "\"\"]\n"},
      {"map", "let a = {", "a:1,", "a:1}\n"},
      {"arguments", "let a = f(", "a,", "a)\n"},
      {"interpolations", "let a = [", "\"${a}\",", "\"\"]\n"},
      {"brackets", "", "let a=" + times(90, "(") + "1" + times(90, ")") + "\n", ""},
      {"allows", "", "allow a \"b\"\n", ""},
      {"words", "", "a ", ""},
      {"lines", "", "a\n", ""},
      {"labels", "", "a:b ", ""},
      {"open_braces", "", "{", ""},
      {"close_braces", "", "}", ""},
      {"open_brackets", "let a = ", "(", ""},
      {"quotes", "", "\"\n", ""},
      {"comments", "", "#\n", ""},
      {"far_apart", in_journey(""), "wrong" + times(14, " "), "}\n"},
  };
}

std::vector<Shape> of_bytes() {
  return {
      {"nul", "", std::string(1, '\0'), ""},
      {"no_utf8", "", "\xff", ""},
      {"no_utf8_in_words", "", "a\xff", ""},
      {"byte_order_marks", "", "\xef\xbb\xbf", ""},
      {"one_word", "", "a", ""},
      {"one_number", "let a = ", "1", "\n"},
      {"one_text", "let a = \"", "x", "\"\n"},
      {"one_comment", "#", "x", "\n"},
      {"open_texts", "let a = ", "\"${", ""},
      {"spaces", "", " ", ""},
      {"empty_lines", "", "\n", ""},
  };
}

// Shapes that have so many more words than a file may have that only their bytes are many.
std::vector<Shape> of_the_most_bytes() {
  std::vector<Shape> shapes = of_bytes();
  for (Shape& shape : of_words()) {
    if (shape.unit.size() <= 2) shapes.push_back(std::move(shape));
  }
  return shapes;
}

void hold(const std::string& text) {
  ASSERT_LE(text.size(), dsl::kMaxFileBytes);
  EXPECT_LE(held_by_check(text), kMostBytes) << "in check";
  EXPECT_LE(held_by_format(text), kMostBytes) << "in fmt";
}

class FileOfTheMostBytes : public testing::TestWithParam<Shape> {};

TEST_P(FileOfTheMostBytes, TakesLittle) {
  hold(filled(GetParam(), units_of_bytes(GetParam())));
}

class FileOfTheMostWords : public testing::TestWithParam<Shape> {};

TEST_P(FileOfTheMostWords, TakesLittle) {
  hold(filled(GetParam(), units_of_words(GetParam())));
}

std::string name_of(const testing::TestParamInfo<Shape>& info) {
  return info.param.name;
}

INSTANTIATE_TEST_SUITE_P(Hostile, FileOfTheMostBytes, testing::ValuesIn(of_the_most_bytes()),
                         name_of);
INSTANTIATE_TEST_SUITE_P(Hostile, FileOfTheMostWords, testing::ValuesIn(of_words()), name_of);

TEST(HostileFiles, OfRandomBytesTakeLittle) {
  base::SeededRandom random(kSeed);
  RecordProperty("seed", std::to_string(kSeed));
  std::string text(dsl::kMaxFileBytes, '\0');
  for (char& byte : text) byte = static_cast<char>(base::random_below(random, 256));
  EXPECT_LE(held_by_check(text), kMostBytes);
  for (char& byte : text) byte = static_cast<char>(' ' + base::random_below(random, 95));
  EXPECT_LE(held_by_check(text), kMostBytes);
}

}  // namespace
}  // namespace sojourn::fuzz
