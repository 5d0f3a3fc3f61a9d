#include "graph/print.h"

#include <fmt/core.h>
#include <span>

#include "base/text.h"
#include "graph/encode.h"
#include "graph/expression_text.h"
#include "graph/graph.h"
#include "graph/walk.h"
#include "graph/wording.h"

namespace sojourn::graph {
namespace {

std::string label_of(const Graph& graph, const Step& step) {
  const std::string says = wording(graph, step);
  // An unlabelled send says its own name already.
  return says == "send " + step.identity ? says : step.identity + ": " + says;
}

std::string node_name(StepIndex step) {
  return step == kCompleted ? "completed" : fmt::format("s{}", step);
}

// Characters that mean something inside a quoted Mermaid label, by its entity codes.
std::string mermaid_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "#quot;";
        break;
      case '#':
        out += "#35;";
        break;
      case '<':
        out += "#lt;";
        break;
      case '>':
        out += "#gt;";
        break;
      case '\n':
        out += ' ';
        break;
      default:
        out.push_back(c);
    }
  }
  return out + "\"";
}

std::string mermaid_node(const Graph& graph, const Step& step) {
  const std::string text = mermaid_text(label_of(graph, step));
  if (std::holds_alternative<Exit>(step.action)) return "([" + text + "])";
  if (std::holds_alternative<Branch>(step.action) || std::holds_alternative<Split>(step.action)) {
    return "{" + text + "}";
  }
  return is_resting_place(step) ? "[" + text + "]" : "[/" + text + "/]";
}

std::string dot_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out.push_back('\\');
    out.push_back(c == '\n' ? ' ' : c);
  }
  return out + "\"";
}

std::string_view dot_shape(const Step& step) {
  if (std::holds_alternative<Exit>(step.action)) return "oval";
  if (std::holds_alternative<Branch>(step.action) || std::holds_alternative<Split>(step.action)) {
    return "diamond";
  }
  return is_resting_place(step) ? "box" : "parallelogram";
}

std::string json_text(std::string_view text) {
  std::string out;
  base::append_json_string(out, text);
  return out;
}

// `{"name":"value",…}` written field by field; values are JSON already.
class JsonObject {
 public:
  JsonObject& add(std::string_view name, std::string_view json) {
    if (text_.size() > 1) text_.push_back(',');
    base::append_json_string(text_, name);
    text_.push_back(':');
    text_ += json;
    return *this;
  }
  std::string text() const { return text_ + "}"; }

 private:
  std::string text_ = "{";
};

// `each` gives the JSON of one item.
template <typename Items, typename Each>
std::string json_items(const Items& items, std::string_view separator, Each each) {
  std::string out;
  for (const auto& item : items) {
    if (!out.empty()) out += separator;
    out += each(item);
  }
  return out;
}

template <typename Items, typename Each>
std::string json_array(const Items& items, Each each) {
  return "[" + json_items(items, ",", each) + "]";
}

std::string json_expression(const Graph& graph, ExprId id) {
  return json_text(to_string(graph, id));
}

std::string json_edge(const Graph& graph, const Step& step, const Edge& edge) {
  JsonObject out;
  const std::string way = wording(graph, step, edge);
  if (!way.empty()) out.add("way", json_text(way));
  out.add("to", edge.to == kCompleted ? "null" : json_text(graph.steps[edge.to].identity));
  return out.text();
}

std::string json_needs(const Needs& needs) {
  const auto since = [](Since s) {
    return s == Since::kEntry ? "\"entry\"" : s == Since::kHere ? "\"here\"" : "\"step\"";
  };
  JsonObject out;
  out.add("user_fields", json_array(needs.user_fields, json_text))
      .add("history", json_array(needs.history, [&](const Needs::History& h) {
             return JsonObject()
                 .add("event", json_text(h.event))
                 .add("since", since(h.since))
                 .text();
           }));
  if (!needs.questions.empty()) out.add("questions", json_array(needs.questions, json_text));
  return out.text();
}

std::string json_step(const Graph& graph, const Step& step) {
  JsonObject out;
  out.add("identity", json_text(step.identity))
      .add("kind", json_text(kind_of(step)))
      .add("does", json_text(wording(graph, step)))
      .add("next", json_array(drawn_edges(step),
                              [&](const Edge& edge) { return json_edge(graph, step, edge); }));
  if (is_resting_place(step)) out.add("needs", json_needs(step.needs));
  return out.text();
}

}  // namespace

std::string print_mermaid(const Graph& graph) {
  std::string out = "flowchart TD\n";
  for (std::size_t i = 0; i < graph.entries.size(); ++i) {
    out += fmt::format("  entry{}([{}]) --> {}\n", i,
                       mermaid_text(wording(graph, graph.entries[i])), node_name(graph.first));
  }
  for (std::size_t i = 0; i < graph.exits.size(); ++i) {
    out += fmt::format("  exit{}>{}]\n", i, mermaid_text(wording(graph, graph.exits[i])));
  }
  for (StepIndex i = 0; i < graph.steps.size(); ++i) {
    const Step& step = graph.steps[i];
    out += fmt::format("  {}{}\n", node_name(i), mermaid_node(graph, step));
    for (const Edge& edge : drawn_edges(step)) {
      const std::string way = wording(graph, step, edge);
      const std::string arrow = way.empty() ? "-->" : "-->|" + mermaid_text(way) + "|";
      out += fmt::format("  {} {} {}\n", node_name(i), arrow, node_name(edge.to));
    }
  }
  return out + "  completed([\"completed\"])\n";
}

std::string print_dot(const Graph& graph) {
  std::string out = fmt::format("digraph {} {{\n", dot_text(graph.journey));
  for (std::size_t i = 0; i < graph.entries.size(); ++i) {
    out += fmt::format("  entry{} [shape=oval label={}]\n  entry{} -> {}\n", i,
                       dot_text(wording(graph, graph.entries[i])), i, node_name(graph.first));
  }
  for (std::size_t i = 0; i < graph.exits.size(); ++i) {
    out += fmt::format("  exit{} [shape=note label={}]\n", i,
                       dot_text(wording(graph, graph.exits[i])));
  }
  for (StepIndex i = 0; i < graph.steps.size(); ++i) {
    const Step& step = graph.steps[i];
    out += fmt::format("  {} [shape={} label={}]\n", node_name(i), dot_shape(step),
                       dot_text(label_of(graph, step)));
    for (const Edge& edge : drawn_edges(step)) {
      const std::string way = wording(graph, step, edge);
      out += fmt::format("  {} -> {}{}\n", node_name(i), node_name(edge.to),
                         way.empty() ? "" : fmt::format(" [label={}]", dot_text(way)));
    }
  }
  return out + "  completed [shape=oval label=\"completed\"]\n}\n";
}

std::string print_json(const Graph& graph) {
  const auto say = [&](const auto& part) { return json_text(wording(graph, part)); };
  const auto expression = [&](ExprId id) { return json_expression(graph, id); };
  JsonObject out;
  out.add("journey", json_text(graph.journey))
      .add("version", json_text(version_of(graph).hex()))
      .add("title", json_text(graph.title))
      .add("owner", json_text(graph.owner))
      .add("entries", json_array(graph.entries, say))
      .add("one_per", json_array(graph.one_per, expression))
      .add("exits", json_array(graph.exits, say))
      .add("timezone", json_array(graph.zone_chain, expression));
  if (!graph.person_zone_chain.empty()) {
    out.add("person_timezone", json_array(graph.person_zone_chain, expression));
  }
  if (graph.priority != Priority::kNormal) {
    out.add("priority", json_text(to_string(graph.priority)));
  }
  if (!graph.goals.empty()) out.add("goals", json_array(graph.goals, say));
  if (graph.holdout > 0) out.add("holdout", fmt::format("{}", graph.holdout / 100.0));
  if (graph.pace) out.add("pace", json_text(wording(*graph.pace)));
  if (graph.quiet) out.add("quiet", json_text(wording(*graph.quiet)));
  out.add("first",
          graph.first == kCompleted ? "null" : json_text(graph.steps[graph.first].identity))
      .add("steps", "[\n" + json_items(graph.steps, ",\n", [&](const Step& step) {
                      return json_step(graph, step);
                    }) + "\n]");
  return out.text() + "\n";
}

}  // namespace sojourn::graph
