// What is fixed about each operation of an expression: its name for people, how
// many arguments it takes, and which of Expression's other members it uses.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "graph/expression.h"

namespace sojourn::graph {

inline constexpr std::size_t kOpCount = static_cast<std::size_t>(Op::kListItems) + 1;

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

// Is it answered from what has happened (kCountEvents and its kin)?
bool asks_history(Op op);
// Is it asked of the items of a list (kCountItems and its kin)?
bool asks_list(Op op);
// The condition among such an operation's arguments; kNoExpr when all count.
ExprId condition_of(const Expression& question);
// What such an operation adds up, compares or averages; kNoExpr when it does not.
ExprId operand_of(const Expression& question);

}  // namespace sojourn::graph
