#include <algorithm>
#include <string>

#include "base/check.h"
#include "connectors/iterable/actions.h"
#include "connectors/iterable/body.h"
#include "connectors/iterable/commands.h"
#include "graph/reserved.h"

namespace sojourn::connectors::iterable {
namespace {

bool has(const std::vector<graph::Field>& fields, std::string_view name) {
  return std::any_of(fields.begin(), fields.end(),
                     [&](const graph::Field& field) { return field.first == name; });
}

// `winners`, after those of `others` whose names they do not use, then the key.
std::vector<graph::Field> with_key(const std::vector<graph::Field>& others,
                                   const std::vector<graph::Field>& winners,
                                   const std::string& key) {
  std::vector<graph::Field> all;
  all.reserve(others.size() + winners.size() + 1);
  for (const graph::Field& field : others) {
    if (field.first != graph::kMessageKeyField && !has(winners, field.first)) all.push_back(field);
  }
  for (const graph::Field& field : winners) {
    if (field.first != graph::kMessageKeyField) all.push_back(field);
  }
  all.emplace_back(graph::kMessageKeyField, graph::Value(key));
  return all;
}

// "2026-03-01 09:00:00", in UTC: the one form that is documented for `sendAt`.
std::string utc_seconds(base::Instant at) {
  return base::to_iterable_time(at).substr(0, std::string_view("2026-03-01 09:00:00").size());
}

}  // namespace

const SendAction& send_action(graph::Medium medium) {
  for (const SendAction* action : {&kEmailTarget, &kInAppTarget, &kPushTarget, &kSmsTarget,
                                   &kWebPushTarget, &kWhatsAppTarget}) {
    if (action->medium == medium) return *action;
  }
  SOJOURN_CHECK(false, "every medium has a send action");
  return kEmailTarget;
}

HttpRequest send(const SendCommand& command) {
  const SendAction& action = send_action(command.medium);
  const std::string key = command.message_key.hex();
  Body body;
  body.integer("campaignId", command.campaign_id)
      .who(command.recipient, "recipientEmail", "recipientUserId")
      .object("dataFields", with_key(command.carried, command.data, key));
  if (action.has_metadata) body.object("metadata", with_key({}, command.metadata, key));
  if (command.send_at) body.text("sendAt", utc_seconds(*command.send_at));
  body.boolean_if("allowRepeatMarketingSends", command.allow_repeats);
  return {"POST", std::string(action.path), body.take()};
}

}  // namespace sojourn::connectors::iterable
