// Columns line up.
#include "simulate/text_table.h"

#include <gtest/gtest.h>

namespace sojourn::simulate {
namespace {

TEST(TextTable, TextToTheLeftAndNumbersToTheRight) {
  TextTable table({"what", "how many", ""});
  table.add({"a long name", "5", ""});
  table.add({"b", "1,000", "x"});
  EXPECT_EQ(table.text(),
            "  what         how many\n"
            "  a long name         5\n"
            "  b               1,000  x\n");
}

}  // namespace
}  // namespace sojourn::simulate
