#include "app/explain_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sstream>

#include "app/check_command.h"

namespace sojourn::app {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;
using What = ExplainOptions::What;

struct Ran {
  int code = 0;
  std::string out;
  std::string err;
};

Ran run(What what, std::string message = {}) {
  std::ostringstream out;
  std::ostringstream err;
  const int code = explain({what, std::move(message)}, out, err);
  return {code, out.str(), err.str()};
}

TEST(ExplainCommand, ACodeAndItsNameAreTheSamePage) {
  const Ran by_code = run(What::kMessage, "J2004");
  EXPECT_EQ(by_code.code, kClean);
  EXPECT_THAT(by_code.out, StartsWith("error[J2004] unknown-campaign: no campaign named `…`\n\n"));
  EXPECT_THAT(by_code.out, HasSubstr("Wrong:\n\n    journey j {\n"));
  EXPECT_THAT(by_code.out, HasSubstr("Right:\n\n    journey j {\n"));
  EXPECT_EQ(run(What::kMessage, "unknown-campaign").out, by_code.out);
}

TEST(ExplainCommand, AnUnknownWordIsTwoAndSuggestsOne) {
  const Ran ran = run(What::kMessage, "unknown-campain");
  EXPECT_EQ(ran.code, kCouldNotRun);
  EXPECT_THAT(ran.out, IsEmpty());
  EXPECT_EQ(ran.err,
            "error: no message is called `unknown-campain`\n"
            "  help: did you mean `unknown-campaign`?\n");
}

TEST(ExplainCommand, TheListHasALineForEach) {
  EXPECT_THAT(
      run(What::kList).out,
      StartsWith("J1001  error    file-too-long              this file is longer than … bytes\n"));
}

TEST(ExplainCommand, TheDeclarationsOfTheExamplesCanBeSeen) {
  EXPECT_THAT(run(What::kDeclarations).out, HasSubstr("event signup {"));
}

}  // namespace
}  // namespace sojourn::app
