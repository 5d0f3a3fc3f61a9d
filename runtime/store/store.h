// Where everything durable lives. A `Store` is one database file, owned and
// called by one shard thread; it sees bytes and index keys, never journeys.
//
// A turn is: `load` what its inputs need, work, `commit` once. A commit is one
// transaction: all of it is on disk when its completion is reported, or none of
// it ever is. After a failed commit the store is dead (kind kFatal): the process
// must stop, because what a failed fsync left behind is unknown.
//
// Every key begins with the virtual shard, so a shard can move to another file.
// docs/store.md describes each table and what a crash leaves behind.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "base/instant.h"
#include "base/result.h"

namespace sojourn::store {

inline constexpr std::uint16_t kShardCount = 1024;

// Internal id of a user: the virtual shard and a number never reused within it.
struct UserId {
  std::uint16_t shard = 0;
  std::uint64_t number = 0;  // from 1; below 2^48

  // Shard in the upper 16 bits: the form that message keys and people see.
  std::uint64_t packed() const { return (std::uint64_t{shard} << 48) | number; }
  static UserId unpack(std::uint64_t packed) {
    return UserId{static_cast<std::uint16_t>(packed >> 48), packed & ((1ULL << 48) - 1)};
  }
  friend auto operator<=>(const UserId&, const UserId&) = default;
};

// What a user is known by outside. Stored under the shard of its own hash.
struct Identity {
  // Names that were forgotten are of nobody (shard 0, number 0), as keyed hashes
  // (runtime/forgotten_names.h); those that are leaving name a queue (runtime/leaving_names.h).
  enum class Kind : std::uint8_t {
    kEmail = 1,
    kUserId = 2,
    kForgottenEmail = 3,
    kForgottenUserId = 4,
    kLeavingEmail = 5,
    kLeavingUserId = 6,
  };
  Kind kind = Kind::kEmail;
  std::string value;  // an email in lower case

  std::uint16_t shard() const;
  friend auto operator<=>(const Identity&, const Identity&) = default;
};

// Rows of a user, all beside each other on disk. The numbers are stored.
enum class RowKind : std::uint8_t {
  kHead = 0,         // number 0: identities, counters of the user's own, profile
  kEnrollment = 1,   // by enrollment number
  kPast = 2,         // ended enrollments, by enrollment number: what re-entry asks
  kEvent = 3,        // history that the program reads, by event number
  kPace = 4,         // of nobody (shard 0, number 0): the queues of journeys with `pace`
  kMeasured = 5,     // ended enrollments of which something is still counted, by enrollment number
  kSent = 6,         // number 0: messages that the rules of sending count
  kWatch = 7,        // number 0: what the user is watched for beside enrollments
  kLog = 8,          // what happened and why, by commit sequence; never loaded in a turn
  kSplit = 9,        // of nobody, as kPace: what is counted of measured splits
  kSplitUnits = 10,  // of nobody: which units of splits `by` a value are settled
  kOperation = 11,   // of nobody: which journeys are paused, drained or stopped
  kAudit = 12,       // of nobody: the commands of operators, numbered in order
  kHeldBack = 13,    // of a queue (shard 0, numbers from 2^47): what a paused journey waits with
  kDeadLetter = 14,  // of nobody: deliveries that ended unsent, by running number
  kLastLived = 15,   // of nobody: the last instant that was lived by
  kLeaving = 16,     // number 0, of a user who was erased: the names that Iterable is still told of
};
struct RowKey {
  UserId user;
  RowKind kind = RowKind::kHead;
  std::uint64_t number = 0;
  friend auto operator<=>(const RowKey&, const RowKey&) = default;
};
struct Row {
  RowKey key;
  std::string body;
};

// The due index. What is due, and why, is in the enrollment's row, or in that of kWatch.
struct TimerKey {
  UserId user;
  base::Instant due;
  std::uint32_t enrollment = 0;  // 0: none, but what the user is watched for
  friend auto operator<=>(const TimerKey&, const TimerKey&) = default;
};

// The outbox: deliveries that have not ended. `next_attempt` is set while the
// delivery is planned and none while it is claimed (handed out, outcome awaited).
struct DeliveryKey {
  UserId user;
  base::Hash128 message;  // the message key
  friend auto operator<=>(const DeliveryKey&, const DeliveryKey&) = default;
};
//
// What is planned waits in a queue, that of its lane, in due order. Lane 0 is the queue of those
// whose lane is not known, as of all that an older schema left. A claimed one is in no queue.
struct Delivery {
  DeliveryKey key;
  std::optional<base::Instant> next_attempt;
  std::string body;
  std::uint32_t lane = 0;
  // While planned: after it the delivery is due whatever it waits for. Of few, since each is one
  // more entry to write.
  std::optional<base::Instant> deadline = {};
};
// A queue that is not empty.
struct WaitingLane {
  std::uint32_t lane = 0;
  base::Instant first;  // its soonest attempt
  friend auto operator<=>(const WaitingLane&, const WaitingLane&) = default;
};

// A recognised event: the UTC day it came and a hash of its id.
struct SeenEvent {
  std::uint16_t shard = 0;
  std::int32_t day = 0;  // days since 1970-01-01
  std::uint64_t hash = 0;
  friend auto operator<=>(const SeenEvent&, const SeenEvent&) = default;
};

// The index of users by what a field of theirs reads as: by a number that stands for the
// field and a hash of the value. Stored under the shard of the value, as an identity is.
struct FieldValue {
  std::uint32_t field = 0;
  base::Hash128 value;
  UserId user;

  std::uint16_t shard() const { return static_cast<std::uint16_t>(value.low % kShardCount); }
  friend auto operator<=>(const FieldValue&, const FieldValue&) = default;
};

// An event on its way to many users: part 0 is the event, each later part some of the
// users who are still to get it. Numbered in order of arrival.
struct FanOutKey {
  std::uint64_t number = 0;
  std::uint32_t part = 0;
  friend auto operator<=>(const FanOutKey&, const FanOutKey&) = default;
};
struct FanOutRow {
  FanOutKey key;
  std::string body;
};

struct CounterDelta {
  std::string name;
  std::int64_t delta = 0;
};

struct ReadSet {
  std::vector<Identity> identities;
  std::vector<SeenEvent> seen;  // each is looked for on every day still kept
  std::vector<UserId> users;    // rows of kind below kLog
};
struct Loaded {
  std::vector<std::optional<UserId>> identities;  // by place in the read set
  std::vector<bool> seen;
  std::vector<std::vector<Row>> users;  // in key order; empty: no such user
};

// One transaction. Puts replace; removing what is not there is not an error.
// Within a vector no key stands twice, and none is both put and removed.
struct Commit {
  std::vector<std::pair<Identity, UserId>> put_identities;
  std::vector<Identity> remove_identities;
  std::vector<Row> put_rows;
  std::vector<RowKey> remove_rows;
  std::vector<TimerKey> put_timers;
  std::vector<TimerKey> remove_timers;
  std::vector<Delivery> put_deliveries;
  std::vector<DeliveryKey> remove_deliveries;
  std::vector<SeenEvent> put_seen;
  std::vector<CounterDelta> counters;
  std::vector<FieldValue> put_field_values;
  std::vector<FieldValue> remove_field_values;
  std::vector<FanOutRow> put_fan_outs;
  std::vector<FanOutKey> remove_fan_outs;

  bool empty() const;
};

// Program records, written by their own transactions when a program is applied.
struct StoredGraph {
  base::Hash128 version;
  std::string journey;
  std::uint32_t encoding = 0;
  std::string bytes;
};

class Store {
 public:
  virtual ~Store() = default;

  virtual base::Result<Loaded> load(const ReadSet& read) = 0;

  // Makes `commit` durable, then calls `done` with its sequence number (one more
  // than the one before; 1 is the first ever). `done` may be called before
  // `commit` returns; no second commit may begin before it was.
  using Done = std::function<void(base::Result<std::uint64_t>)>;
  virtual void commit(const Commit& commit, const Done& done) = 0;

  // Sequence number of the last durable commit; 0 for an empty store.
  virtual std::uint64_t sequence() const = 0;

  // A number for a new user of `shard`; never given twice, not even after a crash.
  virtual base::Result<UserId> new_user(std::uint16_t shard) = 0;

  // Due at or before `until`, in order of due time, at most `limit`.
  virtual base::Result<std::vector<TimerKey>> due_timers(base::Instant until,
                                                         std::size_t limit) = 0;
  virtual base::Result<std::optional<base::Instant>> next_timer() = 0;
  // How many are due at or before `until`, counted up to `at_most`. Reads the key of each.
  virtual base::Result<std::size_t> count_timers(base::Instant until, std::size_t at_most) = 0;
  // The queues of planned deliveries, by lane.
  virtual base::Result<std::vector<WaitingLane>> waiting_lanes() = 0;
  // Planned deliveries of one lane whose next attempt is at or before `until`, in that order. Does
  // not look at those of others.
  virtual base::Result<std::vector<Delivery>> due_deliveries(std::uint32_t lane,
                                                             base::Instant until,
                                                             std::size_t limit) = 0;
  // Planned deliveries of all lanes whose deadline is before `now`, in its order.
  virtual base::Result<std::vector<Delivery>> late_deliveries(base::Instant now,
                                                              std::size_t limit) = 0;
  virtual base::Result<std::optional<base::Instant>> next_deadline() = 0;
  // Claimed and without an outcome: after a restart, the ones in doubt. In key
  // order, from `after` on (exclusive), at most `limit`.
  virtual base::Result<std::vector<Delivery>> claimed_deliveries(
      const std::optional<DeliveryKey>& after, std::size_t limit) = 0;

  // Users with this value of the field, by id, at most `limit`.
  virtual base::Result<std::vector<UserId>> users_with(std::uint32_t field, base::Hash128 value,
                                                       std::size_t limit) = 0;
  // Forgets the values of a field, at most `limit` rows a call; true when none are left.
  virtual base::Result<bool> drop_field_values(std::uint32_t field, std::size_t limit) = 0;
  // Events on their way to many, in key order from `after` on (exclusive).
  virtual base::Result<std::vector<FanOutRow>> fan_outs(const std::optional<FanOutKey>& after,
                                                        std::size_t limit) = 0;
  // The rows of kind kHead, in order of user from `after` on (exclusive).
  virtual base::Result<std::vector<Row>> heads(const std::optional<UserId>& after,
                                               std::size_t limit) = 0;

  // For operators' questions: newest rows of a kind first.
  virtual base::Result<std::vector<Row>> rows(UserId user, RowKind kind, std::size_t limit) = 0;
  // All deliveries of one user that have not ended, planned or claimed.
  virtual base::Result<std::vector<Delivery>> deliveries_of(UserId user) = 0;
  // The same of everybody, in key order from `after` on (exclusive).
  virtual base::Result<std::vector<Delivery>> deliveries(const std::optional<DeliveryKey>& after,
                                                         std::size_t limit) = 0;
  virtual base::Result<std::vector<std::pair<std::string, std::int64_t>>> counters() = 0;

  // Forgets recognised events of days before `day`, at most `limit` rows a call;
  // true when none are left.
  virtual base::Result<bool> drop_seen_before(std::int32_t day, std::size_t limit) = 0;

  // On return no byte of what was removed or replaced before is in the files, nor in memory from
  // where it could be written again. Takes as long as copying the log does, and what is loaded next
  // is read from the disk.
  virtual base::Status wash() = 0;

  virtual base::Result<std::vector<StoredGraph>> graphs() = 0;
  virtual base::Status put_graph(const StoredGraph& graph) = 0;
  // The number of each step identity of a journey: those known are returned,
  // new ones are given the next number of that journey; durable on return.
  virtual base::Result<std::vector<std::uint32_t>> step_numbers(
      const std::string& journey, const std::vector<std::string>& identities) = 0;

  // Small named values (project name, applied program). Durable on return.
  virtual base::Result<std::optional<std::string>> setting(const std::string& name) = 0;
  virtual base::Status put_setting(const std::string& name, const std::string& value) = 0;
};

}  // namespace sojourn::store
