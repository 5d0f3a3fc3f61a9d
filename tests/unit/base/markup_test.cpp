#include "base/markup.h"

#include <gtest/gtest.h>

namespace sojourn::base {
namespace {

TEST(Markup, NothingGetsOutOfAnElementOrAnAttribute) {
  EXPECT_EQ(markup_escaped("<b a=\"x\" b='y'>&"), "&lt;b a=&quot;x&quot; b=&#39;y&#39;&gt;&amp;");
}

TEST(Markup, OtherBytesStay) {
  EXPECT_EQ(markup_escaped("Gr\xC3\xBC\xC3\x9F\x65, 1\n"), "Gr\xC3\xBC\xC3\x9F\x65, 1\n");
  EXPECT_EQ(markup_escaped(""), "");
}

}  // namespace
}  // namespace sojourn::base
