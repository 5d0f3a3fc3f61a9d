// Every file of tests/golden/syntax: the tree of a file without faults, the messages
// about one with faults.
#include <algorithm>
#include <gtest/gtest.h>
#include <set>
#include <string>
#include <vector>

#include "dsl/parse.h"
#include "dsl/render.h"
#include "tests/golden/golden.h"

namespace sojourn::dsl {
namespace {

std::string describe(const golden::Case& file, const ParsedFile& parsed) {
  if (parsed.diagnostics.empty()) return dump_cst(parsed.cst, parsed.tokens, file.text);
  const std::vector<SourceFile> files{SourceFile(file.name + ".journey", file.text)};
  return render_text(parsed.diagnostics, files);
}

TEST(SyntaxGolden, EveryFileGivesItsTreeOrItsMessages) {
  for (const golden::Case& file : golden::read_cases("syntax")) {
    SCOPED_TRACE(file.name);
    const ParsedFile parsed = parse(file.text, 0);
    // Files whose name begins with `ok_` are in order; all others are not.
    EXPECT_EQ(parsed.diagnostics.empty(), file.name.starts_with("ok_"));
    golden::expect_golden(file, describe(file, parsed));
  }
}

TEST(SyntaxGolden, AFileWithManyFaultsGivesAMessageForEach) {
  std::size_t most = 0;
  for (const golden::Case& file : golden::read_cases("syntax")) {
    most = std::max(most, parse(file.text, 0).diagnostics.size());
  }
  EXPECT_GE(most, 11U);
}

// What no text file shows well.
std::vector<std::string> odd_texts() {
  std::string deep = "let x = ";
  deep.append(1000, '(');
  return {std::string("let x = \"\0\"", 11), "let x = \"\xFF\"",
          std::string(kMaxFileBytes + 1, ' '), deep};
}

TEST(SyntaxGolden, EveryMessageOfTheSyntaxHasAnExample) {
  std::set<MessageId> seen;
  const auto note = [&seen](const std::string& text) {
    for (const Diagnostic& found : parse(text, 0).diagnostics) seen.insert(found.id);
  };
  for (const golden::Case& file : golden::read_cases("syntax")) note(file.text);
  for (const std::string& text : odd_texts()) note(text);
  std::size_t index = 0;
  for (const MessageInfo& info : all_messages()) {
    const auto id = static_cast<MessageId>(index++);
    if (!info.code.starts_with("J1")) continue;
    EXPECT_TRUE(seen.contains(id)) << info.code << " " << info.name << " is produced by no example";
  }
}

}  // namespace
}  // namespace sojourn::dsl
