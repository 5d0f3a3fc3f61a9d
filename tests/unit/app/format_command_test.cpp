#include "app/format_command.h"

#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <iterator>
#include <sstream>

#include "app/check_command.h"
#include "tests/unit/app/temporary_folder.h"

namespace sojourn::app {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::string_view kLoose = "event  signup{plan string}\n\n\n\nevent login\n";
constexpr std::string_view kInStyle = "event signup { plan string }\n\nevent login\n";
constexpr std::string_view kBroken = "journey {\n";

struct Ran {
  int code = 0;
  std::string out;
  std::string err;
};

Ran run_format(const FormatOptions& options, std::string_view input = {}) {
  std::istringstream in{std::string(input)};
  std::ostringstream out;
  std::ostringstream err;
  const int code = format_files(options, in, out, err);
  return {code, out.str(), err.str()};
}

class FormatCommand : public ::testing::Test {
 protected:
  FormatCommand() {
    folder.write("sojourn.toml", "project = \"test\"\n");
    folder.write("loose.journey", kLoose);
    folder.write("deep/fine.journey", kInStyle);
  }
  std::string text_of(std::string_view name) const {
    std::ifstream in(folder.path(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  }
  TemporaryFolder folder;
};

TEST_F(FormatCommand, WritesWhatIsNotInStyleAndNamesIt) {
  const Ran ran = run_format({{folder.path()}});
  EXPECT_EQ(ran.code, kClean);
  EXPECT_EQ(ran.out, "loose.journey\n");
  EXPECT_EQ(ran.err, "1 of 2 files changed\n");
  EXPECT_EQ(text_of("loose.journey"), kInStyle);
  const Ran again = run_format({{folder.path()}});
  EXPECT_EQ(again.code, kClean);
  EXPECT_THAT(again.out, IsEmpty());
}

TEST_F(FormatCommand, DoesNotTouchAFileThatIsInStyle) {
  const auto before = std::filesystem::last_write_time(folder.path("deep/fine.journey"));
  run_format({{folder.path()}});
  EXPECT_EQ(std::filesystem::last_write_time(folder.path("deep/fine.journey")), before);
}

TEST_F(FormatCommand, CheckNamesTheFilesAndWritesNothing) {
  const Ran ran = run_format({{folder.path()}, true, false});
  EXPECT_EQ(ran.code, kFindings);
  EXPECT_EQ(ran.out, "loose.journey\n");
  EXPECT_EQ(ran.err, "1 of 2 files would change\n");
  EXPECT_EQ(text_of("loose.journey"), kLoose);
  EXPECT_EQ(run_format({{folder.path("deep")}, true, false}).code, kClean);
}

TEST_F(FormatCommand, DiffShowsTheChangeAndWritesNothing) {
  const std::string diff =
      "--- a/loose.journey\n+++ b/loose.journey\n@@ -1,5 +1,3 @@\n"
      "-event  signup{plan string}\n-\n-\n+event signup { plan string }\n \n event login\n";
  const Ran ran = run_format({{folder.path()}, false, true});
  EXPECT_EQ(ran.code, kClean);
  EXPECT_EQ(ran.out, diff);
  const Ran checked = run_format({{folder.path()}, true, true});
  EXPECT_EQ(checked.code, kFindings);
  EXPECT_EQ(checked.out, diff);
  EXPECT_EQ(text_of("loose.journey"), kLoose);
}

TEST_F(FormatCommand, AFileThatDoesNotParseIsLeftAloneAndTheOthersAreNot) {
  folder.write("bad.journey", kBroken);
  const Ran ran = run_format({{folder.path()}});
  EXPECT_EQ(ran.code, kFindings);
  EXPECT_EQ(ran.out, "loose.journey\n");
  EXPECT_THAT(ran.err, HasSubstr(" --> bad.journey:1:9\n"));
  EXPECT_THAT(ran.err, HasSubstr("1 file left alone"));
  EXPECT_EQ(text_of("bad.journey"), kBroken);
  EXPECT_EQ(text_of("loose.journey"), kInStyle);
}

TEST_F(FormatCommand, FaultsOfNamesAreNoneOfItsBusiness) {
  folder.write("loose.journey", "journey j{enter on nothing_like_it}");
  EXPECT_EQ(run_format({{folder.path()}}).code, kClean);
  EXPECT_EQ(text_of("loose.journey"), "journey j {\n  enter on nothing_like_it\n}\n");
}

TEST_F(FormatCommand, OnlyThePathsAskedAboutAreWritten) {
  folder.write("other.journey", kLoose);
  const Ran ran = run_format({{folder.path("other.journey"), folder.path("deep")}});
  EXPECT_EQ(ran.out, "other.journey\n");
  EXPECT_EQ(text_of("loose.journey"), kLoose);
}

TEST_F(FormatCommand, FilesThatGitIgnoresAreLeftOut) {
  folder.write(".gitignore", "loose.journey\n");
  EXPECT_THAT(run_format({{folder.path()}}).out, IsEmpty());
  EXPECT_EQ(text_of("loose.journey"), kLoose);
  const Ran asked = run_format({{folder.path("loose.journey")}});
  EXPECT_EQ(asked.code, kCouldNotRun);
  EXPECT_THAT(asked.err, HasSubstr("no journey file in"));
}

TEST_F(FormatCommand, WhereNoProjectIsItCannotRun) {
  const TemporaryFolder other;
  const Ran ran = run_format({{other.path()}});
  EXPECT_EQ(ran.code, kCouldNotRun);
  EXPECT_THAT(ran.err, HasSubstr("no `sojourn.toml`"));
  EXPECT_EQ(run_format({{folder.path(), other.path()}}).code, kCouldNotRun);
}

TEST_F(FormatCommand, ADashReadsStdinAndWritesStdout) {
  const Ran ran = run_format({{"-"}}, kLoose);
  EXPECT_EQ(ran.code, kClean);
  EXPECT_EQ(ran.out, kInStyle);
  EXPECT_THAT(ran.err, IsEmpty());
}

TEST_F(FormatCommand, ADashWithFaultsWritesNothing) {
  const Ran ran = run_format({{"-"}}, kBroken);
  EXPECT_EQ(ran.code, kFindings);
  EXPECT_THAT(ran.out, IsEmpty());
  EXPECT_THAT(ran.err, HasSubstr(" --> <stdin>:1:9\n"));
}

TEST_F(FormatCommand, ADashMayBeCheckedAndStandsAlone) {
  EXPECT_EQ(run_format({{"-"}, true, false}, kInStyle).code, kClean);
  const Ran loose = run_format({{"-"}, true, false}, kLoose);
  EXPECT_EQ(loose.code, kFindings);
  EXPECT_EQ(loose.out, "<stdin>\n");
  EXPECT_THAT(run_format({{"-"}, false, true}, kLoose).out, HasSubstr("--- a/<stdin>\n"));
  EXPECT_EQ(run_format({{"-", folder.path()}}, kLoose).code, kCouldNotRun);
}

TEST(Examples, AreAllInStyle) {
  int count = 0;
  const std::filesystem::path folder(SOJOURN_SOURCE_DIR "/examples");
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (!std::filesystem::exists(entry.path() / "sojourn.toml")) continue;
    const Ran ran = run_format({{entry.path().string()}, true, true});
    EXPECT_EQ(ran.code, kClean) << "`sojourn fmt " << entry.path().string() << "` would change:\n"
                                << ran.out << ran.err;
    ++count;
  }
  EXPECT_GE(count, 1);
}

}  // namespace
}  // namespace sojourn::app
