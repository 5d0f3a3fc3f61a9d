// Somebody of whom nothing is known but what was said of consent, until they appear under a
// name that somebody else has.
#include <algorithm>
#include <iterator>

#include "graph/built_in.h"
#include "runtime/user_state.h"

namespace sojourn::runtime {

bool has_only_consent(const UserHead& head) {
  const auto is_consent = [](const ProfileField& field) {
    return field.source == ProfileField::Source::kIntake &&
           (field.name == graph::kUnsubscribedIds || field.name == graph::kSubscribedIds ||
            field.name == graph::kUnsubscribedChannelIds || field.name == graph::kSuppressed ||
            field.name == graph::kSaidTimes);
  };
  const bool has_one_name = head.email.has_value() != head.user_id.has_value();
  return has_one_name && head.lists.empty() && !head.fields.empty() &&
         std::ranges::all_of(head.fields, is_consent);
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
