// One user as turns see them: loaded from their rows, changed in memory, written
// back at the end of each turn. On the shard's thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/enrollment.h"
#include "engine/facts.h"
#include "engine/reentry.h"
#include "engine/sending_rules.h"
#include "engine/watches.h"
#include "runtime/log_record.h"
#include "runtime/past_enrollment.h"
#include "runtime/store/store.h"
#include "runtime/user_head.h"

namespace sojourn::runtime {

class Program;
struct Journey;

// A live enrollment and what its row said when it was loaded.
struct Seat {
  const Journey* journey = nullptr;
  engine::Enrollment enrollment;
  std::string stored_body;                  // empty: not stored yet
  std::optional<base::Instant> stored_due;  // its row in the due index
  base::Instant ended_at;                   // once `exit_reason` is set
};

class UserState final : public engine::ProfileView, public engine::MembershipView {
 public:
  // A user who is not stored yet.
  UserState(store::UserId id, const Program& program);
  // kFatal when a row cannot be read.
  static base::Result<UserState> from_rows(store::UserId id, const std::vector<store::Row>& rows,
                                           const Program& program);

  store::UserId id() const { return id_; }
  // Made, not loaded.
  bool is_new() const { return is_new_; }
  // New, and nothing is known of them but who they are.
  bool is_unknown() const {
    return is_new_ && head_.fields.empty() && head_.lists.empty() && history_.empty() &&
           seats_.empty();
  }
  const UserHead& head() const { return head_; }
  // Under one name, known by nothing but what was said of consent: an opt-out of somebody who
  // has not appeared yet.
  bool is_tombstone() const;
  // Whether it was one when it was loaded, or last written.
  bool was_tombstone() const { return was_tombstone_; }
  // Somebody else has become this user, or they are erased. From here on they are nobody, and their
  // head, timers and what they are watched for go with the commit. Of a tombstone that is all but
  // the log, which goes with MovedLogs; the rest is Erasure's.
  void dissolve();
  // What take_life leaves to be done.
  struct TakenLife {
    std::uint32_t added = 0;             // to the numbers of the source's enrollments
    std::vector<std::uint32_t> doubles;  // enrollments that are to end, by their new numbers
  };
  // The source turns out to be this user (user_merge.cpp): all that is known of it but its names,
  // and what was said of consent, becomes this user's, and the source dissolves. Where both are in
  // a journey as one unit, the source's enrollment is here, too, until the caller has ended it.
  TakenLife take_life(UserState& source);
  // The part of it that is the lines of this turn; those that are stored are MovedLogs'.
  void take_log(const UserState& source, std::uint32_t added);
  bool is_gone() const { return is_gone_; }
  void set_identity(const store::Identity& identity);
  // Returns whether the value differs from the one before.
  bool set_field(ProfileField field);
  // Returns whether that changes anything.
  bool set_on_list(std::string_view list, bool on);
  // Iterable took the update of these fields at `at`, if they still are a journey's and have
  // not been set after `set_by`: for what was, another update is on its way.
  void mark_accepted(const std::vector<std::string>& names, base::Instant set_by, base::Instant at);

  const graph::Value& field(std::string_view name) const override;
  graph::Value cleared(std::string_view name) const override { return fallback(name); }
  engine::Facts facts(calendar::ZoneSource& zones) const {
    return engine::Facts{.profile = *this,
                         .history = history_,
                         .zones = zones,
                         .memberships = this,
                         .explains = true};
  }

  const graph::MessageType* message_type(std::string_view name) const override;
  bool in_list(std::string_view list) const override { return head_.is_on(list); }
  bool in_journey(std::string_view journey) const override;
  std::optional<base::Instant> left_at(std::string_view journey,
                                       std::string_view reason) const override;

  // Whether the store's index of fields may say something else of this user.
  bool is_indexed_otherwise() const { return indexed_before_.has_value(); }

  // What is kept of the user's events, in order of arrival.
  const std::vector<engine::EventFact>& history() const { return history_; }

  std::vector<Seat>& seats() { return seats_; }
  Seat* find_seat(std::uint32_t enrollment);
  // Whether the enrollment of the unit, which went on at `then`, has run to the end of its journey
  // for certain. Of those before the last of a unit only the reasons of all are kept, so one that
  // went otherwise since speaks against it.
  bool has_completed(const base::Hash128& unit, std::uint32_t enrollment, base::Instant then) const;
  // Enrollments that have ended and whose goals, or measures of splits, may still be met.
  std::vector<Seat>& measured() { return measured_; }
  // Is the user in a journey, or measured by one, for which such an event changes anything?
  bool is_heard(std::string_view event) const;
  // What the user is watched for; set_field, set_identity and keep tell it what changes.
  engine::Watches& watches() { return watches_; }
  const engine::Watches& watches() const { return watches_; }
  // Is `due` what stands in the due index for it?
  bool is_watched_at(base::Instant due) const { return stored_watches_due_ == due; }
  // The enrollments of this unit before another.
  engine::EarlierEnrollments earlier(const base::Hash128& unit) const;
  // The live enrollment of this unit; there is at most one.
  Seat* find_inside(const base::Hash128& unit);

  // Something was said of them that is not consent, be it something that nothing reads.
  void appear() {
    if (!has_appeared(head_)) ++change_head().next_event;
  }
  std::uint64_t next_event_number() { return change_head().next_event++; }
  std::uint32_t next_enrollment_number() { return change_head().next_enrollment++; }
  // Keeps of the event what the program reads of it (graph::HistoryUse): of each type
  // the newest graph::kMaxKeptEvents.
  void keep(engine::EventFact event);
  // Messages that left or are on their way, as far as the program's rules count them.
  const std::vector<engine::SentMessage>& sent() const { return sent_; }
  // An attempt begins, or another of the same message.
  void note_sent(engine::SentMessage message);
  // The message did not reach anybody after all.
  void forget_sent(const base::Hash128& key);
  void log(LogRecord record) { log_.push_back(std::move(record)); }

  // Adds all that changed to the commit, whose own number is `sequence`, and forgets
  // the history that nothing reads any more at `now`. Afterwards this is what
  // `from_rows` makes of the rows, once the commit is durable.
  void write_to(store::Commit& commit, std::uint64_t sequence, base::Instant now);

  // Memory in use, estimated from the sizes of the rows.
  std::size_t footprint_bytes() const;

 private:
  const graph::Value& fallback(std::string_view name) const;
  base::Status take_row(const store::Row& row);
  base::Status take_enrollment(const store::Row& row);
  base::Status take_measured(const store::Row& row);
  UserHead& change_head();
  // The same, of what the profile says.
  UserHead& change_profile();
  // The index is written by what has changed since.
  void keep_indexed();
  void write_seat(Seat& seat, store::Commit& commit);
  void write_past(store::Commit& commit);
  void write_measured(store::Commit& commit, base::Instant now);
  // Takes up what an ended enrollment leaves behind.
  void remember(const Seat& seat);
  // Of whom nothing else was ever known, so not a user whose events are forgotten by now.
  bool is_counted_tombstone() const { return !has_appeared(head_) && is_tombstone(); }
  bool is_read(const engine::EventFact& event, base::Instant now) const;
  // It leaves the history, and its row the store.
  void forget(const engine::EventFact& event);
  void write_history(store::Commit& commit, base::Instant now);
  bool is_counted(const engine::SentMessage& message, base::Instant now) const;
  void write_sent(store::Commit& commit, base::Instant now);
  void write_watches(store::Commit& commit);
  void write_index(store::Commit& commit);
  void write_gone(store::Commit& commit);
  struct EventNumbers;
  EventNumbers take_history(const UserState& source, std::uint32_t added);
  std::vector<std::uint32_t> take_seats(const UserState& source, const EventNumbers& numbers,
                                        std::uint32_t added);
  void take_past(const UserState& source, std::uint32_t added);
  void take_sent(const UserState& source);
  void take_profile(const UserState& source);
  void write_taken(store::Commit& commit) const;
  store::RowKey key(store::RowKind kind, std::uint64_t number) const {
    return store::RowKey{id_, kind, number};
  }

  store::UserId id_;
  const Program* program_;
  UserHead head_;
  bool head_changed_ = false;
  bool is_new_ = true;
  bool is_gone_ = false;
  bool is_taken_ = false;  // gone, because another has taken their life
  bool was_tombstone_ = false;
  // Of the rows.
  std::size_t head_bytes_ = 0;
  std::size_t history_bytes_ = 0;
  // The entries in the store's index, once the profile has changed.
  std::optional<std::vector<store::FieldValue>> indexed_before_;
  graph::Value email_;
  graph::Value user_id_;
  std::vector<Seat> seats_;
  std::vector<Seat> measured_;
  std::vector<std::uint64_t> unmeasured_rows_;  // of versions that are gone
  struct KeptPast {
    std::uint64_t row = 0;  // its row's number
    PastEnrollment past;
    bool changed = false;
  };
  std::vector<KeptPast> past_;
  engine::Watches watches_;
  std::string stored_watches_;                       // the row; empty: there is none
  std::optional<base::Instant> stored_watches_due_;  // its row in the due index
  std::vector<engine::EventFact> history_;
  std::uint64_t last_stored_event_ = 0;
  std::vector<std::uint64_t> dropped_events_;
  std::vector<engine::SentMessage> sent_;  // by their first attempt
  bool sent_changed_ = false;
  std::size_t sent_bytes_ = 0;  // of the row; 0: there is none
  std::vector<LogRecord> log_;
};

}  // namespace sojourn::runtime
