// What a shard takes and what it gives, as data that may cross threads.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/instant.h"
#include "connectors/health.h"
#include "connectors/iterable/outcome_table.h"
#include "connectors/iterable/sent_messages.h"
#include "connectors/outcome.h"
#include "connectors/request.h"
#include "connectors/webhook/request.h"
#include "runtime/delivery_order.h"
#include "runtime/intake.h"
#include "runtime/store/store.h"

namespace sojourn::runtime {

// The calls that have limits of their own, in the order of graph::Medium; their places are stored.
enum class Endpoint : std::uint8_t {
  kEmail,
  kSms,
  kPush,
  kWebPush,
  kInApp,
  kWhatsApp,
  kUsersUpdate,
  kEventsTrack,
  kListsSubscribe,
  kListsUnsubscribe,
  kSubscriptions,
  kDoubleOptIn,
  kSentMessages,  // looks up what may have been sent; changes nothing there
  kUsersDelete,
  kUsersForget,
};
inline constexpr std::size_t kEndpointCount = 15;
std::string_view to_string(Endpoint endpoint);

// The outcome of an attempt, back from the dispatcher.
struct AttemptEnded {
  store::DeliveryKey key;
  std::uint32_t attempt = 0;
  Endpoint endpoint = Endpoint::kEmail;
  connectors::Outcome outcome;
  // What the attempt says of the endpoint or host.
  connectors::Health health = connectors::Health::kUnknown;
  // Found claimed after a restart: no attempt of this process.
  bool recovered = false;
  // Of a call: which webhook was asked, and what it answered if it did. `endpoint` then
  // says nothing.
  std::string webhook;
  std::optional<std::vector<graph::Field>> reply;
  // Of a look-up (kSentMessages): what was learned. `outcome` then says nothing of the delivery.
  std::optional<connectors::iterable::LookUp> look_up;
};

// `sojourn user`: everything about one person. `identity` is an email, a userId,
// or an internal id as this report prints it.
struct UserQuery {
  std::string identity;
  std::uint64_t token = 0;
};

// `sojourn why`: what became of a message for one person, and why. `about` is a campaign, or the
// key of a message.
struct WhyQuery {
  std::string identity;
  std::string about;
  std::uint64_t token = 0;
};

// `sojourn export`: all that is known of one person, as one document.
struct ExportQuery {
  std::string identity;
  std::uint64_t token = 0;
};

// `sojourn forget`: one person is erased, and their names are refused from then on. What it would
// take is counted first; it is done only if `carry_out` says so.
struct ForgetCommand {
  std::string identity;
  bool carry_out = false;
  bool goes_on = false;  // Iterable is asked to forget them, too
  std::string by;        // whom the log names
  std::uint64_t token = 0;
};

// From here on nothing more is claimed: the process is about to end, and what it
// has handed out is to come back first.
struct StopClaiming {};

// `sojourn pause`, `resume`, `drain` and `stop`. What it would do is counted first; it is done
// only if `carry_out` says so.
struct JourneyCommand {
  enum class What : std::uint8_t { kPause, kResume, kDrain, kStop };
  What what = What::kPause;
  std::string journey;
  bool carry_out = false;
  std::string by;  // whom the log names
  std::uint64_t token = 0;
  // Of a pause: whether the journey's own clock goes on meanwhile.
  enum class Clock : std::uint8_t { kRun, kFreeze };
  Clock clock = Clock::kRun;
};
std::string_view to_string(JourneyCommand::What what);
// As it is typed, without the journey: "pause --clock freeze".
std::string words_of(const JourneyCommand& command);

// `sojourn log`: the newest commands.
struct AuditQuery {
  std::size_t limit = 100;
  std::uint64_t token = 0;
};

// A command that was carried out elsewhere: it is to stand in the log of commands.
struct CommandNote {
  std::string by;
  std::string command;
  std::string detail;
};

using ShardInput =
    std::variant<IntakeRequest, AttemptEnded, UserQuery, StopClaiming, JourneyCommand, AuditQuery,
                 DeliveryQuery, DeliveryOrder, CommandNote, WhyQuery, ExportQuery, ForgetCommand>;

// A claimed delivery: durable before it is handed out. What comes back is an
// AttemptEnded with the same key, attempt and endpoint.
struct Outgoing {
  store::DeliveryKey key;
  std::uint32_t attempt = 0;
  Endpoint endpoint = Endpoint::kEmail;
  // The user's profile was updated less than 60 s ago (connectors::iterable::Lag).
  bool just_updated = false;
  connectors::HttpRequest request;
  // A call, instead of a request to Iterable.
  std::optional<connectors::webhook::Request> call;
  // The request looks up what was sent of this campaign: it is no attempt.
  std::optional<std::int64_t> looked_up_campaign;
  // Of a request that is passed on: what a repeat of it would do there.
  std::optional<connectors::iterable::Endpoint> passed_on = {};
};

// Something the operator must be able to find in the structured log.
struct OperatorNote {
  // What is only told, or is to be looked into.
  enum class Weight : std::uint8_t { kNews, kWarning };
  std::string event;  // a stable word: in_doubt, halted, …
  std::string detail;
  Weight weight = Weight::kWarning;
};

struct QueryAnswer {
  std::uint64_t token = 0;
  int status = 200;
  std::string json;
};

// What a committed turn lets the world see. Nothing of it may be seen before.
struct TurnOutput {
  std::uint64_t sequence = 0;
  std::vector<IntakeResult> results;
  std::vector<Outgoing> outgoing;
  std::vector<store::CounterDelta> counters;
  std::vector<OperatorNote> notes;
  std::vector<QueryAnswer> answers;  // to commands and orders
};

}  // namespace sojourn::runtime
