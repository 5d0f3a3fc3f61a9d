// What somebody said before they appeared, Iterable's project may have lost: there was nobody yet
// whom it could have been said of. So once they appear here, their opt-outs are planned as
// requests to Iterable, behind those of senders about the same person, which may be what makes
// them known there, or erase who had their name before.
#include <algorithm>
#include <fmt/format.h>
#include <string>
#include <string_view>

#include "graph/built_in.h"
#include "runtime/consent_forward.h"
#include "runtime/outgoing_fields.h"
#include "runtime/turn.h"

namespace sojourn::runtime {
namespace {

std::vector<std::int64_t> ids_in(const UserHead& head, std::string_view name) {
  std::vector<std::int64_t> ids;
  const ProfileField* field = head.find(name);
  if (field == nullptr || field->value.kind() != graph::Value::Kind::kList) return ids;
  for (const graph::Value& id : field->value.as_list()) {
    if (id.kind() == graph::Value::Kind::kInteger) ids.push_back(id.as_integer());
  }
  return ids;
}

}  // namespace

// Before the tombstone goes: who takes its name has what it knew.
void Turn::note_opt_outs(UserState& user, const UserState& tombstone) {
  if (!context_.settings.pass_on_opt_outs) return;
  appeared_.push_back({&user, ids_in(tombstone.head(), graph::kUnsubscribedIds),
                       ids_in(tombstone.head(), graph::kUnsubscribedChannelIds)});
}

// Whom only consent is known of may appear later in the same turn.
void Turn::note_tombstone(UserState& user) {
  if (context_.settings.pass_on_opt_outs && !has_appeared(user.head())) {
    tombstones_.push_back(&user);
  }
}

// Names are final by now, and nothing has been claimed.
void Turn::pass_on_opt_outs() {
  if (!context_.settings.pass_on_opt_outs) return;
  for (UserState* user : users_.users()) {
    if (user->was_tombstone()) tombstones_.push_back(user);
  }
  std::ranges::sort(tombstones_, {}, [](const UserState* user) { return user->id().packed(); });
  tombstones_.erase(std::ranges::unique(tombstones_).begin(), tombstones_.end());
  for (UserState* user : tombstones_) {
    if (!user->is_gone() && has_appeared(user->head())) note_opt_outs(*user, *user);
  }
  for (const Appeared& appeared : appeared_) {
    if (!appeared.user->is_gone()) pass_on_opt_outs(appeared);
  }
}

void Turn::pass_on_opt_outs(const Appeared& appeared) {
  const connectors::Recipient who = recipient_of(*appeared.user, context_.settings.identity);
  if (who.address().empty() || !context_.settings.only_to.allowed(who.email)) return;
  std::size_t count = 0;
  Person person;
  (who.is_addressed_by_email() ? person.email : person.user_id) = who.address();
  const store::UserId queue = queue_by({}, *appeared.user);
  const auto pass_on = [&](std::string_view group, const std::vector<std::int64_t>& ids) {
    for (const std::int64_t id : ids) {
      if (++count > kMaxPassedOnOptOuts) return;
      outbox_.forward(queue, consent_forward(group, id, false, person));
    }
  };
  pass_on("messageChannel", appeared.channels);
  pass_on("messageType", appeared.message_types);
  if (count == 0) return;
  runner_.log(*appeared.user, LogRecord::Kind::kEvent, nullptr, "opt-outs go on to Iterable",
              fmt::format("{}", std::min(count, kMaxPassedOnOptOuts)));
  if (count > kMaxPassedOnOptOuts) {
    record_.output.notes.push_back(
        {"opt_outs_not_passed_on",
         fmt::format("user={}: at most {} of one person go on to Iterable",
                     appeared.user->id().packed(), kMaxPassedOnOptOuts)});
  }
}

}  // namespace sojourn::runtime
