// Every message has a page, whose examples do what it says.
#include <charconv>
#include <fmt/core.h>
#include <gtest/gtest.h>
#include <map>

#include "calendar/tzdata/system_zones.h"
#include "dsl/check_against.h"
#include "dsl/compile.h"
#include "dsl/explain.h"
#include "dsl/pages.h"
#include "dsl/render.h"
#include "tests/golden/golden.h"

namespace sojourn::dsl {
namespace {

calendar::ZoneSource& zones() {
  static const auto source = tzdata::SystemZones::open();
  return **source;
}

// `0xE7` to that byte, `300 x "("` to that many parentheses.
std::string expand_mark(std::string_view mark) {
  std::uint32_t number = 0;
  if (mark.starts_with("0x")) {
    std::from_chars(mark.data() + 2, mark.data() + mark.size(), number, 16);
    return {static_cast<char>(number)};
  }
  const auto [end, error] = std::from_chars(mark.data(), mark.data() + mark.size(), number);
  std::string_view rest = mark.substr(static_cast<std::size_t>(end - mark.data()));
  EXPECT_TRUE(error == std::errc() && rest.starts_with(" x \"") && rest.ends_with("\"")) << mark;
  rest = rest.substr(4, rest.size() - 5);
  std::string out;
  for (std::uint32_t i = 0; i < number; ++i) out += rest;
  return out;
}

std::string expand(std::string_view text) {
  std::string out;
  while (true) {
    const std::size_t begin = text.find("<<");
    const std::size_t end = text.find(">>");
    if (begin == text.npos || end == text.npos) return out + std::string(text);
    out += text.substr(0, begin);
    out += expand_mark(text.substr(begin + 2, end - begin - 2));
    text.remove_prefix(end + 2);
  }
}

// What is found in an example: how many findings of each code. Findings in the
// declarations around it do not count.
struct Found {
  std::map<std::string_view, int> codes;
  std::string rendered;
};

// What the examples about an ids.lock are held against.
IdsLock example_lock() {
  IdsLock lock;
  lock.channels = {{7, "Newsletters", "marketing", "email"},
                   {8, "Service", "transactional", "email"}};
  lock.message_types = {{1, "News", 7, "opt_in"},
                        {2, "Account", 8, "opt_out"},
                        {3, "Old news", 7, "opt_in"},
                        {4, "Tips", 7, "opt_in"}};
  lock.campaigns = {{31, "Late", "triggered", "running", "email", 901, 1},
                    {32, "Later", "triggered", "draft", "email", 902, 1}};
  lock.lists = {{22, "Sleepers", "dynamic"}, {23, "Asleep", "standard"}};
  return lock;
}

// `against`: the message is one of `check --against`.
Found findings_of(std::string_view example, bool against) {
  // The example comes after the declarations, so of two of one name it is the wrong one.
  std::vector<SourceText> sources{{"x.journey", expand(example)}};
  if (!example.starts_with("# alone\n")) {
    sources.push_back({"world.journey", std::string(example_world())});
  }
  Compilation result = compile(sources, zones());
  if (against && result.program) {
    for (Diagnostic& diagnostic :
         check_against(*result.program, result.program->catalog, example_lock())) {
      result.diagnostics.push_back(std::move(diagnostic));
    }
  }
  Found found;
  std::vector<Diagnostic> counted;
  for (const Diagnostic& diagnostic : result.diagnostics) {
    const std::string_view code = message_info(diagnostic.id).code;
    if (result.files[diagnostic.primary.span.file].path() != "x.journey") continue;
    ++found.codes[code];
    counted.push_back(diagnostic);
  }
  found.rendered = render_text(counted, result.files, {});
  return found;
}

bool is_about_a_lock(const MessageInfo& message) {
  return message.code.starts_with("J215");
}

TEST(Messages, EachHasAPage) {
  for (const MessageInfo& message : all_messages()) {
    EXPECT_TRUE(page_of(message).has_value())
        << "write dsl/pages/" << message.code << "-" << message.name
        << ".md: what it means, why it matters and how to mend it, then `## Wrong` and `## Right` "
           "with a ```journey example each (dsl/explain.h)";
  }
}

TEST(Messages, EveryPageBelongsToAMessage) {
  for (const PageText& page : page_texts()) {
    const MessageInfo* message = find_message(page.name.substr(0, page.name.find('-')));
    ASSERT_NE(message, nullptr) << page.name;
    EXPECT_EQ(page.name, fmt::format("{}-{}", message->code, message->name));
  }
}

TEST(Messages, TheWrongExampleGivesThisMessageOnceAndNoOther) {
  for (const MessageInfo& message : all_messages()) {
    const auto page = page_of(message);
    if (!page) continue;
    const Found found = findings_of(page->wrong, is_about_a_lock(message));
    const std::map<std::string_view, int> expected{{message.code, 1}};
    EXPECT_EQ(found.codes, expected) << message.code << " " << message.name << "\n"
                                     << found.rendered;
  }
}

TEST(Messages, TheRightExampleIsInOrder) {
  for (const MessageInfo& message : all_messages()) {
    const auto page = page_of(message);
    if (!page) continue;
    const Found found = findings_of(page->right, is_about_a_lock(message));
    EXPECT_TRUE(found.codes.empty()) << message.code << " " << message.name << "\n"
                                     << found.rendered;
  }
}

TEST(Messages, ThePageOfTheDocumentationIsMadeOfThem) {
  golden::expect_file("docs/diagnostics.md", messages_markdown());
}

}  // namespace
}  // namespace sojourn::dsl
