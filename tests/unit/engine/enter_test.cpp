#include <gtest/gtest.h>

#include "engine/advance.h"
#include "tests/unit/engine/graph_builder.h"
#include "tests/unit/engine/one_user.h"

namespace sojourn::engine {
namespace {

using graph::Op;
using graph::Value;
using test::GraphBuilder;
using test::instant;
using test::OneUser;

std::optional<base::Hash128> unit(const graph::Graph& graph, const EventFact& event) {
  OneUser user(graph);
  return entry_unit(graph, user.facts(), event, user.now);
}

EventFact signup(std::vector<graph::Field> fields = {}) {
  return {.number = 1,
          .name = "signup",
          .created_at = instant("2026-03-01T09:00Z"),
          .arrived_at = instant("2026-03-01T09:00Z"),
          .fields = std::move(fields)};
}

TEST(EntryUnit, OnlyAnEntryEventWhoseConditionHoldsEnters) {
  GraphBuilder b;
  b.graph().entries[0].where = b.op(Op::kLess, {b.event("seats"), b.integer(500)});
  const graph::Graph graph = b.build(graph::kCompleted);
  EXPECT_TRUE(unit(graph, signup({{"seats", Value(std::int64_t{10})}})).has_value());
  EXPECT_FALSE(unit(graph, signup({{"seats", Value(std::int64_t{500})}})).has_value());
  EXPECT_FALSE(unit(graph, signup()).has_value());
  EventFact login = signup({{"seats", Value(std::int64_t{10})}});
  login.name = "login";
  EXPECT_FALSE(unit(graph, login).has_value());
}

TEST(EntryUnit, AnyOfSeveralEntriesEnters) {
  GraphBuilder b;
  b.graph().entries[0].where = b.constant(Value(false));
  b.graph().entries.push_back({"signup", b.equal(b.event("plan"), b.text("pro"))});
  const graph::Graph graph = b.build(graph::kCompleted);
  EXPECT_TRUE(unit(graph, signup({{"plan", Value("pro")}})).has_value());
  EXPECT_FALSE(unit(graph, signup({{"plan", Value("free")}})).has_value());
}

TEST(EntryUnit, IsOnePerUserUnlessTheJourneySaysOtherwise) {
  GraphBuilder b;
  const graph::Graph graph = b.build(graph::kCompleted);
  EXPECT_EQ(unit(graph, signup({{"ns", Value("n1")}})), unit(graph, signup({{"ns", Value("n2")}})));
}

TEST(EntryUnit, DiffersByTheValuesOfOnePer) {
  GraphBuilder b;
  b.graph().one_per = {b.entry("ns")};
  const graph::Graph graph = b.build(graph::kCompleted);
  const auto first = unit(graph, signup({{"ns", Value("n1")}}));
  EXPECT_EQ(first, unit(graph, signup({{"ns", Value("n1")}, {"seats", Value(2.0)}})));
  EXPECT_NE(first, unit(graph, signup({{"ns", Value("n2")}})));
  EXPECT_NE(first, unit(graph, signup()));
  EXPECT_EQ(unit(graph, signup()), unit(graph, signup()));
  EXPECT_EQ(unit(graph, signup({{"ns", Value(1.0)}})),
            unit(graph, signup({{"ns", Value(std::int64_t{1})}})));
}

TEST(EntryUnit, DiffersByJourney) {
  GraphBuilder b;
  graph::Graph graph = b.build(graph::kCompleted);
  const auto trial = unit(graph, signup());
  graph.journey = "winback";
  EXPECT_NE(trial, unit(graph, signup()));
}

TEST(Enter, KeepsWhatTheProgramReadsOfTheEntryAndNoMore) {
  GraphBuilder b;
  b.exit_on("purchase", b.equal(b.event("ns"), b.entry("ns")));
  OneUser user(b.build(b.wait("wait", test::calendar_days(1))));
  user.enters({{"plan", Value("pro")}, {"ns", Value("n1")}});
  const Enrollment& e = *user.enrollment;
  EXPECT_EQ(e.entry_fields, std::vector<Value>{Value("n1")});
  EXPECT_EQ(e.entry_event, 1U);
  EXPECT_EQ(e.entered_at, user.now);
  EXPECT_EQ(e.user, 7U);
  EXPECT_EQ(e.number, 1U);
  EXPECT_EQ(e.version, (graph::Version{1, 2}));
  EXPECT_EQ(e.unit, (base::Hash128{3, 4}));
  EXPECT_EQ(user.place(), "wait");
}

TEST(Enter, AnEntryDatedOutsideTheCalendarIsHeldWithinIt) {
  GraphBuilder b;
  OneUser user(b.build(b.wait("wait", test::calendar_days(1))));
  EventFact event = signup();
  event.created_at = base::Instant{INT64_MAX};
  const Advanced entered = enter(user.graph(), {}, 7, 1, {}, user.facts(), event, user.now);
  EXPECT_EQ(entered.enrollment.entry_created_at, base::kNever);
}

}  // namespace
}  // namespace sojourn::engine
