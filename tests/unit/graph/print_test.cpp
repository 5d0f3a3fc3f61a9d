// Each picture of each sample graph is kept in tests/golden/graph. To accept a
// change after looking at it, run this test with UPDATE_GOLDEN=1.
#include "graph/print.h"

#include <cstdlib>
#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/unit/graph/samples.h"

namespace sojourn::graph {
namespace {

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

void expect_golden(const std::string& name, const std::string& actual) {
  const std::string path = SOJOURN_SOURCE_DIR "/tests/golden/graph/" + name + ".txt";
  if (std::getenv("UPDATE_GOLDEN") != nullptr) {
    std::ofstream(path, std::ios::binary) << actual;
  }
  EXPECT_EQ(actual, read_file(path)) << "differs from " << path;
}

TEST(Print, Mermaid) {
  expect_golden("empty_mermaid", print_mermaid(samples::empty()));
  expect_golden("welcome_mermaid", print_mermaid(samples::welcome()));
  expect_golden("trial_mermaid", print_mermaid(samples::trial()));
}

TEST(Print, Dot) {
  expect_golden("empty_dot", print_dot(samples::empty()));
  expect_golden("welcome_dot", print_dot(samples::welcome()));
  expect_golden("trial_dot", print_dot(samples::trial()));
}

TEST(Print, Json) {
  expect_golden("empty_json", print_json(samples::empty()));
  expect_golden("welcome_json", print_json(samples::welcome()));
  expect_golden("trial_json", print_json(samples::trial()));
}

TEST(Print, JsonIsReadByAParserAndNamesEveryStep) {
  const auto json = nlohmann::json::parse(print_json(samples::trial()));
  ASSERT_EQ(json["steps"].size(), samples::trial().steps.size());
  EXPECT_EQ(json["steps"][9]["identity"], "schedule 1");
  EXPECT_EQ(json["steps"][9]["next"][0]["way"], "3d before at 09:00");
  EXPECT_EQ(json["steps"][9]["needs"]["user_fields"].size(), 5u);
}

TEST(Print, WhatAnAuthorWroteCannotBreakOutOfALabel) {
  Graph graph = samples::empty();
  graph.journey = "a\"b\\c";
  graph.steps = {{"x\"]\n#<b>", Exit{"r\""}, {}}};
  graph.first = 0;
  EXPECT_NE(print_mermaid(graph).find("s0([\"x#quot;] #35;#lt;b#gt;: exit as r#quot;\"])\n"),
            std::string::npos);
  const std::string dot = print_dot(graph);
  EXPECT_NE(dot.find("digraph \"a\\\"b\\\\c\" {"), std::string::npos);
  EXPECT_NE(dot.find("label=\"x\\\"] #<b>: exit as r\\\"\""), std::string::npos);
  EXPECT_EQ(nlohmann::json::parse(print_json(graph))["journey"], "a\"b\\c");
}

}  // namespace
}  // namespace sojourn::graph
