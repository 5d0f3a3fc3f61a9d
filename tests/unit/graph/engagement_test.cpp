#include "graph/engagement.h"

#include <gtest/gtest.h>
#include <set>

namespace sojourn::graph {
namespace {

TEST(Engagement, EveryWordNamesOneEventThatNobodyCanWrite) {
  std::set<std::string> names;
  for (std::size_t i = 0; i < kEngagementCount; ++i) {
    const auto engagement = static_cast<Engagement>(i);
    EXPECT_EQ(find_engagement(to_string(engagement)), engagement);
    const EventType& event = event_of(engagement);
    EXPECT_EQ(told(event.name), to_string(engagement));
    EXPECT_NE(event.name, to_string(engagement)) << "an author may call an event so";
    names.insert(event.name);
  }
  EXPECT_EQ(names.size(), kEngagementCount);
  EXPECT_FALSE(find_engagement("read"));
}

TEST(Engagement, OnlyAClickHasAUrl) {
  const auto has_url = [](Engagement engagement) {
    for (const TypedField& field : event_of(engagement).fields) {
      if (field.name == "url") return true;
    }
    return false;
  };
  EXPECT_TRUE(has_url(Engagement::kClicked));
  EXPECT_FALSE(has_url(Engagement::kOpened));
}

TEST(Engagement, AnAuthorsEventIsToldAsItIs) {
  EXPECT_EQ(told("opened"), "opened");
  EXPECT_EQ(told(""), "");
}

}  // namespace
}  // namespace sojourn::graph
