#include "sandbox/path_pattern.h"

#include <gtest/gtest.h>

namespace sojourn::sandbox {
namespace {

TEST(PathPattern, TakesTheNamesOutOfAPath) {
  std::vector<std::string> names;
  EXPECT_TRUE(fits_pattern("/api/catalogs/{catalogName}/items/{itemId}",
                           "/api/catalogs/products/items/p%2F1", &names));
  EXPECT_EQ(names, (std::vector<std::string>{"products", "p/1"}));
}

TEST(PathPattern, WantsEveryPart) {
  EXPECT_TRUE(fits_pattern("/api/lists", "/api/lists"));
  EXPECT_FALSE(fits_pattern("/api/lists", "/api/lists/"));
  EXPECT_FALSE(fits_pattern("/api/lists", "/api/list"));
  EXPECT_FALSE(fits_pattern("/api/lists/{listId}", "/api/lists"));
  EXPECT_FALSE(fits_pattern("/api/lists/{listId}", "/api/lists/"));
  EXPECT_FALSE(fits_pattern("/api/lists/{listId}", "/api/lists/7/size"));
  EXPECT_FALSE(fits_pattern("/api/lists/{listId}/size", "/api/lists//size"));
}

TEST(PathPattern, RefusesANameThatIsBadlyEncoded) {
  EXPECT_FALSE(fits_pattern("/api/users/{email}", "/api/users/ada%4"));
}

}  // namespace
}  // namespace sojourn::sandbox
