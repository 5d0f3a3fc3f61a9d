#include "tests/unit/connectors/iterable/made_by.h"

#include <array>

#include "connectors/iterable/actions.h"
#include "connectors/iterable/bulk.h"
#include "connectors/iterable/commands.h"
#include "connectors/iterable/outcome_table.h"
#include "connectors/iterable/sent_messages.h"
#include "tests/unit/connectors/iterable/told.h"

namespace sojourn::connectors::iterable {
namespace {

constexpr std::string_view kKey = "0123456789abcdeffedcba9876543210";

base::Hash128 key_of(Told& told) {
  const auto key = base::Hash128::from_hex(told.get<std::string>("key", std::string(kKey)));
  EXPECT_TRUE(key) << "`key` is no message key";
  return key.value_or(base::Hash128{});
}

graph::Medium medium_of(Told& told) {
  const std::string word = told.text("medium");
  for (const graph::Medium medium : graph::kMedia) {
    if (to_string(medium) == word) return medium;
  }
  ADD_FAILURE() << "there is no medium `" << word << "`";
  return graph::Medium::kEmail;
}

std::string words_of(const Outcome& outcome) {
  std::string out(to_string(outcome.kind));
  if (outcome.reason != out) out.append(" ").append(outcome.reason);
  if (outcome.unreachable) out += " unreachable";
  if (outcome.retry_after) {
    out += " after " + std::to_string(outcome.retry_after->count / 1000) + " s";
  }
  return out;
}

Made judged(HttpRequest request, Endpoint endpoint, Lag lag = Lag::kNone) {
  return {std::move(request), [endpoint, lag](const Attempt& attempt) {
            return words_of(decide(endpoint, attempt, lag));
          }};
}

Lag lag_of(Told& told) {
  return told.get<bool>("justUpdated") ? Lag::kJustUpdated : Lag::kNone;
}

Made make_send(Told& told) {
  SendCommand command;
  command.medium = medium_of(told);
  command.campaign_id = told.integer("campaign");
  command.recipient = told.user();
  command.data = told.fields("data");
  command.carried = told.fields("carried");
  command.metadata = told.fields("metadata");
  command.message_key = key_of(told);
  if (told.has("sendAt")) command.send_at = told.instant("sendAt");
  command.allow_repeats = told.if_there<bool>("allowRepeats");
  return judged(send(command), Endpoint::kSend, lag_of(told));
}

Made make_cancel(Told& told) {
  CancelCommand command;
  command.medium = medium_of(told);
  command.scheduled_message_id = told.if_there<std::int64_t>("scheduledMessage");
  command.campaign_id = told.integer("campaign");
  if (!command.scheduled_message_id) command.recipient = told.user();
  return judged(cancel(command), Endpoint::kTakeAway);
}

UpdateCommand update_of(Told& told) {
  UpdateCommand command;
  command.user = told.user();
  command.fields = told.fields("fields");
  if (told.has("known")) command.known = told.fields("known");
  return command;
}

TrackCommand event_of(Told& told) {
  TrackCommand command;
  command.user = told.user();
  command.wire_name = told.text("event");
  command.fields = told.fields("fields");
  command.created_at = told.instant("at");
  command.message_key = key_of(told);
  return command;
}

Made make_users_update(Told& told) {
  const auto request = users_update(update_of(told));
  EXPECT_TRUE(request) << "nothing differs, so nothing is sent";
  return judged(request.value_or(HttpRequest{}), Endpoint::kRepeat, lag_of(told));
}

Made make_users_update_email(Told& told) {
  return judged(users_update_email({told.user(), told.text("newEmail")}), Endpoint::kSend);
}

Made make_users_merge(Told& told) {
  MergeCommand command{told.user("source"), told.user("destination"), {}};
  told.each("arrays", [&](Told& array) {
    command.arrays.push_back({array.text("field"), array.text("dedupeBy")});
  });
  return judged(users_merge(command), Endpoint::kSend);
}

Made make_users_delete(Told& told) {
  return judged(users_delete({told.user()}), Endpoint::kTakeAway);
}

Made make_users_forget(Told& told) {
  return judged(users_forget({told.user(), told.get<bool>("forgets", true)}), Endpoint::kTakeAway);
}

Made make_events_track(Told& told) {
  return judged(events_track(event_of(told)), Endpoint::kRepeat, lag_of(told));
}

std::vector<CommerceItem> items_of(Told& told) {
  std::vector<CommerceItem> out;
  told.each("items", [&](Told& item) {
    out.push_back({item.text("id"), item.text("name"), item.get<double>("price"),
                   item.get<std::int64_t>("quantity", 1), item.text("sku"),
                   item.text("description"), item.get<std::vector<std::string>>("categories"),
                   item.text("url"), item.text("imageUrl"), item.fields("fields")});
  });
  return out;
}

Made make_track_purchase(Told& told) {
  PurchaseCommand command;
  command.user = told.user();
  command.items = items_of(told);
  command.total = told.get<double>("total");
  command.fields = told.fields("fields");
  command.created_at = told.instant("at");
  command.message_key = key_of(told);
  command.campaign_id = told.if_there<std::int64_t>("campaign");
  command.template_id = told.if_there<std::int64_t>("template");
  return judged(track_purchase(command), Endpoint::kRepeat);
}

Made make_update_cart(Told& told) {
  return judged(update_cart({told.user(), items_of(told)}), Endpoint::kRepeat);
}

Made make_list_change(Told& told) {
  const bool joins = told.get<bool>("joins", true);
  return judged(list_change({told.user(), told.integer("list"), joins}),
                joins ? Endpoint::kJoinList : Endpoint::kLeaveList, lag_of(told));
}

Made make_subscription_change(Told& told) {
  SubscriptionCommand command;
  command.user = told.user();
  command.id = told.integer("id");
  command.subscribes = told.get<bool>("subscribes", true);
  command.group = static_cast<SubscriptionCommand::Group>(
      told.choice("group", {"messageType", "channel", "list"}));
  return judged(subscription_change(command), Endpoint::kRepeat, lag_of(told));
}

Made make_double_opt_in(Told& told) {
  return judged(double_opt_in({told.user(), told.integer("messageType")}), Endpoint::kSend);
}

CatalogItemCommand::What catalog_what(Told& told) {
  return static_cast<CatalogItemCommand::What>(told.choice("what", {"replace", "merge", "delete"}));
}

Made catalog_made(HttpRequest request, CatalogItemCommand::What what) {
  const bool deletes = what == CatalogItemCommand::What::kDelete;
  return judged(std::move(request), deletes ? Endpoint::kTakeAway : Endpoint::kRepeat);
}

Made make_catalog_item(Told& told) {
  const CatalogItemCommand command{told.text("catalog"), told.text("item"), catalog_what(told),
                                   told.fields("fields")};
  return catalog_made(catalog_item(command), command.what);
}

Made make_catalog_items(Told& told) {
  CatalogItemsCommand command;
  command.catalog = told.text("catalog");
  command.what = catalog_what(told);
  told.each("items",
            [&](Told& item) { command.items.push_back({item.text("id"), item.fields("fields")}); });
  return catalog_made(catalog_items(command), command.what);
}

Made make_trigger_workflow(Told& told) {
  WorkflowCommand command;
  command.workflow_id = told.integer("workflow");
  if (told.has("list")) command.who = told.integer("list");
  if (!told.has("list")) command.who = told.user();
  command.fields = told.fields("fields");
  return judged(trigger_workflow(command), Endpoint::kSend, lag_of(told));
}

std::optional<Device> device_of(Told& told) {
  std::optional<Device> device;
  if (!told.has("device")) return device;
  Told inner(told.get<nlohmann::json>("device"));
  return Device{inner.text("id"), inner.text("platform"), inner.text("app")};
}

Made make_track_interaction(Told& told) {
  InteractionCommand command;
  command.what = static_cast<InteractionCommand::What>(
      told.choice("what", {"opened", "clicked", "closed", "delivered", "consumed",
                           "embedded received", "embedded clicked"}));
  command.user = told.user();
  command.message_id = told.text("message");
  command.created_at = told.instant("at");
  command.device = device_of(told);
  command.url = told.text("url");
  command.action = told.text("action");
  return judged(track_interaction(command), Endpoint::kSend);
}

Made make_track_embedded_session(Told& told) {
  EmbeddedSessionCommand command;
  command.user = told.user();
  command.session_id = told.text("session");
  command.start = told.instant("start");
  command.end = told.instant("end");
  told.each("impressions", [&](Told& each) {
    command.impressions.push_back({each.text("message"), each.integer("placement"),
                                   each.integer("times"), each.get<double>("seconds")});
  });
  command.device = device_of(told);
  return judged(track_embedded_session(command), Endpoint::kSend);
}

Made make_waiting_messages(Told& told) {
  WaitingMessagesCommand command;
  command.what = static_cast<WaitingMessagesCommand::What>(
      told.choice("what", {"in app", "in app web", "in app first", "embedded"}));
  command.user = told.user();
  command.count = told.get<std::int64_t>("count", command.count);
  command.placements = told.get<std::vector<std::int64_t>>("placements");
  return judged(waiting_messages(command), Endpoint::kRepeat);
}

Made make_bulk_request(Told& told) {
  const bool events = told.choice("of", {"profiles", "events"}) == 1;
  std::vector<BulkItem> items;
  told.each("items", [&](Told& item) {
    const bool just_updated = item.get<bool>("justUpdated");
    items.push_back({events ? events_track(event_of(item)).body
                            : users_update(update_of(item)).value_or(HttpRequest{}).body,
                     just_updated});
  });
  HttpRequest request = bulk_request(events ? kEventsTrackBulk : kUsersBulkUpdate, items);
  return {std::move(request), [items](const Attempt& attempt) {
            const BulkVerdict verdict = decide_bulk(items, attempt);
            if (verdict.split) return std::string("split");
            std::string out;
            for (const Outcome& outcome : verdict.outcomes) {
              out += (out.empty() ? "" : ", ") + words_of(outcome);
            }
            return out;
          }};
}

Made make_sent_messages(Told& told) {
  const LookUpCommand command{told.user(), told.integer("campaign"), told.instant("from")};
  return {sent_messages(command), [campaign = command.campaign_id](const Attempt& attempt) {
            const LookUp found = read_sent_messages(campaign, attempt);
            if (found.kind == LookUp::Kind::kListed) {
              return "listed " + std::to_string(found.listed);
            }
            return std::string(found.kind == LookUp::Kind::kFailed ? "failed" : "impossible");
          }};
}

struct Maker {
  std::string_view action;
  Made (*make)(Told&);
};
constexpr auto kMakers = std::to_array<Maker>({
    {"bulk_request", make_bulk_request},
    {"cancel", make_cancel},
    {"catalog_item", make_catalog_item},
    {"catalog_items", make_catalog_items},
    {"double_opt_in", make_double_opt_in},
    {"events_track", make_events_track},
    {"list_change", make_list_change},
    {"send", make_send},
    {"sent_messages", make_sent_messages},
    {"subscription_change", make_subscription_change},
    {"track_embedded_session", make_track_embedded_session},
    {"track_interaction", make_track_interaction},
    {"track_purchase", make_track_purchase},
    {"trigger_workflow", make_trigger_workflow},
    {"update_cart", make_update_cart},
    {"users_delete", make_users_delete},
    {"users_forget", make_users_forget},
    {"users_merge", make_users_merge},
    {"users_update", make_users_update},
    {"users_update_email", make_users_update_email},
    {"waiting_messages", make_waiting_messages},
});

}  // namespace

Made made_by(const std::string& action, const nlohmann::json& told) {
  for (const Maker& maker : kMakers) {
    if (maker.action != action) continue;
    Told members(told);
    return maker.make(members);
  }
  ADD_FAILURE() << "there is no action `" << action << "`";
  return {{}, [](const Attempt&) { return std::string(); }};
}

}  // namespace sojourn::connectors::iterable
