// Who an item of the intake is about, where that is news: two names that turn out to be one
// person's. What is said of their subscriptions.
#include <algorithm>
#include <fmt/format.h>
#include <string>

#include "runtime/item_names.h"
#include "runtime/program.h"
#include "runtime/said_consent.h"
#include "runtime/turn.h"

namespace sojourn::runtime {
namespace {

// Said again, perhaps: the source's name may be the destination's by now.
std::optional<IntakeFailure> same_user(const IntakeMerge& merge) {
  if (merge.may_be_unknown) return std::nullopt;
  return IntakeFailure{std::string(kSameUser), name_of(merge.source)};
}

}  // namespace

// Two names of one person that have been two users so far: what either has opted out of holds
// for both from here on. Who has been known by what they said of consent alone becomes the
// other. `may_rename`: an item that fails when both are more than that, so that it changes
// nothing.
void Turn::join_names(const Person& person, bool may_rename) {
  const auto both = users_.two_of(person);
  if (!both) return;
  UserState& by_user_id = *both->user_id;
  UserState& by_email = *both->email;
  if (users_.may_absorb(by_user_id, by_email, may_rename)) return absorb(by_user_id, by_email);
  if (users_.may_absorb(by_email, by_user_id, may_rename)) return absorb(by_email, by_user_id);
  if (may_rename) return;
  runner_.take_consent(by_user_id, by_email, false);
  runner_.take_consent(by_email, by_user_id, false);
}

// An update that gives `user` a name under which so far only consent was known.
void Turn::join_names(UserState& user, const store::Identity& identity) {
  UserState* holder = users_.named(identity);
  if (holder != nullptr && holder != &user && users_.may_absorb(user, *holder, true)) {
    absorb(user, *holder);
  }
}

void Turn::absorb(UserState& user, UserState& tombstone) {
  take_over(user, tombstone);
  users_.absorb(user, tombstone);
}

// All of the tombstone but its name: it did nothing, so there are no enrollments to number on.
void Turn::take_over(UserState& user, const UserState& tombstone) {
  user.take_log(tombstone, 0);
  runner_.take_consent(user, tombstone, true);
  note_opt_outs(user, tombstone);
  hand_over(tombstone.id(), user, 0);
}

UserState* Turn::named(const Person& person) {
  UserState* user = nullptr;
  if (person.user_id && !users_.has_anothers_user_id(person)) {
    user = users_.named({store::Identity::Kind::kUserId, *person.user_id});
  }
  if (user == nullptr && person.email) {
    user = users_.named({store::Identity::Kind::kEmail, *person.email});
  }
  return user;
}

std::optional<IntakeFailure> Turn::take_rename(const IntakeRename& rename) {
  if (named(rename.person) == nullptr && !rename.may_be_unknown) return not_found(rename.person);
  IntakeUpdate update;
  update.person = rename.person;
  update.fields = {{"email", graph::Value(rename.new_email)}};
  return take_update(update);
}

// Who has done nothing but say what they consent to becomes the other, and so does a source whose
// destination nobody has heard of. Of two users who have both done something the source's life
// becomes part of the destination's.
std::optional<IntakeFailure> Turn::take_merge(const IntakeMerge& merge) {
  UserState* source = named(merge.source);
  UserState* destination = named(merge.person);
  if (source == nullptr && merge.may_be_unknown) return std::nullopt;
  if (source == nullptr) return not_found(merge.source);
  if (source == destination) return same_user(merge);
  if (destination != nullptr && source->is_tombstone()) {
    take_over(*destination, *source);
    users_.remove(*source);
    return std::nullopt;
  }
  if (destination != nullptr && destination->is_tombstone()) {
    take_over(*source, *destination);
    users_.remove(*destination);
    destination = nullptr;
  }
  if (destination != nullptr) {
    this->merge(*source, *destination);
    return std::nullopt;
  }
  IntakeUpdate update;
  update.person = merge.source;
  update.fields = {{merge.person.email ? "email" : "userId", graph::Value(name_of(merge.person))}};
  return take_update(update);
}

std::optional<IntakeFailure> Turn::take_subscriptions(const IntakeSubscriptions& said) {
  if (auto failure = take_update(said.update)) return failure;
  if (!said.lists) return std::nullopt;
  UserState& user = **users_.resolve(said.person, true);
  for (const graph::StaticList& list : context_.program.catalog().lists) {
    const bool is_on = std::ranges::find(*said.lists, list.name) != said.lists->end();
    // A list that Iterable does not know is none of those that it speaks of.
    if (list.id) runner_.list_changed(user, list.name, is_on);
  }
  return std::nullopt;
}

// Who is nobody here is kept as a tombstone, as by all that says nothing else.
std::optional<IntakeFailure> Turn::take_consent(const IntakeConsent& said) {
  UserState& user = **users_.resolve(said.person, false);
  SaidConsent word;
  word.subscribes = said.subscribes;
  word.at = record_.now;
  word.is_last = true;
  const bool is_type = said.of == IntakeConsent::Of::kMessageType;
  (is_type ? word.message_types : word.channels).push_back(said.id);
  const auto fields = with_said(user.head(), word, record_.now);
  if (holds_too_many_ids(fields))
    return IntakeFailure{std::string(kTooManyIds), name_of(said.person)};
  set_said(user, fields,
           fmt::format("{} {} {}", said.subscribes ? "subscribed to" : "unsubscribed from",
                       is_type ? "message type" : "channel", said.id));
  return std::nullopt;
}

void Turn::set_said(UserState& user, const std::vector<graph::Field>& fields,
                    std::string_view detail) {
  if (changes_consent(fields)) return runner_.set_consent(user, fields, detail);
  for (const auto& [name, value] : fields) {
    user.set_field({name, value, ProfileField::Source::kIntake, record_.now, {}});
  }
}

}  // namespace sojourn::runtime
