// What a message means, why it matters and how to mend it: `sojourn explain` and
// docs/diagnostics.md, from one text. A page is a file dsl/pages/CODE-name.md:
//
//   prose, paragraphs between empty lines
//   ## Wrong      a fenced example in which exactly this message is given
//   ## Right      one in which it is not
//
// The examples are compiled by a test, beside the declarations of
// dsl/pages/world.journey unless their first line is `# alone`. In them `<<0xE7>>`
// stands for a byte, `<<300 x "(">>` for a repetition, where the thing itself
// cannot be printed. Pure, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/diagnostic.h"

namespace sojourn::dsl {

struct Page {
  std::string_view prose;
  std::string_view wrong;
  std::string_view right;
};

// nullopt when there is no page, or it has not all of its parts; a test holds that
// every message has one.
std::optional<Page> page_of(const MessageInfo& message);

// By code or by name; null when there is none.
const MessageInfo* find_message(std::string_view word);
// Every code and every name, for `did you mean`.
std::vector<std::string_view> message_words();

// One message for a terminal.
std::string explain(const MessageInfo& message);
// A line for each message.
std::string list_messages();
// All of it as one page in Markdown.
std::string messages_markdown();

}  // namespace sojourn::dsl
