// What an expression is checked in. Checking an expression and turning it into
// nodes of the graph are one walk: each check_… below gives the type and the node.
// A node is always made, also for a wrong expression (then `known` is false and
// whatever follows from it is silent), so callers never branch on failure.
//
// ExpressionContext belongs to one graph and grows with it. Scope is a value: what
// may be read at one place, and what is known to be set there.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/ast.h"
#include "dsl/program.h"
#include "dsl/report.h"
#include "dsl/world.h"
#include "graph/graph.h"
#include "graph/type.h"

namespace sojourn::dsl {

// Paths known to be set, as narrowing.h spells them: of `user`, `entry`, `event`,
// and of locals, which go by their slot.
using Facts = std::set<std::string, std::less<>>;

struct Scope {
  bool user = false;
  bool entry = false;
  bool event = false;
  bool now = false;
  // `event`'s declaration; null when it is unknown (reported already).
  const graph::EventType* event_type = nullptr;
  // "in `one per`": where we are, for the message that a root cannot be read here.
  std::string_view place;
  Facts facts;
  // In `wait until`, `schedule around` and `let` a date that may be missing ± a
  // duration may be missing (language 13); elsewhere it is an error.
  bool dates_may_be_missing = false;
  // Inside the `where` of a question over a list: what `it` is; null elsewhere.
  std::shared_ptr<const graph::Type> item;
};

struct Typed {
  graph::Type type;
  graph::ExprId id = graph::kNoExpr;
  bool known = true;  // false: wrong, and reported
  std::string path;   // its name in Facts; empty when it has none
  // Where the field or the name was declared, for messages that disagree with it.
  std::optional<Span> declared = {};
};

// Adds where `typed` was declared, if that is known.
void note_declared(Diagnostic& diagnostic, const Typed& typed);

// A name bound by `let` or `as`.
struct Local {
  std::string name;
  std::uint32_t slot = 0;
  graph::Type type;
  bool known = true;
  Span span;
  // Of a `collect`: the local that counts also what the list no longer keeps.
  std::optional<std::uint32_t> count_slot = std::nullopt;
};

// What `entry` holds. `known` is false when an entry could not be read.
struct EntryFields {
  bool known = true;
  std::vector<graph::TypedField> fields;
  Places declared;  // by name of a field
  Facts facts;      // what every `where` of an entry says is set; holds for good
};

struct ExpressionContext {
  // Expressions go to `graph_in`, and their places to `spans`.
  ExpressionContext(const World& world_in, Report& report_in, calendar::ZoneSource& zones_in,
                    graph::Graph& graph_in, std::vector<Span>& spans)
      : world(world_in),
        report(report_in),
        zones(zones_in),
        graph(graph_in),
        expression_spans(spans) {}

  const World& world;
  Report& report;
  calendar::ZoneSource& zones;
  graph::Graph& graph;
  std::vector<Span>& expression_spans;  // by ExprId

  EntryFields entry;
  std::vector<Local> locals;  // those in scope, innermost last
  // Values that the fragment at hand was given, by parameter.
  std::map<std::string, Typed, std::less<>> parameters;
  std::map<std::string, std::string, std::less<>> campaigns;  // and campaigns, likewise
  std::map<std::string, Typed, std::less<>> constants;        // those already in this graph
  std::vector<std::string> constants_in_progress;
  std::map<std::string, Typed, std::less<>> segments;  // those already in this graph
  std::vector<std::string> segments_in_progress;
  std::vector<std::int64_t> expanded_sizes;   // by ExprId, as far as was asked
  std::vector<ast::StepRef> step_references;  // of `since STEP`, looked up at the end
  std::vector<ast::StepRef> send_references;  // of `opened STEP`, likewise
  std::vector<ExitReference> exit_references;
  int depth = 0;  // of the expression at hand, through the constants it goes into

  const Local* find_local(std::string_view name) const;
  graph::ExprId emit(graph::Expression expression, Span span);
  graph::ExprId emit(graph::Op op, std::vector<graph::ExprId> arguments, Span span);
  graph::ExprId emit_constant(graph::Value value, Span span);
  // Stands for an expression that was wrong.
  Typed poison(Span span);
};

// Does the expression, or anything it is made of, have this operation?
bool reads(const graph::Graph& graph, graph::ExprId id, graph::Op op);

}  // namespace sojourn::dsl
