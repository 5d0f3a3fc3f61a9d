#include <gtest/gtest.h>

#include "connectors/iterable/actions.h"
#include "connectors/iterable/commands.h"

namespace sojourn::connectors::iterable {
namespace {

using graph::Field;
using graph::Value;

TEST(UsersUpdate, SendsNothingWhenNothingDiffers) {
  UpdateCommand command;
  command.user.email = "ada@example.com";
  command.fields = {{"plan", Value("pro")}, {"old", Value()}};
  command.known = std::vector<Field>{{"plan", Value("pro")}};
  EXPECT_FALSE(users_update(command).has_value());
}

}  // namespace
}  // namespace sojourn::connectors::iterable
