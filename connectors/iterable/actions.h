// The calls that we make to Iterable: commands in, requests out. Each action has a
// file of its own; to add one, add its file and its line here. Pure; any thread.
#pragma once

#include <optional>
#include <string_view>

#include "connectors/request.h"
#include "graph/catalog.h"

namespace sojourn::connectors::iterable {

struct DoubleOptInCommand;
struct ListCommand;
struct SendCommand;
struct SubscriptionCommand;
struct TrackCommand;
struct UpdateCommand;

// Where the media differ, as data.
struct SendAction {
  graph::Medium medium;
  std::string_view path;
  // Whether the endpoint documents `metadata`. The message key stands there too
  // then; the reserved data field carries it in every medium.
  bool has_metadata;
};

extern const SendAction kEmailTarget;
extern const SendAction kInAppTarget;
extern const SendAction kPushTarget;
extern const SendAction kSmsTarget;
extern const SendAction kWebPushTarget;
extern const SendAction kWhatsAppTarget;

const SendAction& send_action(graph::Medium medium);
HttpRequest send(const SendCommand& command);

// Holds only fields that differ from what is known, since every update starts the
// journeys in Iterable that listen for one. Nothing differs: nothing to send.
std::optional<HttpRequest> users_update(const UpdateCommand& command);

HttpRequest events_track(const TrackCommand& command);

HttpRequest list_change(const ListCommand& command);
// Creates the user where the project lets it.
HttpRequest subscription_change(const SubscriptionCommand& command);
HttpRequest double_opt_in(const DoubleOptInCommand& command);

}  // namespace sojourn::connectors::iterable
