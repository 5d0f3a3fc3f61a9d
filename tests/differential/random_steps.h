// Steps of random journeys, blocks inside blocks.
#pragma once

#include <string>
#include <vector>

#include "tests/differential/chance.h"
#include "tests/differential/random_conditions.h"
#include "tests/differential/random_program.h"

namespace sojourn::differential {

class StepWriter {
 public:
  StepWriter(Chance& chance, Conditions& conditions, RandomProgram& out, Readable readable)
      : chance_(chance), conditions_(conditions), out_(out), readable_(std::move(readable)) {}
  void may_start(const std::string& journey) { may_start_.push_back(journey); }

  // `indent` levels deep in the text, `depth` blocks deep in the journey.
  void block(std::size_t indent, int depth);

 private:
  static constexpr int kDeepest = 3;

  void step(std::size_t indent, int depth);
  void send(std::size_t indent, int depth);
  void wait(std::size_t indent);
  void wait_until_time(std::size_t indent);
  void wait_until(std::size_t indent, int depth);
  void wait_for(std::size_t indent, int depth);
  void wait_for_several(std::size_t indent, int depth);
  void schedule(std::size_t indent, int depth);
  void branch(std::size_t indent, int depth);
  void match(std::size_t indent, int depth);
  void match_text(std::size_t indent, int depth);
  void split(std::size_t indent, int depth);
  void repeat(std::size_t indent, int depth);
  // random_actions.cpp, as send
  void call(std::size_t indent, int depth);
  void collect(std::size_t indent);
  void collect_engagement(std::size_t indent);
  void write(std::size_t indent);
  void use(std::size_t indent);
  void small(std::size_t indent);
  void read_event(std::size_t indent, const std::string& name);

  void line(std::size_t indent, const std::string& text) {
    out_.text += std::string(indent, ' ') + text + "\n";
  }
  void met(const std::string& construct) { ++out_.constructs[construct]; }
  std::string label();
  std::string at();
  std::string length();
  std::string some_time();
  std::string otherwise();
  // `label: EVENT_STEP {` … `}`.
  void arm(std::size_t indent, int depth, const std::string& head) {
    line(indent, head + " {");
    block(indent + 2, depth + 1);
  }

  Chance& chance_;
  Conditions& conditions_;
  RandomProgram& out_;
  Readable readable_;
  std::vector<std::string> may_start_;
  int labels_ = 0;
  int steps_ = 0;
};

}  // namespace sojourn::differential
