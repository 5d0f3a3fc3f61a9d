// The part of Turn that carries out `sojourn forget`: an operator has a person erased, as a sender
// does by users/forget (turn_erasure.cpp).
#include <fmt/format.h>
#include <utility>

#include "runtime/erasing_forward.h"
#include "runtime/find_user.h"
#include "runtime/forgotten_names.h"
#include "runtime/item_names.h"
#include "runtime/operation_book.h"
#include "runtime/turn.h"

namespace sojourn::runtime {

base::Result<QueryAnswer> preview(ForgetCommand command, const TurnContext& context) {
  const auto report =
      forget_report(command.identity, context.program, context.store, context.letters);
  if (!report) return tl::unexpected(report.error());
  if (!*report) return nobody_to_forget(command);
  const Person& person = (*report)->person;
  command.goes_on = command.goes_on && forget_forward(person, context.settings.identity);
  return forget_answer(command, **report);
}

base::Status Turn::ask_forget(const ForgetCommand& command) {
  auto report = forget_report(command.identity, context_.program, context_.store, context_.letters);
  if (!report) return tl::unexpected(report.error());
  forgets_.push_back({command, std::move(*report)});
  return {};
}

void Turn::take_forgets() {
  for (Forget& forget : forgets_) {
    // What came before within this turn may have erased them.
    if (!forget.report || named(forget.report->person) == nullptr) {
      record_.output.answers.push_back(nobody_to_forget(forget.command));
      continue;
    }
    auto forward = forget_forward(forget.report->person, context_.settings.identity);
    forget.command.goes_on = forget.command.goes_on && forward.has_value();
    IntakeErasure item;
    item.person = forget.report->person;
    item.what = IntakeErasure::What::kForget;
    item.may_be_unknown = true;
    item.goes_on = forget.command.goes_on;
    if (take_erasure(item)) {
      record_.output.answers.push_back(not_in_ledger(forget.command));
      continue;
    }
    if (item.goes_on) pass_on_erasure(std::move(*forward));
    note_forgotten(forget.command, *forget.report);
    record_.output.answers.push_back(forget_answer(forget.command, *forget.report));
  }
}

// The log of commands outlives the person, so it has their names as keyed hashes only: who knows a
// name can find the line, and nobody else learns one from it.
void Turn::note_forgotten(const ForgetCommand& command, const ForgetReport& report) {
  // Without a key: the store failed, and the turn does not commit.
  if (!erasure_.status()) return;
  std::string detail = "user " + printed_id(report.user);
  for_each_identity(report.person, [&](const store::Identity& name) {
    const bool is_email = name.kind == store::Identity::Kind::kEmail;
    detail +=
        fmt::format(", {} {}", is_email ? "email" : "userId", context_.forgotten.mark(name).value);
  });
  detail += fmt::format(": {}{}", summary(report), command.goes_on ? ", Iterable is asked" : "");
  context_.operations.note(CommandNote{command.by, "forget", std::move(detail)}, record_);
}

}  // namespace sojourn::runtime
