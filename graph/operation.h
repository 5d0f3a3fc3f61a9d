// What is fixed about each operation of an expression: its name for people, how
// many arguments it takes, and which of Expression's other members it uses.
#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <string_view>
#include <vector>

#include "graph/expression.h"

namespace sojourn::graph {

struct Graph;

inline constexpr std::size_t kOpCount = static_cast<std::size_t>(Op::kMatches) + 1;

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
// Is it answered from what the user belongs to (kSubscribedTo and its kin)?
bool asks_membership(Op op);
// The journeys that `in journey` and `left` name anywhere in the graph.
std::set<std::string_view> journeys_asked_about(const Graph& graph);
// How many questions stand around one another in an expression, itself included: from
// its arguments', so the expressions of a pool are added in order.
struct QuestionDepths {
  std::vector<std::size_t> depth;  // by ExprId, of those added
  void add(const Expression& expression);
};
// The condition among such an operation's arguments; kNoExpr when all count.
ExprId condition_of(const Expression& question);
// What such an operation adds up, compares or averages; kNoExpr when it does not.
ExprId operand_of(const Expression& question);

}  // namespace sojourn::graph
