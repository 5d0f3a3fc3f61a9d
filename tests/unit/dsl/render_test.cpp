#include "dsl/render.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace sojourn::dsl {
namespace {

const std::vector<SourceFile>& files() {
  static const std::vector<SourceFile> all = [] {
    std::vector<SourceFile> list;
    list.emplace_back("winback.journey",
                      "journey winback {\n  if user.seats < 5 { exit }\n\n\tif x {\n}\n");
    list.emplace_back("b.journey", "event \xE6\x97\xA5 login\n" + std::string(300, 'a') + " end\n");
    return list;
  }();
  return all;
}

std::string text(const Diagnostic& diagnostic) {
  return render_text(std::span(&diagnostic, 1), files());
}

TEST(RenderText, FramesTheLinesAroundAFinding) {
  EXPECT_EQ(text(diagnose(messages::kStatedTwice, {0, 49, 53})
                     .label("so this is never true")
                     .note({0, 23, 37}, "past this line, seats >= 5")
                     .help("remove the branch")),
            "error[J1030] stated-twice: this is stated twice\n"
            " --> winback.journey:4:2\n"
            "  |\n"
            "2 |   if user.seats < 5 { exit }\n"
            "  |      -------------- past this line, seats >= 5\n"
            "4 |     if x {\n"
            "  |     ^^^^ so this is never true\n"
            "  |\n"
            "  = help: remove the branch\n"
            "  = sojourn explain J1030\n");
}

TEST(RenderText, ShowsALineWithTwoLabelsOnce) {
  EXPECT_EQ(text(diagnose(messages::kStatedTwice, {0, 40, 44}).note({0, 20, 22}, "first here")),
            "error[J1030] stated-twice: this is stated twice\n"
            " --> winback.journey:2:23\n"
            "  |\n"
            "2 |   if user.seats < 5 { exit }\n"
            "  |   -- first here\n"
            "  |                       ^^^^\n"
            "  |\n"
            "  = sojourn explain J1030\n");
}

TEST(RenderText, NamesTheOtherFileOfALabel) {
  EXPECT_EQ(text(diagnose(messages::kStatedTwice, {0, 8, 15}).note({1, 10, 15}, "first here")),
            "error[J1030] stated-twice: this is stated twice\n"
            " --> winback.journey:1:9\n"
            "  |\n"
            "1 | journey winback {\n"
            "  |         ^^^^^^^\n"
            " ::: b.journey:1:9\n"
            "  |\n"
            "1 | event \xE6\x97\xA5 login\n"
            "  |          ----- first here\n"
            "  |\n"
            "  = sojourn explain J1030\n");
}

TEST(RenderText, UnderlinesTheFirstLineOfALongSpan) {
  EXPECT_EQ(text(diagnose(messages::kStatedTwice, {0, 0, 50})),
            "error[J1030] stated-twice: this is stated twice\n"
            " --> winback.journey:1:1\n"
            "  |\n"
            "1 | journey winback {\n"
            "  | ^^^^^^^^^^^^^^^^^\n"
            "  |\n"
            "  = sojourn explain J1030\n");
}

TEST(RenderText, CutsAVeryLongLineToTheLabel) {
  const std::string rendered = text(diagnose(messages::kStatedTwice, {1, 317, 320}));
  EXPECT_NE(rendered.find("2 | …aaa"), std::string::npos) << rendered;
  EXPECT_NE(rendered.find("aaa end\n"), std::string::npos) << rendered;
  EXPECT_NE(rendered.find("\n  | " + std::string(61, ' ') + "^^^\n"), std::string::npos)
      << rendered;
}

TEST(RenderText, ShowsThePartOfAHugeLineThatMatters) {
  const std::string text = std::string(1'000'000, 'a') + "HERE" + std::string(1'000'000, 'b');
  const std::vector<SourceFile> huge{SourceFile("a", text)};
  const std::vector<Diagnostic> one{diagnose(messages::kStatedTwice, {0, 1'000'000, 1'000'004})};
  const std::string rendered = render_text(one, huge);
  EXPECT_LT(rendered.size(), 1000U);
  EXPECT_NE(rendered.find("\n1 | …" + std::string(60, 'a') + "HEREbbb"), std::string::npos);
  EXPECT_NE(rendered.find("\n  | " + std::string(61, ' ') + "^^^^\n"), std::string::npos);
}

TEST(RenderText, PutsACaretWhereTheFileEnds) {
  EXPECT_EQ(text(diagnose(messages::kStatedTwice, {0, 58, 58})),
            "error[J1030] stated-twice: this is stated twice\n"
            " --> winback.journey:6:1\n"
            "  |\n"
            "6 | \n"
            "  | ^\n"
            "  |\n"
            "  = sojourn explain J1030\n");
}

TEST(RenderText, StopsAfterTheLimitOfAFileAndSaysSo) {
  std::vector<Diagnostic> many;
  for (std::uint32_t i = 0; i < 5; ++i) {
    many.push_back(diagnose(messages::kStatedTwice, {0, i, i + 1}));
  }
  const std::string rendered = render_text(many, files(), {false, 3});
  EXPECT_TRUE(rendered.ends_with("\nnote: 2 more findings in winback.journey are not shown\n"));
  EXPECT_EQ(rendered.find(":1:4"), std::string::npos);
  EXPECT_NE(rendered.find(":1:3"), std::string::npos);
}

TEST(RenderText, ColoursOnlyWhenAsked) {
  const std::vector<Diagnostic> one{diagnose(messages::kStatedTwice, {0, 0, 1})};
  EXPECT_EQ(render_text(one, files()).find('\x1b'), std::string::npos);
  EXPECT_NE(render_text(one, files(), {true, 100}).find("\x1b[1;31m"), std::string::npos);
}

TEST(RenderText, ReplacesWhatATerminalWouldObey) {
  const std::vector<SourceFile> odd{SourceFile("a", "x \x1b[2J \xFF y")};
  const std::vector<Diagnostic> one{diagnose(messages::kStatedTwice, {0, 9, 10})};
  const std::string rendered = render_text(one, odd);
  EXPECT_EQ(rendered.find('\x1b'), std::string::npos);
  EXPECT_NE(rendered.find("1 | x \xEF\xBF\xBD[2J \xEF\xBF\xBD y\n  |          ^\n"),
            std::string::npos)
      << rendered;
}

TEST(RenderJson, SaysWhereFromOneAndJustBehind) {
  const std::vector<Diagnostic> found{diagnose(messages::kExpected, {0, 20, 22}, "`\"`", "x")
                                          .label("here")
                                          .note({1, 10, 15}, "there")
                                          .help("do that")};
  const auto json = nlohmann::json::parse(render_json(found, files()));
  const nlohmann::json expected = {{{"code", "J1010"},
                                    {"name", "syntax"},
                                    {"severity", "error"},
                                    {"file", "winback.journey"},
                                    {"line", 2},
                                    {"column", 3},
                                    {"end_line", 2},
                                    {"end_column", 5},
                                    {"message", "expected `\"`, found x"},
                                    {"fix", nlohmann::json::array()},
                                    {"labels",
                                     {{{"primary", true},
                                       {"file", "winback.journey"},
                                       {"line", 2},
                                       {"column", 3},
                                       {"end_line", 2},
                                       {"end_column", 5},
                                       {"text", "here"}},
                                      {{"primary", false},
                                       {"file", "b.journey"},
                                       {"line", 1},
                                       {"column", 9},
                                       {"end_line", 1},
                                       {"end_column", 14},
                                       {"text", "there"}}}},
                                    {"help", {"do that"}}}};
  EXPECT_EQ(json, expected);
}

TEST(RenderJson, NothingFoundIsAnEmptyArray) {
  EXPECT_EQ(render_json({}, files()), "[]\n");
}

}  // namespace
}  // namespace sojourn::dsl
