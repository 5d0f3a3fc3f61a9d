#include <gtest/gtest.h>

#include "connectors/iterable/actions.h"
#include "connectors/iterable/commands.h"
#include "tests/unit/connectors/iterable/shown_request.h"

namespace sojourn::connectors::iterable {
namespace {

// What a request calls somebody of whom both names are known.
std::string name_of(ProjectIdentity identity) {
  const Recipient ada{"ada@example.com", "u-77", identity};
  return shown(list_change({ada, 21, true}));
}
constexpr const char* kByEmail =
    "POST /api/lists/subscribe\n"
    "listId: 21\n"
    "subscribers: [{\"email\":\"ada@example.com\"}]\n";
constexpr const char* kByUserId =
    "POST /api/lists/subscribe\n"
    "listId: 21\n"
    "subscribers: [{\"userId\":\"u-77\"}]\n";

TEST(ProjectIdentity, DecidesByWhichOfTwoNamesSomebodyIsAddressed) {
  EXPECT_EQ(name_of(ProjectIdentity::kEmail), kByEmail);
  EXPECT_EQ(name_of(ProjectIdentity::kUserId), kByUserId);
  EXPECT_EQ(name_of(ProjectIdentity::kHybrid), kByUserId);
}

TEST(ProjectIdentity, OfWhomOneNameIsKnownTakesThatIfTheProjectKnowsIt) {
  const auto address = [](const char* email, const char* user_id, ProjectIdentity identity) {
    return Recipient{email, user_id, identity}.address();
  };
  EXPECT_EQ(address("a@example.com", "", ProjectIdentity::kHybrid), "a@example.com");
  EXPECT_EQ(address("a@example.com", "", ProjectIdentity::kUserId), "");
  EXPECT_EQ(address("", "u", ProjectIdentity::kEmail), "u");
}

TEST(ProjectIdentity, HoldsForPathsToo) {
  const Recipient ada{"ada@example.com", "u-77", ProjectIdentity::kHybrid};
  EXPECT_EQ(shown(subscription_change({ada, 7, true})),
            "PATCH /api/subscriptions/messageType/7/byUserId/u-77\n");
  EXPECT_EQ(shown(users_delete({ada})), "DELETE /api/users/byUserId/u-77\n");
}

}  // namespace
}  // namespace sojourn::connectors::iterable
