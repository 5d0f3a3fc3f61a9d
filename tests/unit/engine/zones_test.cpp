#include "engine/zones.h"

#include <gtest/gtest.h>

#include "tests/unit/engine/graph_builder.h"
#include "tests/unit/engine/one_user.h"

namespace sojourn::engine {
namespace {

using graph::Op;
using graph::Value;

class Zones : public testing::Test {
 protected:
  std::string zone() {
    return journey_zone(Scope{.graph = b_.graph(),
                              .profile = profile_,
                              .zones = zones_,
                              .entry_fields = {},
                              .entry_created_at = {},
                              .locals = {},
                              .now = {}})
        .name();
  }

  test::GraphBuilder b_;
  test::TestProfile profile_;
  test::TestZones zones_;
};

TEST_F(Zones, TheFirstLinkThatGivesAZoneWeKnowWins) {
  b_.zone(b_.user("timeZone"));
  b_.zone(b_.user("homeZone"));
  b_.zone(b_.text("America/New_York"));
  EXPECT_EQ(zone(), "America/New_York");
  profile_.fields["homeZone"] = Value("Asia/Tokyo");
  EXPECT_EQ(zone(), "Asia/Tokyo");
  profile_.fields["timeZone"] = Value("Mars/Olympus");
  EXPECT_EQ(zone(), "Asia/Tokyo");
  profile_.fields["timeZone"] = Value(std::int64_t{2});
  EXPECT_EQ(zone(), "Asia/Tokyo");
  profile_.fields["timeZone"] = Value("Europe/Berlin");
  EXPECT_EQ(zone(), "Europe/Berlin");
}

TEST_F(Zones, AChainWithoutAKnownZoneIsUtc) {
  EXPECT_EQ(zone(), "UTC");
  b_.zone(b_.text("Mars/Olympus"));
  EXPECT_EQ(zone(), "UTC");
}

TEST_F(Zones, ALinkThatAsksForTheCalendarReadsItInUtc) {
  const auto monday = b_.equal(b_.op(Op::kWeekday, {b_.op(Op::kNow, {})}), b_.text("thursday"));
  b_.zone(b_.op(Op::kIf, {monday, b_.text("Asia/Tokyo"), b_.text("Europe/Berlin")}));
  EXPECT_EQ(zone(), "Asia/Tokyo");  // 1970-01-01 was a Thursday
}

}  // namespace
}  // namespace sojourn::engine
