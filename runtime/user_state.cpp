#include "runtime/user_state.h"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>
#include <utility>

#include "engine/enrollment_fit.h"
#include "engine/goals.h"
#include "engine/measures.h"
#include "runtime/event_codec.h"
#include "runtime/field_index.h"
#include "runtime/program.h"
#include "runtime/sent_codec.h"
#include "runtime/watch_record.h"

namespace sojourn::runtime {
namespace {

// A program is applied only with every version that has people inside, by the counters of these.
base::Status unknown_version(store::UserId user, const graph::Version& version) {
  return base::failure(base::Error::Kind::kFatal,
                       fmt::format("user {:016x} is inside version {} of a journey, which the "
                                   "program does not have",
                                   user.packed(), version.hex()),
                       "the database is damaged");
}

}  // namespace

UserState::UserState(store::UserId id, const Program& program)
    : id_(id), program_(&program), head_changed_(true) {
  if (!program.indexed_fields().empty()) indexed_before_.emplace();
}

base::Result<UserState> UserState::from_rows(store::UserId id, const std::vector<store::Row>& rows,
                                             const Program& program) {
  UserState user(id, program);
  user.head_changed_ = false;
  user.indexed_before_.reset();
  user.is_new_ = false;
  for (const store::Row& row : rows) {
    if (auto taken = user.take_row(row); !taken) return tl::unexpected(taken.error());
  }
  user.was_tombstone_ = user.is_counted_tombstone();
  return user;
}

base::Status UserState::take_enrollment(const store::Row& row) {
  auto version = engine::stored_version(row.body);
  if (!version) return tl::unexpected(version.error());
  const Journey* journey = program_->find(*version);
  if (journey == nullptr) return unknown_version(id_, *version);
  auto enrollment = engine::read_live_enrollment(row.body, id_.packed(),
                                                 static_cast<std::uint32_t>(row.key.number),
                                                 journey->graph, journey->numbers);
  if (!enrollment) return tl::unexpected(enrollment.error());
  const auto due = enrollment->next_due();
  seats_.push_back(Seat{journey, std::move(*enrollment), row.body, due, {}});
  return {};
}

base::Status UserState::take_measured(const store::Row& row) {
  auto version = engine::stored_version(row.body);
  if (!version) return tl::unexpected(version.error());
  const Journey* journey = program_->find(*version);
  if (journey == nullptr) {
    unmeasured_rows_.push_back(row.key.number);
    return {};
  }
  auto enrollment =
      engine::read_enrollment(row.body, id_.packed(), static_cast<std::uint32_t>(row.key.number),
                              journey->graph, journey->numbers);
  if (!enrollment) return tl::unexpected(enrollment.error());
  measured_.push_back(Seat{journey, std::move(*enrollment), row.body, {}, {}});
  return {};
}

base::Status UserState::take_row(const store::Row& row) {
  switch (row.key.kind) {
    case store::RowKind::kHead: {
      auto head = decode_user_head(row.body);
      if (!head) return tl::unexpected(head.error());
      head_ = std::move(*head);
      head_bytes_ = row.body.size();
      email_ = head_.email ? graph::Value(*head_.email) : graph::Value();
      user_id_ = head_.user_id ? graph::Value(*head_.user_id) : graph::Value();
      return {};
    }
    case store::RowKind::kEnrollment:
      return take_enrollment(row);
    case store::RowKind::kMeasured:
      return take_measured(row);
    case store::RowKind::kPast: {
      auto past = decode_past(row.body);
      if (!past) return tl::unexpected(past.error());
      past_.push_back({row.key.number, std::move(*past), false});
      return {};
    }
    case store::RowKind::kEvent: {
      auto event = decode_event(row.body, row.key.number);
      if (!event) return tl::unexpected(event.error());
      last_stored_event_ = event->number;
      history_bytes_ += row.body.size();
      history_.push_back(std::move(*event));
      return {};
    }
    case store::RowKind::kSent: {
      auto sent = decode_sent(row.body);
      if (!sent) return tl::unexpected(sent.error());
      sent_bytes_ = row.body.size();
      sent_ = std::move(*sent);
      return {};
    }
    case store::RowKind::kWatch: {
      auto stored = decode_watches(row.body, program_->watch_plan());
      if (!stored) return tl::unexpected(stored.error());
      watches_ = std::move(stored->watches);
      stored_watches_ = row.body;
      stored_watches_due_ = stored->due;
      return {};
    }
    case store::RowKind::kLog:
      return {};
    case store::RowKind::kPace:
    case store::RowKind::kSplit:
    case store::RowKind::kSplitUnits:
    case store::RowKind::kOperation:
    case store::RowKind::kAudit:
    case store::RowKind::kHeldBack:
    case store::RowKind::kDeadLetter:
    case store::RowKind::kLastLived:
    case store::RowKind::kLeaving:
      break;
  }
  return base::failure(base::Error::Kind::kFatal, "a stored user has a row of an unknown kind",
                       "the database was written by a newer version");
}

UserHead& UserState::change_head() {
  // Their first event, or enrollment, puts them into the index.
  if (!has_appeared(head_)) keep_indexed();
  head_changed_ = true;
  return head_;
}

UserHead& UserState::change_profile() {
  keep_indexed();
  return change_head();
}

void UserState::keep_indexed() {
  if (indexed_before_ || program_->indexed_fields().empty()) return;
  indexed_before_ = index_entries(*this, *program_);
}

void UserState::set_identity(const store::Identity& identity) {
  const bool is_email = identity.kind == store::Identity::Kind::kEmail;
  UserHead& head = change_profile();
  (is_email ? head.email : head.user_id) = identity.value;
  (is_email ? email_ : user_id_) = graph::Value(identity.value);
  watches_.field_changed(program_->watch_plan(), is_email ? "email" : "userId");
}

bool UserState::set_field(ProfileField field) {
  const std::string name = field.name;
  const bool changed = change_profile().set(std::move(field));
  if (changed) watches_.field_changed(program_->watch_plan(), name);
  return changed;
}

bool UserState::set_on_list(std::string_view list, bool on) {
  if (!head_.set_on(list, on)) return false;
  head_changed_ = true;
  watches_.membership_changed(program_->watch_plan());
  return true;
}

void UserState::mark_accepted(const std::vector<std::string>& names, base::Instant set_by,
                              base::Instant at) {
  for (const std::string& name : names) {
    if (head_.mark_accepted(name, set_by, at)) head_changed_ = true;
  }
}

const graph::Value& UserState::fallback(std::string_view name) const {
  return program_->fallback_of(name);
}

const graph::Value& UserState::field(std::string_view name) const {
  if (name == "email") return email_;
  if (name == "userId") return user_id_;
  if (const ProfileField* field = head_.find(name); field != nullptr) {
    if (!field->value.is_missing()) return field->value;
  }
  return fallback(name);
}

const graph::MessageType* UserState::message_type(std::string_view name) const {
  return program_->catalog().find_message_type(name);
}

bool UserState::in_journey(std::string_view journey) const {
  return std::any_of(seats_.begin(), seats_.end(), [&](const Seat& seat) {
    return seat.journey->graph.journey == journey && !seat.enrollment.exit_reason;
  });
}

std::optional<base::Instant> UserState::left_at(std::string_view journey,
                                                std::string_view reason) const {
  std::optional<base::Instant> last;
  const auto take = [&](std::string_view ended_as, base::Instant at) {
    if ((reason.empty() || ended_as == reason) && (!last || *last < at)) last = at;
  };
  for (const KeptPast& kept : past_) {
    if (kept.past.journey != journey) continue;
    for (const PastEnd& end : kept.past.ends) take(end.reason, end.at);
  }
  // Those that ended in this turn are not among the past yet.
  for (const Seat& seat : seats_) {
    if (seat.journey->graph.journey != journey || !seat.enrollment.exit_reason) continue;
    take(*seat.enrollment.exit_reason, seat.ended_at);
  }
  return last;
}

Seat* UserState::find_seat(std::uint32_t enrollment) {
  for (Seat& seat : seats_) {
    if (seat.enrollment.number == enrollment && !seat.enrollment.exit_reason) return &seat;
  }
  return nullptr;
}

bool UserState::has_completed(const base::Hash128& unit, std::uint32_t enrollment,
                              base::Instant then) const {
  const auto seat = std::ranges::find(seats_, enrollment,
                                      [](const Seat& each) { return each.enrollment.number; });
  // It has ended in this turn, or goes on.
  if (seat != seats_.end()) return seat->enrollment.exit_reason == engine::kCompleted;
  const auto kept =
      std::ranges::find(past_, unit, [](const KeptPast& each) { return each.past.unit; });
  if (kept == past_.end() || kept->past.number < enrollment) return false;
  const std::vector<PastEnd>& ends = kept->past.ends;
  if (kept->past.number == enrollment) return ends.back().reason == engine::kCompleted;
  return std::ranges::all_of(
      ends, [&](const PastEnd& end) { return end.reason == engine::kCompleted || end.at < then; });
}

bool UserState::is_heard(std::string_view event) const {
  const auto hears = [&](const Seat& seat) { return seat.journey->hears(event); };
  return std::any_of(measured_.begin(), measured_.end(), hears) ||
         std::any_of(seats_.begin(), seats_.end(),
                     [&](const Seat& seat) { return !seat.enrollment.exit_reason && hears(seat); });
}

Seat* UserState::find_inside(const base::Hash128& unit) {
  for (Seat& seat : seats_) {
    if (seat.enrollment.unit == unit && !seat.enrollment.exit_reason) return &seat;
  }
  return nullptr;
}

engine::EarlierEnrollments UserState::earlier(const base::Hash128& unit) const {
  engine::EarlierEnrollments out;
  for (const KeptPast& kept : past_) {
    if (kept.past.unit != unit) continue;
    out.ended = kept.past.ended;
    out.restarts = kept.past.restarts;
    out.last_ended_at = kept.past.ends.back().at;
  }
  // Those that ended in this turn are not among the past yet.
  for (const Seat& seat : seats_) {
    if (seat.enrollment.unit != unit) continue;
    if (!seat.enrollment.exit_reason) {
      out.inside = true;
    } else {
      engine::count_ended(out, *seat.enrollment.exit_reason, seat.ended_at);
    }
  }
  return out;
}

void UserState::keep(engine::EventFact event) {
  const graph::HistoryUse* use = program_->history_of(event.name);
  if (use == nullptr) return;
  if (!use->whole) {
    std::erase_if(event.fields, [&](const graph::Field& field) {
      return !std::binary_search(use->fields.begin(), use->fields.end(), field.first);
    });
  }
  const auto is_alike = [&](const engine::EventFact& kept) { return kept.name == use->event; };
  const auto alike = std::count_if(history_.begin(), history_.end(), is_alike);
  if (static_cast<std::size_t>(alike) >= graph::kMaxKeptEvents) {
    const auto oldest = std::find_if(history_.begin(), history_.end(), is_alike);
    forget(*oldest);
    history_.erase(oldest);
  }
  watches_.event_kept(program_->watch_plan(), event.name);
  history_.push_back(std::move(event));
}

void UserState::forget(const engine::EventFact& event) {
  if (event.number > last_stored_event_) return;
  history_bytes_ -= encode(event).size();
  dropped_events_.push_back(event.number);
}

bool UserState::is_read(const engine::EventFact& event, base::Instant now) const {
  const graph::HistoryUse* use = program_->history_of(event.name);
  if (use == nullptr) return false;
  const bool in_window = use->within.count > 0 && now - event.created_at <= use->within;
  return use->always || in_window || (use->while_enrolled && is_heard(event.name));
}

void UserState::write_to(store::Commit& commit, std::uint64_t sequence, base::Instant now) {
  was_tombstone_ = !is_gone_ && is_counted_tombstone();
  if (is_gone_) return write_gone(commit);
  for (Seat& seat : seats_) write_seat(seat, commit);
  write_past(commit);
  write_measured(commit, now);
  std::erase_if(seats_, [](const Seat& seat) { return seat.enrollment.exit_reason.has_value(); });
  write_history(commit, now);
  write_sent(commit, now);
  write_watches(commit);
  write_index(commit);
  if (std::exchange(head_changed_, false)) {
    std::string body = encode(head_);
    head_bytes_ = body.size();
    commit.put_rows.push_back({key(store::RowKind::kHead, 0), std::move(body)});
  }
  if (!log_.empty()) {
    commit.put_rows.push_back({key(store::RowKind::kLog, sequence), encode(log_)});
    log_.clear();
  }
}

void UserState::write_seat(Seat& seat, store::Commit& commit) {
  const engine::Enrollment& enrollment = seat.enrollment;
  const bool ended = enrollment.exit_reason.has_value();
  const auto due = ended ? std::nullopt : enrollment.next_due();
  if (due != seat.stored_due) {
    if (seat.stored_due) {
      commit.remove_timers.push_back({id_, *seat.stored_due, enrollment.number});
    }
    if (due) commit.put_timers.push_back({id_, *due, enrollment.number});
    seat.stored_due = due;
  }
  const store::RowKey row = key(store::RowKind::kEnrollment, enrollment.number);
  if (!ended) {
    std::string body = engine::encode(enrollment, seat.journey->numbers);
    if (body == seat.stored_body) return;
    seat.stored_body = body;
    commit.put_rows.push_back({row, std::move(body)});
    return;
  }
  if (!seat.stored_body.empty()) commit.remove_rows.push_back(row);
  remember(seat);
}

void UserState::remember(const Seat& seat) {
  const engine::Enrollment& enrollment = seat.enrollment;
  auto kept = std::find_if(past_.begin(), past_.end(), [&](const KeptPast& other) {
    return other.past.unit == enrollment.unit;
  });
  if (kept == past_.end()) {
    PastEnrollment first;
    first.unit = enrollment.unit;
    first.journey = seat.journey->graph.journey;
    kept = past_.insert(kept, {enrollment.number, std::move(first), true});
  }
  PastEnrollment& past = kept->past;
  engine::EarlierEnrollments earlier{false, past.ended, past.restarts, {}};
  engine::count_ended(earlier, *enrollment.exit_reason, seat.ended_at);
  past.number = enrollment.number;
  past.add_end({*enrollment.exit_reason, seat.ended_at});
  past.ended = earlier.ended;
  past.restarts = earlier.restarts;
  kept->changed = true;
}

void UserState::write_index(store::Commit& commit) {
  if (!indexed_before_) return;
  const std::vector<store::FieldValue> before = std::move(*indexed_before_);
  indexed_before_.reset();
  const std::vector<store::FieldValue> after = index_entries(*this, *program_);
  std::ranges::set_difference(after, before, std::back_inserter(commit.put_field_values));
  std::ranges::set_difference(before, after, std::back_inserter(commit.remove_field_values));
}

// A user who had no input yet under this program keeps the row that they have.
void UserState::write_watches(store::Commit& commit) {
  const engine::WatchPlan& plan = program_->watch_plan();
  if (!watches_.begun() && !(plan.rules().empty() && !stored_watches_.empty())) return;
  if (watches_.begun() && !watches_.to_be_stored()) return;
  watches_.stored();
  std::string body = plan.rules().empty() ? std::string() : encode(watches_, plan);
  const auto due = plan.rules().empty() ? std::nullopt : watches_.next_due();
  if (due != stored_watches_due_) {
    if (stored_watches_due_) commit.remove_timers.push_back({id_, *stored_watches_due_, 0});
    if (due) commit.put_timers.push_back({id_, *due, 0});
    stored_watches_due_ = due;
  }
  if (body == stored_watches_) return;
  const store::RowKey row = key(store::RowKind::kWatch, 0);
  if (body.empty()) {
    commit.remove_rows.push_back(row);
  } else {
    commit.put_rows.push_back({row, body});
  }
  stored_watches_ = std::move(body);
}

void UserState::write_past(store::Commit& commit) {
  for (KeptPast& kept : past_) {
    if (!std::exchange(kept.changed, false)) continue;
    commit.put_rows.push_back({key(store::RowKind::kPast, kept.row), encode(kept.past)});
  }
}

// Those that end in this turn become measured ones; those of which nothing more can be counted go.
void UserState::write_measured(store::Commit& commit, base::Instant now) {
  const auto is_open = [&](const Seat& seat) {
    return engine::has_open_goals(seat.journey->graph, seat.enrollment, now) ||
           engine::has_open_measures(seat.journey->graph, seat.enrollment, now);
  };
  for (const std::uint64_t number : unmeasured_rows_) {
    commit.remove_rows.push_back(key(store::RowKind::kMeasured, number));
  }
  unmeasured_rows_.clear();
  std::erase_if(measured_, [&](const Seat& seat) {
    if (is_open(seat)) return false;
    commit.remove_rows.push_back(key(store::RowKind::kMeasured, seat.enrollment.number));
    return true;
  });
  for (const Seat& seat : seats_) {
    if (!seat.enrollment.exit_reason || !is_open(seat)) continue;
    measured_.push_back(Seat{seat.journey, seat.enrollment, {}, {}, seat.ended_at});
  }
  for (Seat& seat : measured_) {
    std::string body = engine::encode(seat.enrollment, seat.journey->numbers);
    if (body == seat.stored_body) continue;
    seat.stored_body = body;
    commit.put_rows.push_back(
        {key(store::RowKind::kMeasured, seat.enrollment.number), std::move(body)});
  }
}

void UserState::write_history(store::Commit& commit, base::Instant now) {
  std::erase_if(history_, [&](const engine::EventFact& event) {
    if (is_read(event, now)) return false;
    forget(event);
    return true;
  });
  for (const std::uint64_t number : dropped_events_) {
    commit.remove_rows.push_back(key(store::RowKind::kEvent, number));
  }
  dropped_events_.clear();
  for (const engine::EventFact& event : history_) {
    if (event.number <= last_stored_event_) continue;
    std::string body = encode(event);
    history_bytes_ += body.size();
    commit.put_rows.push_back({key(store::RowKind::kEvent, event.number), std::move(body)});
    last_stored_event_ = event.number;
  }
}

void UserState::note_sent(engine::SentMessage message) {
  if (!is_counted(message, message.at)) return;
  sent_changed_ = true;
  const auto known = std::find_if(sent_.begin(), sent_.end(),
                                  [&](const auto& other) { return other.key == message.key; });
  if (known != sent_.end()) {
    known->at = message.at;
  } else {
    sent_.push_back(std::move(message));
  }
}

void UserState::forget_sent(const base::Hash128& key) {
  if (std::erase_if(sent_, [&](const auto& message) { return message.key == key; }) > 0) {
    sent_changed_ = true;
  }
}

// By a cap while it is in its window; of a campaign that is `once`, for ever.
bool UserState::is_counted(const engine::SentMessage& message, base::Instant now) const {
  const graph::Catalog& catalog = program_->catalog();
  if (now - message.at < catalog.sending.counted_for(message.kind)) return true;
  const graph::Campaign* campaign = catalog.find_campaign(message.campaign);
  return campaign != nullptr && campaign->once;
}

void UserState::write_sent(store::Commit& commit, base::Instant now) {
  if (std::erase_if(sent_, [&](const auto& message) { return !is_counted(message, now); }) > 0) {
    sent_changed_ = true;
  }
  if (!std::exchange(sent_changed_, false)) return;
  const store::RowKey row = key(store::RowKind::kSent, 0);
  if (sent_.empty()) {
    if (sent_bytes_ > 0) commit.remove_rows.push_back(row);
    sent_bytes_ = 0;
    return;
  }
  std::string body = encode(sent_);
  sent_bytes_ = body.size();
  commit.put_rows.push_back({row, std::move(body)});
}

std::size_t UserState::footprint_bytes() const {
  // What is decoded takes about three times the bytes of its row.
  constexpr std::size_t kFactor = 3;
  constexpr std::size_t kPastBytes = sizeof(KeptPast) + 32;
  std::size_t seats = 0;
  for (const auto* list : {&seats_, &measured_}) {
    for (const Seat& seat : *list) seats += sizeof(Seat) + (1 + kFactor) * seat.stored_body.size();
  }
  return sizeof(UserState) + kFactor * (head_bytes_ + history_bytes_ + sent_bytes_) + seats +
         kPastBytes * past_.size() + stored_watches_.size() +
         sizeof(engine::KnownWatch) * watches_.known().size() +
         sizeof(engine::EventFact) * history_.size();
}

}  // namespace sojourn::runtime
