// Every file of tests/golden/syntax: the tree of a file without faults, the messages
// about one with faults.
#include <algorithm>
#include <gtest/gtest.h>
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

}  // namespace
}  // namespace sojourn::dsl
