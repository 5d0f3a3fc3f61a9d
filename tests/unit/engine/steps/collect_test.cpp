#include <gtest/gtest.h>

#include "tests/unit/engine/graph_builder.h"
#include "tests/unit/engine/one_user.h"

namespace sojourn::engine {
namespace {

using graph::Value;
using test::calendar_days;
using test::GraphBuilder;
using test::OneUser;

constexpr base::Millis kDay = base::days24(1);

graph::Collect comments(graph::StepIndex next, std::uint32_t keep = 20) {
  graph::Collect collect;
  collect.event = "comment";
  collect.length = kDay;
  collect.keep = keep;
  collect.fields = {"text"};
  collect.next = next;
  return collect;
}

// What has been gathered: "a, b (2)".
std::string gathered(const OneUser& user) {
  const auto& locals = user.enrollment->locals;
  if (locals.size() < 2) return "nothing";
  std::string out;
  for (const Value& event : locals[0].as_list()) {
    if (!out.empty()) out += ", ";
    out += graph::find_field(event.as_object(), "text").as_string();
  }
  return out + " (" + std::to_string(locals[1].as_integer()) + ")";
}

// `wait 1d  collect comment as c for 1d  wait 1d`.
class Collect : public testing::Test {
 protected:
  graph::Graph collecting(std::uint32_t keep = 20) {
    b_.use_slot(1);
    const graph::StepIndex after = b_.wait("wait 2", calendar_days(1));
    const graph::StepIndex at = b_.place("collect 1");
    b_.set(at, comments(after, keep));
    return b_.build(b_.wait("wait 1", calendar_days(1), at));
  }
  static void comment(OneUser& user, std::string text) {
    user.event("comment", {{"text", Value(std::move(text))}, {"other", Value("x")}});
  }

  GraphBuilder b_;
};

TEST_F(Collect, GathersFromTheEntryOnAndThroughLaterSteps) {
  OneUser user(collecting());
  user.enters();
  comment(user, "before");
  user.passes_until("2026-03-02T10:00Z");
  EXPECT_EQ(user.place(), "collect 1");
  comment(user, "while");
  user.passes_until("2026-03-03T10:00Z");
  EXPECT_EQ(user.place(), "wait 2");
  comment(user, "after");
  EXPECT_EQ(gathered(user), "before, while, after (3)");
}

TEST_F(Collect, RestsForItsLength) {
  OneUser user(collecting());
  user.enters();
  user.passes_until("2026-03-02T09:00Z");
  EXPECT_EQ(user.place(), "collect 1");
  EXPECT_EQ(user.due(), "2026-03-03T09:00:00Z");
  EXPECT_EQ(gathered(user), " (0)") << "an empty list can be read";
}

TEST_F(Collect, KeepsTheNewestAndCountsAll) {
  OneUser user(collecting(2));
  user.enters();
  comment(user, "a");
  comment(user, "b");
  comment(user, "c");
  EXPECT_EQ(gathered(user), "b, c (3)");
}

TEST_F(Collect, KeepsWhatIsDeclared) {
  OneUser user(collecting());
  user.enters();
  comment(user, "a");
  const Value event = user.enrollment->locals.at(0).as_list().at(0);
  EXPECT_TRUE(graph::find_field(event.as_object(), "other").is_missing());
  EXPECT_FALSE(graph::find_field(event.as_object(), "createdAt").is_missing());
}

TEST_F(Collect, TheEntryEventIsTheFirst) {
  b_.use_slot(1);
  const graph::StepIndex at = b_.place("collect 1");
  graph::Collect collect = comments(graph::kCompleted);
  collect.event = "signup";
  b_.set(at, collect);
  OneUser user(b_.build(at));
  user.enters({{"text", Value("first")}});
  EXPECT_EQ(gathered(user), "first (1)");
}

TEST_F(Collect, TakesOnlyWhatMatches) {
  b_.use_slot(1);
  const graph::StepIndex at = b_.place("collect 1");
  graph::Collect collect = comments(graph::kCompleted);
  collect.where = b_.equal(b_.event("text"), b_.text("yes"));
  b_.set(at, collect);
  OneUser user(b_.build(at));
  user.enters();
  comment(user, "no");
  comment(user, "yes");
  EXPECT_EQ(gathered(user), "yes (1)");
}

TEST_F(Collect, BeginsAnewInALaterRound) {
  b_.use_slot(1);
  graph::Repeat repeat{.times = 2};
  repeat.next = b_.exit("after");
  const graph::StepIndex loop = b_.place("repeat 1");
  const graph::StepIndex at = b_.place("collect 1");
  b_.set(at, comments(loop));
  repeat.body = at;
  b_.set(loop, repeat);
  OneUser user(b_.build(loop));
  user.enters();
  comment(user, "first");
  user.passes_until("2026-03-02T10:00Z");
  EXPECT_EQ(gathered(user), " (0)");
  comment(user, "second");
  EXPECT_EQ(gathered(user), "second (1)");
}

}  // namespace
}  // namespace sojourn::engine
