// Somebody of whom nothing is known but what was said of consent, until they appear under a
// name that somebody else has.
#include <algorithm>
#include <iterator>

#include "graph/built_in.h"
#include "runtime/user_state.h"

namespace sojourn::runtime {
namespace {

bool knows_consent_at_most(const UserHead& head) {
  const bool has_one_name = head.email.has_value() != head.user_id.has_value();
  return has_one_name && head.lists.empty() &&
         std::ranges::all_of(head.fields, [](const ProfileField& field) {
           return field.source == ProfileField::Source::kIntake && keeps_consent(field.name);
         });
}

}  // namespace

bool keeps_consent(std::string_view field) {
  return field == graph::kUnsubscribedIds || field == graph::kSubscribedIds ||
         field == graph::kUnsubscribedChannelIds || field == graph::kSuppressed ||
         field == graph::kSaidTimes;
}

bool has_only_consent(const UserHead& head) {
  return !head.fields.empty() && knows_consent_at_most(head);
}

bool has_appeared(const UserHead& head) {
  return head.next_event != 1 || head.next_enrollment != 1 || !knows_consent_at_most(head);
}

bool UserState::is_tombstone() const {
  const bool did_nothing =
      seats_.empty() && measured_.empty() && past_.empty() && history_.empty() && sent_.empty();
  return did_nothing && has_only_consent(head_);
}

void UserState::dissolve() {
  change_profile() = UserHead{};
  email_ = graph::Value();
  user_id_ = graph::Value();
  log_.clear();
  is_gone_ = true;
}

void UserState::write_gone(store::Commit& commit) {
  for (const Seat& seat : seats_) {
    if (seat.stored_due) {
      commit.remove_timers.push_back({id_, *seat.stored_due, seat.enrollment.number});
    }
  }
  commit.remove_rows.push_back(key(store::RowKind::kHead, 0));
  if (!stored_watches_.empty()) commit.remove_rows.push_back(key(store::RowKind::kWatch, 0));
  if (stored_watches_due_) commit.remove_timers.push_back({id_, *stored_watches_due_, 0});
  if (indexed_before_) {
    std::ranges::copy(*indexed_before_, std::back_inserter(commit.remove_field_values));
  }
  if (is_taken_) write_taken(commit);
}

}  // namespace sojourn::runtime
