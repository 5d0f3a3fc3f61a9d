// What is fixed about each operation of an expression: its name for people, how
// many arguments it takes, and which of Expression's other members it uses.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "graph/expression.h"

namespace sojourn::graph {

inline constexpr std::size_t kOpCount = static_cast<std::size_t>(Op::kMember) + 1;

struct Operation {
  // How it is written, for people.
  enum class Form : std::uint8_t {
    kLeaf,      // on its own
    kPrefix,    // `not a`
    kInfix,     // `a + b`
    kSuffix,    // `a is set`
    kFunction,  // `lower(a)`
    kSpecial,   // its own way: `if`, `in`, interpolation, lists, objects, members
  };
  static constexpr std::size_t kAnyNumber = SIZE_MAX;

  Op op;
  std::string_view name;
  Form form;
  std::size_t min_arguments;
  std::size_t max_arguments;
};

const Operation& operation(Op op);

}  // namespace sojourn::graph
