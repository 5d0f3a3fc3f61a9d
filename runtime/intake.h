// What senders give us, after parsing and before it is decided upon, and what
// they get back. The shapes are Iterable's; see intake_parse.h and intake_reply.h.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/instant.h"
#include "connectors/iterable/webhooks/notice.h"
#include "graph/engagement.h"
#include "graph/value.h"

namespace sojourn::runtime {

// Who an item is about: at least one is set, but for a notice. Well-formed, the email in lower
// case.
struct Person {
  std::optional<std::string> email;
  std::optional<std::string> user_id;
};

// POST /api/users/update, or one of bulkUpdate.
struct IntakeUpdate {
  Person person;
  std::vector<graph::Field> fields;  // declared fields only; missing clears
  bool merge_nested_objects = false;
};

// POST /api/events/track, or one of trackBulk; or an entry of a journey; or what a purchase or a
// cart became (intake_mapping.h).
struct IntakeEvent {
  Person person;
  std::string wire_name;
  std::string journey;  // POST /v1/journeys/NAME/entries: its NAME; then no wire name
  // What it is recognised by when it comes again: the sender's id, if it gave one, behind a word
  // that keeps kinds of ids apart.
  std::optional<std::string> id;
  std::optional<base::Instant> created_at;
  std::vector<graph::Field> fields;  // declared fields only, as declared types
  // What it says of the profile, of the same person; taken first, and the event fails with it.
  std::optional<IntakeUpdate> update;
};

// POST /api/users/updateEmail.
struct IntakeRename {
  Person person;  // under the one name that they have so far
  std::string new_email;
  // Somebody nobody has heard of here is Iterable's to know: taken as somebody new.
  bool may_be_unknown = false;
};

// POST /api/users/merge, or Segment's alias: `source` turns out to be `person`. One name each.
struct IntakeMerge {
  Person person;
  Person source;
  bool may_be_unknown = false;  // of the source, as of a rename
};

// One of POST /api/lists/subscribe or unsubscribe.
struct IntakeListChange {
  Person person;
  IntakeUpdate update;  // what it says of the profile, of the same person; often nothing
  std::string list;     // its declared name
  bool joined = true;
  bool must_be_known = false;  // whoever leaves it; otherwise they are taken as somebody new
};

// POST /api/users/updateSubscriptions, or one of bulkUpdateSubscriptions.
struct IntakeSubscriptions {
  Person person;
  IntakeUpdate update;  // the subscription fields that are replaced, of the same person
  // All lists that they are on, by declared name; nothing: nothing was said of lists.
  std::optional<std::vector<std::string>> lists;
};

// PATCH or DELETE /api/subscriptions/…, or one of a PUT: what they say of one message type or
// channel, now.
struct IntakeConsent {
  enum class Of : std::uint8_t { kMessageType, kChannel };
  Person person;        // one name
  std::int64_t id = 0;  // Iterable's, declared here or not
  Of of = Of::kMessageType;
  bool subscribes = false;
};

// DELETE /api/users/…, POST /api/users/forget and unforget. To forget somebody is to delete them
// and to refuse what comes about them later.
struct IntakeErasure {
  enum class What : std::uint8_t { kDelete, kForget, kUnforget };
  Person person;
  What what = What::kDelete;
  bool may_be_unknown = false;  // as of a rename
  bool goes_on = false;         // to Iterable, later
  bool is_in_ledger = false;    // it is done again after a restore: erasure_replay.h
};

// POST /v1/engagements: what became of a message, as the provider tells it.
struct IntakeEngagement {
  Person person;
  graph::Engagement what = graph::Engagement::kOpened;
  std::optional<std::string> id;  // as of an event
  std::optional<base::Instant> created_at;
  std::string message_key;  // that the message carried; empty: not known
  std::string campaign;     // its declared name; empty: not known
  std::string url;          // of a click
};

// POST /v1/iterable/webhooks: what Iterable tells of somebody, who need not be known here.
struct IntakeNotice {
  Person person;  // the well-formed names of the notice; of one about nobody, none
  std::shared_ptr<const connectors::iterable::Notice> notice;  // never null
};

using IntakeItem =
    std::variant<IntakeEvent, IntakeUpdate, IntakeListChange, IntakeEngagement, IntakeSubscriptions,
                 IntakeConsent, IntakeRename, IntakeMerge, IntakeErasure, IntakeNotice>;

// An item of a bulk request that was refused, under the name that Iterable's
// `failedUpdates` lists it by (`invalidEmails`, `conflictUserIds`, …).
struct IntakeFailure {
  std::string list;
  std::string identity;
};
// Their user has been forgotten (IntakeErasure).
inline bool is_forgotten(const IntakeFailure& failure) {
  return failure.list == "forgottenEmails" || failure.list == "forgottenUserIds";
}
// Of an event `for users` with more of them than it may have: its id, or its name.
inline constexpr std::string_view kTooManyUsers = "tooManyUsers";
// Of a merge: both names are one user's.
inline constexpr std::string_view kSameUser = "sameUser";
// Of consent: of more message types or channels than are kept for one user.
inline constexpr std::string_view kTooManyIds = "tooManyIds";

// Of an erasure that could not be noted in the ledger, so nobody was erased.
inline constexpr std::string_view kNotInLedger = "notInLedger";

// An item that was refused, where answers name items by their place: not Iterable's paths.
struct IntakeRefusal {
  std::size_t index = 0;  // among the items of the body
  std::string message;
};

// What goes on to Iterable of an item that was taken: a request about its user alone.
struct IntakeForward {
  std::string path;
  std::string body;  // JSON
};

// One HTTP request's worth of items. All its items are durable before its answer.
struct IntakeRequest {
  enum class Endpoint : std::uint8_t {
    kUsersUpdate,
    kUsersBulkUpdate,
    kEventsTrack,
    kEventsTrackBulk,
    kListsSubscribe,
    kListsUnsubscribe,
    kEngagements,
    kJourneyEntry,
    kSubscriptionsUpdate,
    kSubscriptionsBulkUpdate,
    kSubscription,        // of one user: intake_consent.h
    kSubscriptionOfMany,  // PUT
    kUsersUpdateEmail,
    kUsersMerge,
    kUsersDelete,
    kUsersForget,
    kUsersUnforget,
    kTrackPurchase,
    kUpdateCart,
    kTriggerWorkflow,
    kSegmentTrack,
    kSegmentIdentify,
    kSegmentAlias,
    kSegmentBatch,
    kSegmentOther,  // pages, screens and groups
    kEvents,        // POST /v1/events, in whatever form [intake.events] says
    kNotices,
  };
  Endpoint endpoint = Endpoint::kEventsTrack;
  std::vector<IntakeItem> items;
  // By item, or empty: nothing goes on.
  std::vector<IntakeForward> forwards;
  std::vector<IntakeFailure> failures;           // bulk: found while parsing
  std::vector<IntakeRefusal> refusals;           // the same, of kEvents and of Segment's
  std::vector<std::string> filtered_out_fields;  // not declared, so not kept
  // Names this request to whoever waits for its answer.
  std::uint64_t token = 0;
  // events/track without an id is answered with this one, as Iterable does. It is
  // not a name for the event: nothing is deduplicated by it. Of a DELETE: whom it names.
  std::string answer_id;
};

// What became of a request, once durable.
struct IntakeResult {
  // Nothing of the request was taken: its events are for more users than may wait for
  // one, together with those who wait already (to be sent again), or by themselves.
  enum class TurnedAway : std::uint8_t { kFull, kTooLarge };
  std::uint64_t token = 0;
  IntakeRequest::Endpoint endpoint = IntakeRequest::Endpoint::kEventsTrack;
  std::optional<TurnedAway> turned_away;
  std::uint64_t accepted = 0;
  std::vector<IntakeFailure> failures;
  std::vector<IntakeRefusal> refusals;
  std::vector<std::string> filtered_out_fields;
  std::string answer_id;
  // Of kNotices: what became of it, one of the words that are counted (way_back.md).
  std::string_view notice;
};

}  // namespace sojourn::runtime
