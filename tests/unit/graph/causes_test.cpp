#include "graph/causes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graph/catalog.h"
#include "tests/unit/graph/samples.h"

namespace sojourn::graph {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class CausesTest : public testing::Test {
 protected:
  std::vector<std::string> of(decltype(Step::action) action) {
    return events_caused_by(graph_, Step{"name", std::move(action), {}}, catalog_);
  }

  Graph graph_;
  Catalog catalog_;
  samples::Pool pool_{graph_.expressions};
};

TEST_F(CausesTest, EventsEntriesAndChanges) {
  EXPECT_THAT(of(Track{.event = "done"}), ElementsAre("done"));
  EXPECT_THAT(of(Start{.journey = "next"}), ElementsAre("api next"));
  const ExprId one = pool_.constant(Value(true));
  EXPECT_THAT(of(UpdateUser{.fields = pool_.object({"a", "b"}, {one, one})}),
              ElementsAre("user.a changed", "user.b changed"));
}

TEST_F(CausesTest, WhatTheUserBelongsTo) {
  EXPECT_THAT(of(ChangeList{.list = "vips", .joins = true}), ElementsAre("list vips"));
  EXPECT_THAT(of(ChangeList{.list = "vips", .joins = false}), ElementsAre("left list vips"));
  EXPECT_THAT(of(ChangeSubscription{.message_types = {"news"}}),
              ElementsAre("user.subscribedMessageTypeIds changed",
                          "user.unsubscribedMessageTypeIds changed"));
}

TEST_F(CausesTest, WhatBecomesOfAMessageWithoutItsReader) {
  graph_.journey = "first_week";
  Campaign tour;
  tour.name = "tour";
  tour.message_type = "news";
  tour.medium = Medium::kPush;
  catalog_.campaigns = {tour};
  Send send;
  send.campaign = "tour";
  EXPECT_THAT(of(send),
              ElementsAre("#received", "#received campaign tour", "#received journey first_week",
                          "#received message_type news", "#received medium push", "#sent",
                          "#sent campaign tour", "#sent journey first_week",
                          "#sent message_type news", "#sent medium push", "#bounced",
                          "#bounced campaign tour", "#bounced journey first_week",
                          "#bounced message_type news", "#bounced medium push"));
}

TEST_F(CausesTest, TheOtherStepsCauseNothing) {
  EXPECT_THAT(of(Wait{}), IsEmpty());
  EXPECT_THAT(of(Exit{"over"}), IsEmpty());
}

}  // namespace
}  // namespace sojourn::graph
