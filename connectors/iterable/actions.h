// The calls that we make to Iterable: commands in, requests out. Each action has a
// file of its own; to add one, add its file and its line here. Pure; any thread.
//
// What each call does, and what a repeat of it would do, is said of its command
// (commands.h) and in docs/iterable.md.
#pragma once

#include <optional>
#include <string_view>

#include "connectors/request.h"
#include "graph/catalog.h"

namespace sojourn::connectors::iterable {

struct CancelCommand;
struct CartCommand;
struct CatalogItemCommand;
struct CatalogItemsCommand;
struct ChangeEmailCommand;
struct DeleteCommand;
struct DoubleOptInCommand;
struct EmbeddedSessionCommand;
struct ForgetCommand;
struct InteractionCommand;
struct ListCommand;
struct MergeCommand;
struct PurchaseCommand;
struct SendCommand;
struct SubscriptionCommand;
struct TrackCommand;
struct UpdateCommand;
struct WaitingMessagesCommand;
struct WorkflowCommand;

// Where the media differ, as data.
struct SendAction {
  graph::Medium medium;
  std::string_view path;
  std::string_view cancel_path;
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
HttpRequest cancel(const CancelCommand& command);

// Holds only fields that differ from what is known, since every update starts the
// journeys in Iterable that listen for one. Nothing differs: nothing to send.
std::optional<HttpRequest> users_update(const UpdateCommand& command);
HttpRequest users_update_email(const ChangeEmailCommand& command);
HttpRequest users_merge(const MergeCommand& command);
HttpRequest users_delete(const DeleteCommand& command);
HttpRequest users_forget(const ForgetCommand& command);

HttpRequest events_track(const TrackCommand& command);

HttpRequest track_purchase(const PurchaseCommand& command);
HttpRequest update_cart(const CartCommand& command);

HttpRequest list_change(const ListCommand& command);
// Creates the user where the project lets it.
HttpRequest subscription_change(const SubscriptionCommand& command);
HttpRequest double_opt_in(const DoubleOptInCommand& command);

HttpRequest catalog_item(const CatalogItemCommand& command);
HttpRequest catalog_items(const CatalogItemsCommand& command);

HttpRequest trigger_workflow(const WorkflowCommand& command);

HttpRequest track_interaction(const InteractionCommand& command);
HttpRequest track_embedded_session(const EmbeddedSessionCommand& command);
HttpRequest waiting_messages(const WaitingMessagesCommand& command);

}  // namespace sojourn::connectors::iterable
