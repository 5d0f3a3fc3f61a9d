#include "dsl/explain.h"

#include <algorithm>
#include <fmt/core.h>

#include "dsl/pages.h"

namespace sojourn::dsl {
namespace {

constexpr std::string_view kWrong = "\n## Wrong\n\n```journey\n";
constexpr std::string_view kRight = "```\n\n## Right\n\n```journey\n";
constexpr std::string_view kEnd = "```\n";

// The messages by code.
std::vector<const MessageInfo*> by_code() {
  std::vector<const MessageInfo*> sorted;
  for (const MessageInfo& message : all_messages()) sorted.push_back(&message);
  std::ranges::sort(sorted, {}, [](const MessageInfo* message) { return message->code; });
  return sorted;
}

// The first line of a message, with `…` for what varies.
std::string headline(const MessageInfo& message) {
  std::string text(message.text);
  for (std::size_t at = text.find("{}"); at != text.npos; at = text.find("{}", at)) {
    text.replace(at, 2, "…");
  }
  return text;
}

std::string indented(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    if (end > 1) out += "    ";
    out += text.substr(0, end);
    text.remove_prefix(end);
  }
  return out;
}

}  // namespace

std::optional<Page> page_of(const MessageInfo& message) {
  const std::string name = fmt::format("{}-{}", message.code, message.name);
  const auto& texts = page_texts();
  const auto found = std::ranges::lower_bound(texts, name, {}, &PageText::name);
  if (found == texts.end() || found->name != name) return std::nullopt;
  const std::string_view text = found->text;
  const std::size_t wrong = text.find(kWrong);
  const std::size_t right = wrong == text.npos ? wrong : text.find(kRight, wrong);
  if (right == text.npos || !text.ends_with(kEnd)) return std::nullopt;
  const std::size_t wrong_begin = wrong + kWrong.size();
  const std::size_t right_begin = right + kRight.size();
  return Page{.prose = text.substr(0, wrong),
              .wrong = text.substr(wrong_begin, right - wrong_begin),
              .right = text.substr(right_begin, text.size() - kEnd.size() - right_begin)};
}

const MessageInfo* find_message(std::string_view word) {
  for (const MessageInfo& message : all_messages()) {
    if (message.code == word || message.name == word) return &message;
  }
  return nullptr;
}

std::vector<std::string_view> message_words() {
  std::vector<std::string_view> words;
  for (const MessageInfo& message : all_messages()) {
    words.push_back(message.code);
    words.push_back(message.name);
  }
  return words;
}

std::string explain(const MessageInfo& message) {
  std::string out = fmt::format("{}[{}] {}: {}\n", severity_word(message.severity), message.code,
                                message.name, headline(message));
  const auto page = page_of(message);
  if (!page) return out;
  out += fmt::format("\n{}\nWrong:\n\n{}\nRight:\n\n{}", page->prose, indented(page->wrong),
                     indented(page->right));
  out += "\nThe examples stand beside what `sojourn explain --declarations` prints.\n";
  return out;
}

std::string list_messages() {
  std::string out;
  for (const MessageInfo* message : by_code()) {
    out += fmt::format("{}  {:<8} {:<26} {}\n", message->code, severity_word(message->severity),
                       message->name, headline(*message));
  }
  return out;
}

std::string messages_markdown() {
  std::string out =
      "# Messages\n\n"
      "Everything that `sojourn check` can say, by code. `sojourn explain CODE` prints one of "
      "these\n"
      "pages, `sojourn explain --all` this file; both come from `dsl/pages`.\n\n"
      "The examples are compiled by a test, beside the declarations below unless their first line "
      "is\n"
      "`# alone`. In them `<<0xE7>>` stands for a byte and `<<300 x \"(\">>` for a repetition.\n\n"
      "```journey\n";
  out += example_world();
  out += "```\n";
  for (const MessageInfo* message : by_code()) {
    out += fmt::format("\n## {} {}\n\n> {}: {}\n", message->code, message->name,
                       severity_word(message->severity), headline(*message));
    const auto page = page_of(*message);
    if (!page) continue;
    out += fmt::format("\n{}\nWrong:\n\n```journey\n{}```\n\nRight:\n\n```journey\n{}```\n",
                       page->prose, page->wrong, page->right);
  }
  return out;
}

}  // namespace sojourn::dsl
