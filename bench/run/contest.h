// The floor and what is compared with it, measured in turns. An error of a measurement ends the
// program with 2.
#pragma once

#include <cstdlib>
#include <fmt/format.h>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "bench/run/report.h"
#include "bench/run/stage.h"

namespace sojourn::bench {

struct Contest {
  MakeSystem floor;
  MakeSystem subject;
  std::string subject_name;
  int rounds = 3;
};

[[noreturn]] inline void give_up(const std::string& phase, const base::Error& error) {
  fmt::print(stderr, "bench: {}: {}\n", phase, error.message);
  if (!error.hint.empty()) fmt::print(stderr, "  {}\n", error.hint);
  std::exit(2);
}

template <typename T>
T value_or_give_up(const std::string& phase, base::Result<T> result) {
  if (!result) give_up(phase, result.error());
  return std::move(*result);
}

// Runs `measure` on the floor, then on the subject, `rounds` times over, and hands each result on
// with the column of a row that it belongs to.
template <typename Measure, typename Store>
void in_turns(const Contest& contest, const std::string& phase, int rounds, Measure measure,
              Store store) {
  for (int round = 1; round <= rounds; ++round) {
    for (const bool is_floor : {true, false}) {
      const auto name = fmt::format("{}, {}, round {} of {}", phase,
                                    is_floor ? "floor" : contest.subject_name, round, rounds);
      fmt::print(stderr, "{}\n", name);
      store(value_or_give_up(name, measure(is_floor ? contest.floor : contest.subject)),
            is_floor ? &ReportRow::floor : &ReportRow::subject);
    }
  }
}

}  // namespace sojourn::bench
