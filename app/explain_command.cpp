#include "app/explain_command.h"

#include <fmt/core.h>
#include <ostream>

#include "app/check_command.h"
#include "app/command_error.h"
#include "base/text.h"
#include "dsl/explain.h"
#include "dsl/pages.h"

namespace sojourn::app {
namespace {

base::Error unknown_message(const std::string& word) {
  base::Error error{base::Error::Kind::kNotFound, fmt::format("no message is called `{}`", word),
                    "`sojourn explain --list` lists them"};
  const auto near = base::did_you_mean(word, dsl::message_words());
  if (near) error.hint = fmt::format("did you mean `{}`?", *near);
  return error;
}

}  // namespace

int explain(const ExplainOptions& options, std::ostream& out, std::ostream& err) {
  switch (options.what) {
    case ExplainOptions::What::kList:
      out << dsl::list_messages();
      return kClean;
    case ExplainOptions::What::kAll:
      out << dsl::messages_markdown();
      return kClean;
    case ExplainOptions::What::kDeclarations:
      out << dsl::example_world();
      return kClean;
    case ExplainOptions::What::kMessage:
      break;
  }
  const dsl::MessageInfo* message = dsl::find_message(options.message);
  if (message == nullptr) return report_error(unknown_message(options.message), err);
  out << dsl::explain(*message);
  return kClean;
}

}  // namespace sojourn::app
