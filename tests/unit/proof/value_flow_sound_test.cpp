// What is known of values against the real engine: conditions evaluated for all values of
// a few fields, and random journeys with many random users. Nothing that happens may have
// been called impossible.
//
// SOJOURN_PROOF_JOURNEYS=100000 in the environment is the long form; SOJOURN_PROOF_SEED
// starts from another seed.
#include <array>
#include <cstdlib>
#include <fmt/core.h>
#include <gtest/gtest.h>
#include <map>

#include "engine/evaluate.h"
#include "graph/expression_text.h"
#include "graph/print.h"
#include "proof/value_flow.h"
#include "tests/unit/engine/graph_builder.h"
#include "tests/unit/engine/one_user.h"
#include "tests/unit/proof/random_journey.h"
#include "tests/unit/proof/typed_fields.h"
#include "tests/unit/proof/walker.h"

namespace sojourn::proof::test {
namespace {

using engine::test::GraphBuilder;
using graph::ExprId;
using graph::Op;
using graph::Value;

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

struct Field {
  const char* name;
  std::vector<Value> values;  // that are tried
};

const std::vector<Field>& fields() {
  static const std::vector<Field> kFields = {
      {"seats",
       {Value(), Value(std::int64_t{0}), Value(std::int64_t{1}), Value(std::int64_t{2}),
        Value(std::int64_t{3}), Value(std::int64_t{4})}},
      {"score", {Value(), Value(0.0), Value(1.5), Value(std::int64_t{2}), Value(3.0)}},
      {"plan", {Value(), Value("free"), Value("trial"), Value("pro")}},
      {"vip", {Value(), Value(true), Value(false)}},
      {"nick", {Value("friend"), Value("ada"), Value("")}},
  };
  return kFields;
}

// Conditions over the fields above, as the checks let through.
class Conditions {
 public:
  explicit Conditions(base::Random& random) : random_(random) {
    for (const Field& field : fields()) places_.push_back(b.user(field.name));
  }

  ExprId make(int depth = 0) {
    const std::uint64_t kind = below(depth >= 3 ? 6 : 10);
    switch (kind) {
      case 0:
        return b.op(Op::kIsSet, {any_place()});
      case 1:
        return b.op(one_in(2) ? Op::kEqual : Op::kNotEqual, {places_[2], plan()});
      case 2:
        return b.op(Op::kIn, {places_[2], plan(), plan()});
      case 3:
        return one_in(2) ? places_[3] : b.op(text_test(), {places_[4], b.text("a")});
      case 4:
        return b.op(text_test(), {places_[2], b.text(one_in(2) ? "r" : "free")});
      case 5:
        return comparison(depth);
      case 6:
        return b.op(Op::kNot, {make(depth + 1)});
      case 7:
        return b.op(Op::kIf, {make(depth + 1), make(depth + 1), make(depth + 1)});
      default:
        return b.op(one_in(2) ? Op::kAnd : Op::kOr, {make(depth + 1), make(depth + 1)});
    }
  }

  GraphBuilder b;

 private:
  std::uint64_t below(std::uint64_t bound) { return base::random_below(random_, bound); }
  bool one_in(std::uint64_t n) { return below(n) == 0; }
  ExprId any_place() { return places_[below(places_.size())]; }
  ExprId plan() {
    constexpr std::array kPlans{"free", "trial", "pro"};
    return b.text(kPlans[below(kPlans.size())]);
  }
  Op text_test() {
    constexpr std::array kTests{Op::kContains, Op::kStartsWith, Op::kEndsWith};
    return kTests[below(kTests.size())];
  }
  ExprId number(int depth) {
    switch (below(6)) {
      case 0:
        return b.constant(Value(static_cast<double>(below(8)) / 2));
      case 1:
        return places_[1];
      case 2:
        return places_[0];
      case 3:
        return b.op(Op::kDefault,
                    {places_[below(2)], b.integer(static_cast<std::int64_t>(below(5)))});
      case 4:
        if (depth >= 3) return places_[0];
        return b.op(Op::kIf, {make(depth + 1), number(depth + 1), number(depth + 1)});
      default:
        return b.integer(static_cast<std::int64_t>(below(5)));
    }
  }
  ExprId comparison(int depth) {
    constexpr std::array kOps{Op::kLess,         Op::kLessEqual, Op::kGreater,
                              Op::kGreaterEqual, Op::kEqual,     Op::kNotEqual};
    return b.op(kOps[below(kOps.size())], {number(depth), number(depth)});
  }

  base::Random& random_;
  std::vector<ExprId> places_;
};

// All values of all fields, one after the other.
template <typename Visit>
void for_all_profiles(Visit visit) {
  engine::test::TestProfile profile;
  std::vector<std::size_t> at(fields().size(), 0);
  while (true) {
    for (std::size_t i = 0; i < at.size(); ++i) {
      profile.fields[fields()[i].name] = fields()[i].values[at[i]];
    }
    visit(profile);
    std::size_t i = 0;
    while (i < at.size() && ++at[i] == fields()[i].values.size()) at[i++] = 0;
    if (i == at.size()) return;
  }
}

class Trial {
 public:
  Trial(Conditions& conditions, const graph::Catalog& catalog)
      : graph_(conditions.b.graph()), paths_(graph_), assumptions_(graph_, catalog, paths_) {}

  bool holds(const engine::test::TestProfile& profile, ExprId condition) const {
    return engine::holds(engine::Scope{.graph = graph_,
                                       .profile = profile,
                                       .zones = zones_,
                                       .entry_fields = {},
                                       .entry_created_at = {},
                                       .locals = {},
                                       .now = {}},
                         condition);
  }

  // What is known once each condition has its outcome; nullopt: that cannot be.
  std::optional<KnownValues> known(const std::vector<std::pair<ExprId, bool>>& assumed) const {
    KnownValues known;
    for (const auto& [condition, outcome] : assumed) {
      if (!assumptions_.assume(known, condition, outcome)) return std::nullopt;
    }
    return known;
  }

  void expect_allows(const KnownValues& known, const engine::test::TestProfile& profile) const {
    for (const Field& field : fields()) {
      const PathIndex path = paths_.find(Path::Root::kUser, field.name);
      EXPECT_TRUE(assumptions_.value_at(known, path).has(profile.field(field.name)))
          << field.name << " is " << assumptions_.value_at(known, path).words();
    }
  }

 private:
  const graph::Graph& graph_;
  ValuePaths paths_;
  Assumptions assumptions_;
  mutable engine::test::TestZones zones_;
};

TEST(ValueFlowSound, WhatCannotBeNeverIs) {
  const std::uint64_t seed = from_environment("SOJOURN_PROOF_SEED", 20261122);
  const std::uint64_t trials = from_environment("SOJOURN_PROOF_JOURNEYS", 2'000) / 2;
  fmt::print("seed {}, {} pairs of conditions\n", seed, trials);
  const graph::Catalog catalog = typed_catalog();
  std::size_t impossible = 0;
  std::size_t never_seen = 0;
  for (std::uint64_t i = 0; i < trials; ++i) {
    base::SeededRandom random(seed + i);
    Conditions conditions(random);
    const ExprId first = conditions.make();
    const ExprId second = conditions.make();
    const Trial trial(conditions, catalog);
    // By the two outcomes.
    std::array<std::optional<KnownValues>, 4> known;
    std::array<bool, 4> seen{};
    for (std::size_t way = 0; way < known.size(); ++way) {
      known[way] = trial.known({{first, way / 2 == 1}, {second, way % 2 == 1}});
    }
    for_all_profiles([&](const engine::test::TestProfile& profile) {
      if (::testing::Test::HasFailure()) return;
      const std::size_t way =
          (trial.holds(profile, first) ? 2U : 0U) + (trial.holds(profile, second) ? 1U : 0U);
      seen[way] = true;
      ASSERT_TRUE(known[way].has_value());
      trial.expect_allows(*known[way], profile);
    });
    ASSERT_FALSE(::testing::Test::HasFailure())
        << "SOJOURN_PROOF_SEED=" << seed + i << " SOJOURN_PROOF_JOURNEYS=2\n"
        << graph::to_string(conditions.b.graph(), first) << "\n"
        << graph::to_string(conditions.b.graph(), second);
    for (std::size_t way = 0; way < known.size(); ++way) {
      if (!known[way]) ++impossible;
      if (!seen[way]) ++never_seen;
    }
  }
  fmt::print("{} of {} outcomes that never came up are called impossible ({:.1f} %)\n", impossible,
             never_seen, 100.0 * static_cast<double>(impossible) / static_cast<double>(never_seen));
  // It does find what there is to find.
  EXPECT_GT(impossible * 2, never_seen);
}

TEST(ValueFlowSound, NobodyGetsWhereNobodyCan) {
  const std::uint64_t seed = from_environment("SOJOURN_PROOF_SEED", 20261122);
  const std::uint64_t journeys = from_environment("SOJOURN_PROOF_JOURNEYS", 2'000);
  graph::Catalog catalog = small_catalog();
  graph::Type boolean;
  boolean.kind = graph::Type::Kind::kBoolean;
  catalog.user_fields.push_back({"flag", boolean, {}});
  catalog.user_fields.push_back({"other", boolean, {}});
  WalkZones zones;
  std::size_t steps = 0;
  std::size_t closed = 0;
  for (std::uint64_t i = 0; i < journeys; ++i) {
    base::SeededRandom random(seed + i);
    const graph::Graph graph = random_journey(random);
    const ValueFlow flow(graph, catalog);
    for (int walks = 0; walks < 16; ++walks) {
      for (const graph::StepIndex step : walk(graph, zones, random).reached) {
        ASSERT_TRUE(flow.reaches(step))
            << "SOJOURN_PROOF_SEED=" << seed + i << " SOJOURN_PROOF_JOURNEYS=1\n"
            << graph.steps[step].identity << "\n"
            << graph::print_json(graph);
      }
    }
    for (graph::StepIndex step = 0; step < graph.steps.size(); ++step) {
      ++steps;
      if (!flow.reaches(step)) ++closed;
    }
  }
  fmt::print("{} of {} steps are for nobody\n", closed, steps);
  EXPECT_GT(closed, steps / 100);
}

}  // namespace
}  // namespace sojourn::proof::test
