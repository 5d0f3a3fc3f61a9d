#include <gtest/gtest.h>

#include "connectors/iterable/actions.h"
#include "connectors/iterable/commands.h"
#include "tests/unit/connectors/iterable/transcript.h"

namespace sojourn::connectors::iterable {
namespace {

using graph::Field;
using graph::Value;

UpdateCommand of_ada() {
  UpdateCommand command;
  command.user.email = "ada@example.com";
  return command;
}

TEST(UsersUpdate, SendsWhatDiffersFromTheProfile) {
  UpdateCommand command = of_ada();
  command.fields = {{"plan", Value("pro")}, {"seats", Value(std::int64_t{7})}};
  command.known = std::vector<Field>{{"plan", Value("trial")}, {"seats", Value(std::int64_t{7})}};
  EXPECT_EQ(transcript(*users_update(command)),
            "POST /api/users/update\n"
            "email: \"ada@example.com\"\n"
            "dataFields: {\"plan\":\"pro\"}\n");
}

TEST(UsersUpdate, SendsNothingWhenNothingDiffers) {
  UpdateCommand command = of_ada();
  command.fields = {{"plan", Value("pro")}, {"old", Value()}};
  command.known = std::vector<Field>{{"plan", Value("pro")}};
  EXPECT_FALSE(users_update(command).has_value());
}

TEST(UsersUpdate, SendsEverythingWhenTheProfileIsNotKnown) {
  UpdateCommand command = of_ada();
  command.user = {.email = "", .user_id = "u-77"};
  command.fields = {{"plan", Value("pro")}, {"old", Value()}};
  EXPECT_EQ(transcript(*users_update(command)),
            "POST /api/users/update\n"
            "userId: \"u-77\"\n"
            "dataFields: {\"plan\":\"pro\",\"old\":null}\n");
}

TEST(UsersUpdate, ClearsAFieldWithNull) {
  UpdateCommand command = of_ada();
  command.fields = {{"plan", Value()}};
  command.known = std::vector<Field>{{"plan", Value("trial")}};
  EXPECT_EQ(transcript(*users_update(command)),
            "POST /api/users/update\n"
            "email: \"ada@example.com\"\n"
            "dataFields: {\"plan\":null}\n");
}

}  // namespace
}  // namespace sojourn::connectors::iterable
