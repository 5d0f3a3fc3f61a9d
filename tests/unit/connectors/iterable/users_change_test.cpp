#include <gtest/gtest.h>

#include "connectors/iterable/actions.h"
#include "connectors/iterable/commands.h"
#include "tests/unit/connectors/iterable/transcript.h"

namespace sojourn::connectors::iterable {
namespace {

TEST(UsersUpdateEmail, NamesTheUserAndTheNewEmail) {
  EXPECT_EQ(transcript(users_update_email({{"ada@example.com", "u-77"}, "ada@new.example"})),
            "POST /api/users/updateEmail\n"
            "currentEmail: \"ada@example.com\"\n"
            "newEmail: \"ada@new.example\"\n");
  EXPECT_EQ(transcript(users_update_email({{"", "u-77"}, "ada@new.example"})),
            "POST /api/users/updateEmail\n"
            "currentUserId: \"u-77\"\n"
            "newEmail: \"ada@new.example\"\n");
}

TEST(UsersMerge, MovesWhatIsKnownOfOneUserToAnother) {
  EXPECT_EQ(transcript(users_merge({{"old@example.com", ""}, {"", "u-77"}, {}})),
            "POST /api/users/merge\n"
            "sourceEmail: \"old@example.com\"\n"
            "destinationUserId: \"u-77\"\n");
}

TEST(UsersMerge, KeepsTheValuesOfBothWhereThatIsAskedFor) {
  MergeCommand command{{"", "u-1"}, {"ada@example.com", ""}, {{"visits", ""}, {"orders", "id"}}};
  EXPECT_EQ(transcript(users_merge(command)),
            "POST /api/users/merge\n"
            "sourceUserId: \"u-1\"\n"
            "destinationEmail: \"ada@example.com\"\n"
            "arrayMerge: [{\"field\":\"visits\"},{\"field\":\"orders\",\"dedupeBy\":\"id\"}]\n");
}

TEST(UsersDelete, NamesTheUserInThePath) {
  EXPECT_EQ(transcript(users_delete({{"ada+x@example.com", ""}})),
            "DELETE /api/users/ada%2Bx@example.com\n");
  EXPECT_EQ(transcript(users_delete({{"", "u/77"}})), "DELETE /api/users/byUserId/u%2F77\n");
}

TEST(UsersForget, ForgetsAndTakesItBack) {
  EXPECT_EQ(transcript(users_forget({{"ada@example.com", ""}})),
            "POST /api/users/forget\n"
            "email: \"ada@example.com\"\n");
  EXPECT_EQ(transcript(users_forget({{"", "u-77"}, false})),
            "POST /api/users/unforget\n"
            "userId: \"u-77\"\n");
}

}  // namespace
}  // namespace sojourn::connectors::iterable
