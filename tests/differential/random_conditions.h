// Conditions of random journeys.
#pragma once

#include <string>
#include <vector>

#include "tests/differential/chance.h"
#include "tests/differential/random_program.h"

namespace sojourn::differential {

// What can be read at a place.
struct Readable {
  bool entry = true;                 // an enrollment has begun
  std::vector<std::string> numbers;  // of the entry, integers
  std::vector<std::string> steps;    // labels, for `since`
  std::vector<std::string> journeys;
  bool goal = false;  // the journey has the goal `bought`
};

class Conditions {
 public:
  Conditions(Chance& chance, Coverage& coverage, bool received)
      : chance_(chance), coverage_(coverage), received_(received) {}

  // One to three parts.
  std::string condition(const Readable& readable);
  // ` where …` of an event whose fields are its own; empty now and then.
  std::string where(const std::string& event, const Readable& readable);
  std::string elapsed();  // `12h`, `2d`

 private:
  std::string part(const Readable& readable);
  std::string of_profile();
  std::string of_history(const Readable& readable);
  std::string of_messages(const Readable& readable);
  std::string of_membership(const Readable& readable);
  std::string of_time();
  std::string window(const Readable& readable);
  std::string number() { return std::to_string(chance_.between(0, 9)); }
  std::string met(const char* construct, std::string text) {
    ++coverage_[construct];
    return text;
  }

  Chance& chance_;
  Coverage& coverage_;
  bool received_;
};

}  // namespace sojourn::differential
