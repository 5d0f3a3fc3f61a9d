#include "proof/test_text.h"

#include <algorithm>
#include <fmt/core.h>
#include <set>
#include <variant>

#include "base/text.h"
#include "graph/catalog.h"
#include "graph/engagement.h"
#include "graph/graph.h"
#include "graph/reserved.h"
#include "graph/wording.h"

namespace sojourn::proof {
namespace {

using graph::Edge;
using Kind = graph::Type::Kind;

std::string quoted(std::string_view text) {
  std::string out;
  base::append_json_string(out, text);
  return out;
}

std::string fields_text(const std::vector<graph::TypedField>& fields);

// Some value of the type.
std::string value_text(const graph::Type& type) {
  switch (type.kind) {
    case Kind::kString:
    case Kind::kAny:
      return "\"some\"";
    case Kind::kInteger:
    case Kind::kNumber:
      return "1";
    case Kind::kBoolean:
      return "true";
    case Kind::kTimestamp:
      return "2026-03-02T09:00Z";
    case Kind::kDate:
      return "2026-03-02";
    case Kind::kTimeOfDay:
      return "09:00";
    case Kind::kDuration:
      return "1d";
    case Kind::kTimezone:
      return "\"Europe/Berlin\"";
    case Kind::kOneOf:
      return type.choices.empty() ? "\"some\"" : quoted(type.choices.front());
    case Kind::kList:
      return type.element ? fmt::format("[{}]", value_text(*type.element)) : "[]";
    case Kind::kObject:
      return fields_text(type.fields);
  }
  return "\"some\"";
}

bool is_plain_name(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

// Those that have to be there.
std::string fields_text(const std::vector<graph::TypedField>& fields) {
  std::string out;
  for (const graph::TypedField& field : fields) {
    if (field.type.optional) continue;
    out += out.empty() ? "{ " : ", ";
    out += is_plain_name(field.name) ? field.name : quoted(field.name);
    out += ": " + value_text(field.type);
  }
  return out.empty() ? "{}" : out + " }";
}

class TestWriter {
 public:
  TestWriter(const graph::Graph& graph, const graph::Catalog& catalog, const Witness& witness)
      : graph_(graph), catalog_(catalog), witness_(witness) {}

  std::string write(std::string_view title) {
    out_ = fmt::format("test {} {} {{\n", graph_.journey, quoted(title));
    line("at 2026-03-02T09:00Z");
    write_person();
    if (!graph_.entries.empty()) write_entry(graph_.entries.front());
    const std::size_t rest = last_rest();
    for (std::size_t i = 0; i < witness_.legs.size(); ++i) {
      const Leg& leg = witness_.legs[i];
      if (witness_.event_before_last && i == rest) write_forbidden_event(leg);
      std::visit([&](const auto& action) { write_leg(leg, action); },
                 graph_.steps[leg.step].action);
    }
    if (witness_.completes) line("expect exit completed");
    return out_ + "}\n";
  }

 private:
  void line(std::string_view text) { out_ += fmt::format("  {}\n", text); }

  void comment(std::string text) {
    std::ranges::replace(text, '\n', ' ');
    line("# " + text);
  }

  void write_entry(const graph::EventEntry& entry) {
    const auto watched = [&](const graph::WatchedEntry& w) {
      return graph_.entries[w.entry].event == entry.event;
    };
    if (std::ranges::any_of(graph_.watched, watched)) return comment(graph::wording(graph_, entry));
    write_event(entry.event);
  }

  void write_event(const std::string& event) {
    const std::string_view entered = graph::journey_of_api_event(event);
    if (!entered.empty()) return write_named("enter", entered, catalog_.find_api_entry(entered));
    const graph::EventType* type = catalog_.find_event(event);
    if (type == nullptr && graph::told(event) != event) {
      return comment(fmt::format("here somebody `{}` …", graph::told(event)));
    }
    // A change, say, which no line brings about alone.
    if (event.find(' ') != std::string::npos) return comment(event);
    write_named("event", event, type);
  }

  void write_named(std::string_view word, std::string_view name, const graph::EventType* type) {
    const std::string fields = type == nullptr ? "{}" : fields_text(type->fields);
    line(fmt::format("{} {}{}{}", word, name, fields == "{}" ? "" : " ",
                     fields == "{}" ? "" : fields));
  }

  bool is_rest(const Leg& leg) const {
    const graph::Step& step = graph_.steps[leg.step];
    return graph::is_resting_place(step) && !std::holds_alternative<graph::Send>(step.action);
  }

  // The last leg on which a test can let something happen: messages leave at once
  // there. The very last leg when there is none.
  std::size_t last_rest() const {
    const auto last = std::find_if(witness_.legs.rbegin(), witness_.legs.rend(),
                                   [&](const Leg& leg) { return is_rest(leg); });
    const auto behind = static_cast<std::size_t>(witness_.legs.rend() - last);
    return behind == 0 ? witness_.legs.size() - 1 : behind - 1;
  }

  // The event after which nothing is to be sent.
  void write_forbidden_event(const Leg& leg) {
    if (!is_rest(leg)) comment("while the message has not left yet:");
    const auto* wait = std::get_if<graph::WaitFor>(&graph_.steps[leg.step].action);
    if (wait != nullptr && leg.edge.way == Edge::Way::kArm) {
      // The wait is ended by that very event.
      const auto* arm = std::get_if<graph::EventArm>(&wait->arms[leg.edge.index]);
      if (arm != nullptr && arm->event == *witness_.event_before_last) return;
    }
    write_event(*witness_.event_before_last);
  }

  // Somebody who can be reached, and who goes the way that the splits have to go.
  void write_person() {
    line("user { email: \"ada@example.com\", phoneNumber: \"+15550100\" }");
    std::set<std::string> types;
    for (const Leg& leg : witness_.legs) {
      const auto* send = std::get_if<graph::Send>(&graph_.steps[leg.step].action);
      const graph::Campaign* campaign =
          send != nullptr && leg.sent ? catalog_.find_campaign(send->campaign) : nullptr;
      if (campaign != nullptr) types.insert(campaign->message_type);
    }
    for (const std::string& type : types) line("subscribed " + type);
    std::set<std::string> assigned;
    for (const Leg& leg : witness_.legs) {
      const auto* split = std::get_if<graph::Split>(&graph_.steps[leg.step].action);
      if (split == nullptr || !assigned.insert(split->name).second) continue;
      line(fmt::format("assign {} {}", split->name, split->arms[leg.edge.index].name));
    }
  }

  std::string words(const Leg& leg) const {
    return graph::wording(graph_, graph_.steps[leg.step], leg.edge);
  }

  void write_leg(const Leg& leg, const graph::Send& send) {
    if (leg.sent) return line("expect send " + send.campaign);
    comment(leg.edge.way == Edge::Way::kElse ? send.campaign + " cannot be reached"
                                             : send.campaign + " is skipped");
  }
  void write_leg(const Leg&, const graph::Wait& wait) {
    graph::Duration length = wait.duration;
    // Past the time of day that it waits for.
    if (wait.at) ++length.days;
    line("after " + graph::to_string(length));
  }
  void write_leg(const Leg& leg, const graph::WaitUntil&) {
    comment(leg.edge.way == Edge::Way::kNext ? graph::wording(graph_, graph_.steps[leg.step])
                                             : words(leg));
  }
  void write_leg(const Leg& leg, const graph::WaitUntilTime&) {
    comment(graph::wording(graph_, graph_.steps[leg.step]));
  }
  void write_leg(const Leg&, const graph::Collect& collect) {
    line("after " + length_text(collect.length));
  }
  void write_leg(const Leg& leg, const graph::Call& call) {
    line((leg.edge.way == Edge::Way::kElse ? "fail " : "reply ") + call.webhook);
  }
  void write_leg(const Leg& leg, const graph::WaitFor& wait) {
    if (leg.edge.way == Edge::Way::kTimeout) return line("after " + length_text(wait.up_to));
    const auto* arm = std::get_if<graph::EventArm>(&wait.arms[leg.edge.index]);
    if (arm == nullptr) return comment("until " + graph::wording(graph_, graph_.steps[leg.step]));
    if (arm->where != graph::kNoExpr) comment(words(leg));
    write_event(arm->event);
  }
  void write_leg(const Leg& leg, const graph::Schedule&) {
    if (leg.edge.way != Edge::Way::kNext) comment("until " + words(leg));
  }
  void write_leg(const Leg& leg, const graph::Branch&) {
    comment(graph_.steps[leg.step].identity + ": " + words(leg));
  }
  void write_leg(const Leg&, const graph::Track& track) { line("expect track " + track.event); }
  // Splits are assigned at the head; the rest is not seen from outside.
  template <typename Action>
  void write_leg(const Leg&, const Action&) {}

  const graph::Graph& graph_;
  const graph::Catalog& catalog_;
  const Witness& witness_;
  std::string out_;
};

}  // namespace

std::string test_text(const graph::Graph& graph, const graph::Catalog& catalog,
                      const Witness& witness, std::string_view title) {
  return TestWriter(graph, catalog, witness).write(title);
}

}  // namespace sojourn::proof
