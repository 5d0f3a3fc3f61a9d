// What senders say about erasing people (erasure.h), and what becomes of what was to leave for
// whom they erase.
#include <algorithm>
#include <set>
#include <span>
#include <utility>

#include "runtime/counter_names.h"
#include "runtime/dead_letter_book.h"
#include "runtime/erasing_forward.h"
#include "runtime/item_names.h"
#include "runtime/turn.h"

namespace sojourn::runtime {
namespace {

using store::Identity;
constexpr std::string_view kErased = "erased";

std::vector<Identity> names_of(const Person& person) {
  std::vector<Identity> names;
  for_each_identity(person, [&](Identity name) { names.push_back(std::move(name)); });
  return names;
}

IntakeFailure forgotten(const Identity& name) {
  const bool is_email = name.kind == Identity::Kind::kEmail;
  return {is_email ? "forgottenEmails" : "forgottenUserIds", name.value};
}

}  // namespace

// A delete of nobody is nothing to do again.
base::Status Turn::note_in_ledger(const IntakeErasure& item) {
  using What = LedgerEntry::What;
  if (item.is_in_ledger) return {};
  std::vector<Identity> names = names_of(item.person);
  bool is_anybody = false;
  for (const Identity& name : names_of(item.person)) {
    const UserState* user = users_.named(name);
    if (user == nullptr || item.what == IntakeErasure::What::kUnforget) continue;
    is_anybody = true;
    for (Identity& theirs : names_of({user->head().email, user->head().user_id})) {
      names.push_back(std::move(theirs));
    }
  }
  switch (item.what) {
    case IntakeErasure::What::kDelete:
      return is_anybody ? erasure_.note(names, What::kErased) : base::Status();
    case IntakeErasure::What::kForget:
      return erasure_.note(names, What::kForgotten);
    case IntakeErasure::What::kUnforget:
      return erasure_.note(names, What::kUnforgotten);
  }
  return {};
}

// Both names of whoever is erased are forgotten, so that neither brings them back. A name that is
// somebody else's is nothing that was said of that one: it is settled before anybody is gone.
std::optional<IntakeFailure> Turn::take_erasure(IntakeErasure item) {
  item.person = users_.meant(item.person);
  erased_.reset();
  if (auto noted = note_in_ledger(item); !noted) {
    record_.output.notes.push_back({"erasure_refused", noted.error().message});
    return IntakeFailure{std::string(kNotInLedger), {}};
  }
  erased_names_ = names_of(item.person);
  std::vector<store::UserId> erased;
  if (item.what == IntakeErasure::What::kUnforget) {
    for (const Identity& name : erased_names_) erasure_.set_forgotten(name, false);
    return std::nullopt;
  }
  while (UserState* user = named(item.person)) {
    for (Identity& name : names_of({user->head().email, user->head().user_id})) {
      erased_names_.push_back(std::move(name));
    }
    erased_ = user->id();
    erased.push_back(user->id());
    erasure_.erase(*user, item.goes_on);
  }
  erase_what_leaves(erased, item.goes_on);
  if (item.what == IntakeErasure::What::kForget) {
    for (const Identity& name : erased_names_) erasure_.set_forgotten(name, true);
    return std::nullopt;
  }
  if (erased_ || item.may_be_unknown) return std::nullopt;
  return not_found(item.person);
}

// What was said of them since somebody of the same name was erased has left by that queue, or is
// to. What is under way to them keeps a place in the queue by which this erasure is going to leave.
void Turn::erase_what_leaves(const std::vector<store::UserId>& erased, bool goes_on) {
  const auto leaving = leaving_queue_of(erased_names_);
  if (leaving) {
    outbox_.erase(*leaving, goes_on);
    erasure_.drop_letters(*leaving);
  }
  if (!goes_on) return;
  for (const store::UserId user : erased) {
    const store::UserId queue = leaving.value_or(*erased_);
    if (user != queue) outbox_.leave_by(queue, user);
  }
}

// Of what has left by them, and was refused, the queue says no more whom it is about.
void Turn::close_queues() {
  const std::vector<store::UserId> emptied = outbox_.emptied_forwards();
  for (const store::UserId queue : emptied) {
    if (!leaving_.any() || context_.letters.of_user(queue).empty()) continue;
    for (const Identity& name : leaving_.names_of(queue)) {
      const auto user = users_.whoever_has(name);
      if (user) context_.letters.give_back(queue, *user);
    }
  }
  leaving_.emptied(emptied);
}

bool Turn::is_forgotten(const Person& person) const {
  bool any = false;
  for_each_identity(person, [&](const Identity& name) { any |= erasure_.is_forgotten(name); });
  return any;
}

// A name that it gives them, too. What Iterable tells is no request, and is not refused; nor is a
// word about the erasure itself.
std::optional<IntakeFailure> Turn::refuse_forgotten(const IntakeItem& item) const {
  if (!erasure_.knows_any()) return std::nullopt;
  if (std::holds_alternative<IntakeErasure>(item) || std::holds_alternative<IntakeNotice>(item)) {
    return std::nullopt;
  }
  std::optional<IntakeFailure> failure;
  for_each_identity(person_of(item), [&](const Identity& name) {
    if (!failure && erasure_.is_forgotten(name)) failure = forgotten(name);
  });
  for_each_new_identity(item, [&](const Identity& name) {
    if (failure || !erasure_.is_forgotten(name)) return;
    // As at Iterable, where an email that was forgotten is taken.
    const bool is_rename = std::holds_alternative<IntakeRename>(item);
    failure = is_rename ? IntakeFailure{"conflictEmails", name.value} : forgotten(name);
  });
  return failure;
}

// Behind what is under way about whom it has erased. About somebody who is nobody here, under a
// number that nobody gets.
void Turn::pass_on_erasure(IntakeForward forward) {
  std::optional<store::UserId> queue = leaving_queue_of(erased_names_);
  if (!queue) queue = erased_;
  if (!queue) {
    auto nobody = context_.store.new_user(erased_names_.front().shard());
    if (erasure_.failed(nobody)) return;
    queue = *nobody;
  }
  leaving_.add(erased_names_, *queue);
  outbox_.forward(*queue, std::move(forward));
}

store::UserId Turn::queue_of(const IntakeItem& item, const UserState& user) {
  std::vector<Identity> names = names_of(person_of(item));
  for_each_new_identity(item, [&](Identity name) { names.push_back(std::move(name)); });
  return queue_by(std::move(names), user);
}

// Of two people whose erasures are on their way, and who came again, it may be said that they are
// one. What waits by the one queue leaves by the other from then on, in the order in which it was
// said: who is erased as one is to be found in one place.
std::optional<store::UserId> Turn::leaving_queue_of(std::span<const Identity> names) {
  const std::vector<store::UserId> queues = leaving_.queues_of(names);
  if (queues.empty()) return std::nullopt;
  const store::UserId queue = queues.front();
  for (const store::UserId other : std::span(queues).subspan(1)) {
    outbox_.move(other, queue, 0);
    context_.letters.move(other, queue, 0);
    const std::set<Identity> others = leaving_.names_of(other);
    leaving_.add(std::vector<Identity>(others.begin(), others.end()), queue);
  }
  return queue;
}

// All names of whoever leaves behind an erasure are kept in that order from here on.
store::UserId Turn::queue_by(std::vector<Identity> names, const UserState& user) {
  if (!leaving_.any()) return user.id();
  for (Identity& name : names_of({user.head().email, user.head().user_id})) {
    names.push_back(std::move(name));
  }
  const auto queue = leaving_queue_of(names);
  if (!queue) return user.id();
  leaving_.add(names, *queue);
  return *queue;
}

void TurnOutbox::erase(store::UserId user, bool keeps_order) {
  auto stored = context_.store.deliveries_of(user);
  if (!stored) {
    status_ = tl::unexpected(stored.error());
    return;
  }
  for (const store::Delivery& delivery : *stored) {
    const bool is_known =
        by_key_.contains(delivery.key) || (!delivery.next_attempt && claimed(delivery.key));
    if (is_known) continue;
    auto work = add_planned(delivery);
    if (!work) {
      status_ = tl::unexpected(work.error());
      return;
    }
    if (!delivery.next_attempt) (*work)->state = Work::State::kClaimed;
  }
  for (const auto& work : works_) {
    if (work->key.user == user && work->state != Work::State::kGone) erase(*work, keeps_order);
  }
  let_next_forward_go(user);
}

// Whoever was to get it is no more, so nothing is told of it; an outcome finds nothing, or a place
// in the order.
void TurnOutbox::erase(Work& work, bool keeps_order) {
  using Kind = DeliveryRecord::Kind;
  DeliveryRecord& record = work.record;
  const bool is_forward = record.kind == Kind::kForward;
  if (is_forward && (is_erasing(record.subject) || is_hollow(record))) return;
  work.changed = true;
  if (record.parked) {
    unpark(work, kErased);
    work.state = Work::State::kGone;
  } else if (work.state == Work::State::kPlanned || record.kind == Kind::kCall ||
             (!is_forward && !keeps_order)) {
    work.state = Work::State::kGone;
  }
  count_erased(record, work.state == Work::State::kGone);
  if (work.state == Work::State::kGone) {
    work.ended_as = kErased;
  } else {
    record = hollow(record);
    // Those that were looked up before lack it.
    const auto known = forwards_.find(work.key.user.packed());
    if (!is_forward && known != forwards_.end()) known->second.push_back(&work);
  }
}

void TurnOutbox::leave_by(store::UserId queue, store::UserId erased) {
  std::vector<Work*>& forwards = forwards_of(queue);
  for (const auto& work : works_) {
    const bool is_theirs = work->key.user == erased && work->state != Work::State::kGone;
    if (!is_theirs || work->record.kind != DeliveryRecord::Kind::kForward) continue;
    move(*work, queue, 0);
    forwards.push_back(work.get());
  }
  forwards_.erase(erased.packed());
}

// `is_gone`: it keeps no place among those that wait to go on.
void TurnOutbox::count_erased(const DeliveryRecord& record, bool is_gone) {
  using Kind = DeliveryRecord::Kind;
  if (record.kind == Kind::kForward) {
    if (!is_gone) return;
    record_.count(kForwardsWaiting, -1);
    return record_.count("forwards/erased");
  }
  if (!is_gone) record_.count(kForwardsWaiting);
  if (record.kind == Kind::kMessage) {
    record_.count(counter_name({"skipped", record.journey, record.subject, kErased}));
  } else if (record.kind == Kind::kCall) {
    record_.count(counter_name({"calls", record.subject, kErased}));
  } else {
    record_.count("deliveries_erased");
  }
}

std::vector<store::UserId> TurnOutbox::emptied_forwards() const {
  std::vector<store::UserId> emptied;
  for (const auto& [user, works] : forwards_) {
    const bool is_empty = std::ranges::all_of(
        works, [](const Work* work) { return work->state == Work::State::kGone; });
    if (is_empty) emptied.push_back(store::UserId::unpack(user));
  }
  return emptied;
}

}  // namespace sojourn::runtime
