// What is said to the author of a journey. Every message is declared once, in
// messages_syntax.def (J1xxx) or messages_checks.def (J2xxx names, types and
// checks), with its code, name, severity, text and argument types:
//
//   out.push_back(diagnose(messages::kUnknownCampaign, name.span, name.text)
//                     .label("did you mean `welcome`?")
//                     .note(other.span, "declared here")
//                     .help("declare it in the catalog"));
//
// One cause, one error: what follows from an error already reported is silent.
// Texts are one line each; what a terminal would obey in the author's words is
// replaced. Values, any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "dsl/source.h"

namespace sojourn::dsl {

enum class Severity : std::uint8_t { kError, kWarning };
std::string_view severity_word(Severity severity);

enum class MessageId : std::uint16_t {
#define SOJOURN_MESSAGE(id, code, name, severity, text, ...) id,
#include "dsl/messages_checks.def"
#include "dsl/messages_syntax.def"
#undef SOJOURN_MESSAGE
};

// The declaration of a message. `text` is its first line, with a `{}` per argument.
struct MessageInfo {
  std::string_view code;
  std::string_view name;
  Severity severity;
  std::string_view text;
};
const MessageInfo& message_info(MessageId id);
// Every message, in the order of MessageId.
std::span<const MessageInfo> all_messages();

struct Label {
  Span span;
  std::string text;
};

// Replaces the bytes of a span.
struct Edit {
  Span span;
  std::string text;
  friend bool operator==(const Edit&, const Edit&) = default;
};

// A text of several lines that belongs to a finding, under a line that says what it is.
struct Attachment {
  std::string title;
  std::string text;  // each line ends in a line feed
};

struct Diagnostic {
  MessageId id;
  Severity severity;
  std::string message;  // one line
  Label primary;        // its text stands after the carets and may be empty
  std::vector<Label> secondary;
  std::vector<std::string> helps;  // what to do; one line each
  // Edits that mend it and change nothing that anybody receives; empty when that
  // takes an author. All or none are made (fix.h).
  std::vector<Edit> fix;
  std::vector<Attachment> attachments;

  Diagnostic&& label(std::string_view text) &&;
  Diagnostic&& note(Span span, std::string_view text) &&;
  Diagnostic&& help(std::string_view text) &&;
  Diagnostic&& edit(Span span, std::string text) &&;
};

// An argument of a message, as text.
class MessageArgument {
 public:
  MessageArgument(std::string_view text) : text_(text) {}                  // NOLINT
  MessageArgument(std::int64_t number) : text_(std::to_string(number)) {}  // NOLINT
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

Diagnostic make_diagnostic(MessageId id, Span primary, std::span<const MessageArgument> arguments);

template <typename... Arguments>
struct Message {
  MessageId id;
};

template <typename... Arguments>
Diagnostic diagnose(Message<Arguments...> message, Span primary,
                    std::type_identity_t<Arguments>... arguments) {
  if constexpr (sizeof...(Arguments) == 0) {
    return make_diagnostic(message.id, primary, {});
  } else {
    const MessageArgument list[] = {MessageArgument(arguments)...};
    return make_diagnostic(message.id, primary, list);
  }
}

constexpr std::size_t count_placeholders(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = text.find("{}"); at != text.npos; at = text.find("{}", at + 2)) ++count;
  return count;
}

namespace messages {
template <typename... Arguments>
inline constexpr std::size_t kArity = sizeof...(Arguments);

#define SOJOURN_MESSAGE(id, code, name, severity, text, ...)     \
  inline constexpr Message<__VA_ARGS__> id{MessageId::id};       \
  static_assert(count_placeholders(text) == kArity<__VA_ARGS__>, \
                "a message has one {} per argument");
#include "dsl/messages_checks.def"
#include "dsl/messages_syntax.def"
#undef SOJOURN_MESSAGE
}  // namespace messages

// By file, then position, then code: the order in which they are shown.
void sort_diagnostics(std::vector<Diagnostic>& diagnostics);

}  // namespace sojourn::dsl
