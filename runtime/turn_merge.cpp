// Two users of whom a sender says that they are one (docs/decisions/0042). All of it is one commit.
#include <string>
#include <utility>

#include "graph/built_in.h"
#include "runtime/dead_letter_book.h"
#include "runtime/item_names.h"
#include "runtime/said_consent.h"
#include "runtime/turn.h"

namespace sojourn::runtime {
void Turn::merge(UserState& source, UserState& destination) {
  // What is due of either comes first, and what holds of them is found before it changes.
  runner_.look_at(source);
  runner_.look_at(destination);
  const UserHead names = source.head();
  forget_other_addresses(source, destination);
  runner_.take_consent(destination, source, true);
  const UserState::TakenLife taken = destination.take_life(source);
  users_.take_names(destination, names, source.id());
  hand_over(source.id(), destination, taken.added);
  record_.count("merges");
  runner_.log(destination, LogRecord::Kind::kMerged, nullptr, name_of({names.email, names.user_id}),
              {});
  runner_.merged(destination, taken.doubles);
}

void Turn::hand_over(store::UserId from, const UserState& to, std::uint32_t added) {
  outbox_.move(from, to.id(), added);
  fan_outs_.move(from, to.id());
  context_.letters.move(from, to.id(), added);
  moved_logs_.move(from, to.id(), added);
}

// Of a mailbox that is nobody's any more nothing is to be said: of the other it would be wrong.
void Turn::forget_other_addresses(UserState& source, UserState& destination) {
  const auto& email = destination.head().email ? destination.head().email : source.head().email;
  if (!email) return;
  for (UserState* user : {&source, &destination}) {
    auto left = without_other_addresses(user->head(), *email);
    if (!left) continue;
    user->set_field({std::string(graph::kSuppressed), std::move(*left),
                     ProfileField::Source::kIntake, record_.now, std::nullopt});
  }
}

}  // namespace sojourn::runtime
