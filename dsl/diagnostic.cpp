#include "dsl/diagnostic.h"

#include <algorithm>
#include <tuple>

#include "base/check.h"
#include "dsl/display_text.h"

namespace sojourn::dsl {
namespace {

constexpr MessageInfo kMessages[] = {
#define SOJOURN_MESSAGE(id, code, name, severity, text, ...) {code, name, severity, text},
#include "dsl/messages_checks.def"
#include "dsl/messages_syntax.def"
#undef SOJOURN_MESSAGE
};

std::string fill(std::string_view text, std::span<const MessageArgument> arguments) {
  std::string out;
  for (const MessageArgument& argument : arguments) {
    const std::size_t at = text.find("{}");
    SOJOURN_CHECK(at != text.npos, "a message has one {} per argument");
    out += text.substr(0, at);
    out += printable(argument.text());
    text.remove_prefix(at + 2);
  }
  out += text;
  return out;
}

}  // namespace

std::string_view severity_word(Severity severity) {
  return severity == Severity::kError ? "error" : "warning";
}

const MessageInfo& message_info(MessageId id) {
  return kMessages[static_cast<std::size_t>(id)];
}

std::span<const MessageInfo> all_messages() {
  return kMessages;
}

Diagnostic make_diagnostic(MessageId id, Span primary, std::span<const MessageArgument> arguments) {
  const MessageInfo& info = message_info(id);
  return Diagnostic{id, info.severity, fill(info.text, arguments), {primary, {}}, {}, {}, {}, {}};
}

Diagnostic&& Diagnostic::label(std::string_view text) && {
  primary.text = printable(text);
  return std::move(*this);
}

Diagnostic&& Diagnostic::note(Span span, std::string_view text) && {
  secondary.push_back({span, printable(text)});
  return std::move(*this);
}

Diagnostic&& Diagnostic::help(std::string_view text) && {
  helps.push_back(printable(text));
  return std::move(*this);
}

Diagnostic&& Diagnostic::edit(Span span, std::string text) && {
  fix.push_back({span, std::move(text)});
  return std::move(*this);
}

void sort_diagnostics(std::vector<Diagnostic>& diagnostics) {
  std::stable_sort(diagnostics.begin(), diagnostics.end(),
                   [](const Diagnostic& a, const Diagnostic& b) {
                     return std::tie(a.primary.span, message_info(a.id).code) <
                            std::tie(b.primary.span, message_info(b.id).code);
                   });
}

}  // namespace sojourn::dsl
