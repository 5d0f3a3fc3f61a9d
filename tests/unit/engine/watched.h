// One user who is watched for one rule, as a test tells it.
#pragma once

#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <vector>

#include "engine/watches.h"
#include "tests/unit/engine/graph_builder.h"
#include "tests/unit/engine/one_user.h"

namespace sojourn::engine::test {

using WatchedRule = decltype(graph::WatchedEntry::rule);

class Watched {
 public:
  Watched(GraphBuilder& builder, WatchedRule rule)
      : user_(graph_with(builder, rule)), plan_(graphs_) {}

  test::TestProfile& profile() { return user_.profile; }
  OneUser& user() { return user_; }

  void at(std::string_view text) { user_.at(text); }
  void begin() { watches_.begin(plan_, user_.facts(), user_.now); }
  // Was there when the rule came to be.
  void begin_since(std::string_view text) {
    const base::Instant since = instant(text);
    watches_.begin(plan_, user_.facts(), user_.now, {&since, 1});
  }
  // Stored, and loaded by a program with other rules of the zone, or other workdays.
  void edit_the_rest_of_the_program() {
    Watches stored;
    stored.restore({watches_.known().begin(), watches_.known().end()}, false);
    watches_ = std::move(stored);
  }
  // Begins, if need be, before the field changes. The moment of an entry, or "".
  std::string set(const std::string& field, graph::Value value) {
    begin();
    user_.profile.fields[field] = std::move(value);
    watches_.field_changed(plan_, field);
    return take();
  }
  std::string event(const std::string& name) {
    begin();
    user_.add_event(name);
    watches_.event_kept(plan_, name);
    return take();
  }
  std::string take() {
    const auto came = watches_.take(plan_, user_.facts(), user_.now);
    EXPECT_LE(came.size(), 1U);
    return came.empty() ? "" : base::to_iso8601(came.front().at);
  }
  std::string due() const {
    const auto due = watches_.next_due();
    return due ? base::to_iso8601(*due) : "";
  }
  // Goes on to the next moment; what comes then.
  std::string passes() {
    user_.now = watches_.next_due().value();
    return take();
  }

 private:
  graph::Graph graph_with(GraphBuilder& builder, WatchedRule rule) {
    builder.graph().watched.push_back({0, std::move(rule)});
    return builder.build(graph::kCompleted);
  }

  OneUser user_;
  std::vector<const graph::Graph*> graphs_{&user_.graph()};
  WatchPlan plan_;
  Watches watches_;
};

}  // namespace sojourn::engine::test
