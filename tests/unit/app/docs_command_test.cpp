#include "app/docs_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sstream>

#include "app/check_command.h"
#include "app/doc_texts.h"

namespace sojourn::app {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

struct Ran {
  int code = 0;
  std::string out;
  std::string err;
};

Ran run(const DocsOptions& options) {
  std::ostringstream out;
  std::ostringstream err;
  const int code = show_docs(options, out, err);
  return {code, out.str(), err.str()};
}

TEST(DocsCommand, WithoutAPageItListsThem) {
  const Ran ran = run({});
  EXPECT_EQ(ran.code, kClean);
  for (const DocText& page : doc_texts()) EXPECT_THAT(ran.out, HasSubstr(std::string(page.name)));
}

TEST(DocsCommand, APageComesAsItStands) {
  const Ran ran = run({.page = "language", .whole = false});
  EXPECT_EQ(ran.code, kClean);
  EXPECT_THAT(ran.out, StartsWith("# "));
  EXPECT_THAT(ran.out, HasSubstr("wait for"));
}

TEST(DocsCommand, AnUnknownPageIsTwoAndSuggestsOne) {
  const Ran ran = run({.page = "langage", .whole = false});
  EXPECT_EQ(ran.code, kCouldNotRun);
  EXPECT_THAT(ran.out, IsEmpty());
  EXPECT_THAT(ran.err, HasSubstr("did you mean `language`?"));
}

TEST(DocsCommand, TheWholeHasEveryPageAndEveryMessage) {
  const Ran ran = run({.page = {}, .whole = true});
  EXPECT_EQ(ran.code, kClean);
  for (const DocText& page : doc_texts()) EXPECT_THAT(ran.out, HasSubstr(page.text));
  EXPECT_THAT(ran.out, HasSubstr("## J2004 unknown-campaign"));
}

}  // namespace
}  // namespace sojourn::app
