#include "sandbox/control.h"

#include <charconv>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "base/percent.h"
#include "sandbox/inbox.h"
#include "sandbox/messages.h"
#include "sandbox/misbehaviour.h"
#include "sandbox/table.h"
#include "sandbox/webhook_sender.h"

namespace sojourn::sandbox {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

std::string text_of(const ordered_json& value) {
  return value.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

Reply ok(const ordered_json& body) {
  return {.body = text_of(body) + "\n"};
}

Reply refused(int status, const std::string& message, const std::string& hint = {}) {
  ordered_json body{{"error", message}};
  if (!hint.empty()) body["hint"] = hint;
  return {.status = status, .body = text_of(body) + "\n"};
}

Reply failed(const base::Error& error) {
  return refused(500, error.message, error.hint);
}

// A query's whole number from 0 to `most`.
base::Result<std::uint64_t> number_member(std::string_view query, std::string_view name,
                                          std::uint64_t usual, std::uint64_t most) {
  const auto text = base::query_member(query, name);
  if (!text) return usual;
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (error != std::errc{} || end != text->data() + text->size() || number > most) {
    return base::failure(
        base::Error::Kind::kInvalid,
        fmt::format("`{}` is a number from 0 to {}, found `{}`", name, most, *text));
  }
  return number;
}

base::Result<MessageQuery> message_query(std::string_view query) {
  MessageQuery out;
  const auto after = number_member(query, "after", 0, std::uint64_t{1} << 62);
  const auto limit = number_member(query, "limit", out.limit, kMaxMessages);
  if (!after) return tl::unexpected(after.error());
  if (!limit) return tl::unexpected(limit.error());
  out.after = *after;
  out.limit = *limit;
  out.key = base::query_member(query, "key");
  out.email = base::query_member(query, "email");
  out.user_id = base::query_member(query, "user_id");
  return out;
}

ordered_json shown(const Message& message) {
  ordered_json out{{"sequence", message.sequence},
                   {"time", base::to_iso8601(message.time)},
                   {"medium", message.medium},
                   {"campaignId", message.campaign_id}};
  if (message.email.empty()) {
    out["recipientUserId"] = message.user_id;
  } else {
    out["recipientEmail"] = message.email;
  }
  out["messageKey"] = message.key.empty() ? ordered_json() : ordered_json(message.key);
  out["copy"] = message.copy;
  out["copies"] = message.copies;
  out["dataFields"] = ordered_json::parse(message.data_fields);
  return out;
}

Reply messages_page(Inbox& inbox, std::string_view query, bool as_table) {
  const auto wanted = message_query(query);
  if (!wanted) return refused(400, wanted.error().message);
  const auto messages = find_messages(inbox, *wanted);
  if (!messages) return failed(messages.error());
  if (as_table) return {.body = message_table(*messages), .content_type = "text/plain"};
  ordered_json list = ordered_json::array();
  for (const Message& message : *messages) list.push_back(shown(message));
  // What to give as `after` for the next page; null on the last.
  const bool more = messages->size() == wanted->limit && !messages->empty();
  const ordered_json next = more ? ordered_json(messages->back().sequence) : ordered_json();
  return ok({{"messages", std::move(list)}, {"next", next}});
}

Reply summary_page(const Inbox& inbox) {
  ordered_json messages = ordered_json::array();
  ordered_json events = ordered_json::array();
  ordered_json updates = ordered_json::array();
  ordered_json notices = ordered_json::array();
  ordered_json calls = ordered_json::array();
  Inbox::Tally sent;
  for (const auto& [what, tally] : inbox.tallies()) {
    const auto& [kind, topic] = what;
    if (kind == RecordKind::kMessage) {
      sent.records += tally.records;
      sent.repeats += tally.repeats;
      const std::size_t blank = topic.find(' ');
      ordered_json line{{"medium", topic.substr(0, blank)}};
      if (blank != std::string::npos) line["campaignId"] = std::stoll(topic.substr(blank + 1));
      line["received"] = tally.records;
      line["repeats"] = tally.repeats;
      messages.push_back(line);
    } else if (kind == RecordKind::kEvent) {
      events.push_back({{"name", topic}, {"received", tally.records}, {"repeats", tally.repeats}});
    } else if (kind == RecordKind::kUpdate) {
      updates.push_back({{"by", topic}, {"received", tally.records}});
    } else if (kind == RecordKind::kNotice) {
      notices.push_back({{"name", topic}, {"told", tally.records}});
    } else if (kind == RecordKind::kCall) {
      calls.push_back({{"by", topic}, {"received", tally.records}});
    }
  }
  return ok({{"received", sent.records},
             {"repeats", sent.repeats},
             {"messages", messages},
             {"events", events},
             {"updates", updates},
             {"notices", notices},
             {"calls", calls}});
}

Reply misbehaviour_page(const Misbehaviour& misbehaviour) {
  ordered_json rules = ordered_json::array();
  for (const auto& report : misbehaviour.reports()) {
    rules.push_back({{"rule", report.text}, {"matched", report.matched}, {"hit", report.hit}});
  }
  return ok({{"seed", misbehaviour.seed()}, {"rules", rules}});
}

Reply webhooks_page(const WebhookSender* sender) {
  const WebhookStats stats = sender == nullptr ? WebhookStats() : sender->stats();
  return ok({{"waiting", stats.waiting},
             {"inFlight", stats.in_flight},
             {"taken", stats.taken},
             {"refused", stats.refused},
             {"givenUp", stats.given_up},
             {"dropped", stats.dropped},
             {"lost", stats.lost}});
}

Reply change_misbehaviour(Misbehaviour& misbehaviour, std::string_view text) {
  const json body = json::parse(text, nullptr, false);
  const bool usable = body.is_object() && body.contains("rules") && body["rules"].is_array() &&
                      body["rules"].size() <= Misbehaviour::kMaxRules &&
                      (!body.contains("seed") || body["seed"].is_number_unsigned());
  if (!usable) {
    return refused(400, "the body is not an object with a list `rules` of at most 100",
                   R"(write {"rules":["POST /api/email/target 5% 500"],"seed":7})");
  }
  std::vector<MisbehaviourRule> rules;
  for (const json& one : body["rules"]) {
    auto rule = parse_misbehaviour(one.is_string() ? one.get<std::string>() : std::string());
    if (!rule) return refused(400, rule.error().message, rule.error().hint);
    rules.push_back(std::move(*rule));
  }
  misbehaviour = Misbehaviour(body.value("seed", misbehaviour.seed()), std::move(rules));
  return misbehaviour_page(misbehaviour);
}

Reply change_webhooks(WebhookSender* sender, std::string_view text) {
  if (sender == nullptr) {
    return refused(409, "this sandbox tells nobody", "start it with --webhooks URL");
  }
  const json body = json::parse(text, nullptr, false);
  const bool has_url = body.is_object() && body.contains("url") && body["url"].is_string();
  const std::string url = has_url ? body["url"].get<std::string>() : std::string();
  if (!url.starts_with("http://") && !url.starts_with("https://")) {
    return refused(400, "the body is not an object with a `url`",
                   R"(write {"url":"http://127.0.0.1:8080/v1/iterable/webhooks"})");
  }
  sender->set_url(url);
  return webhooks_page(sender);
}

}  // namespace

Reply handle_control(Inbox& inbox, Misbehaviour& misbehaviour, WebhookSender* webhooks,
                     const Request& request) {
  const bool get = request.method == "GET";
  const std::string_view page = request.path.substr(std::string_view("/sandbox/").size());
  if (get && page == "messages") return messages_page(inbox, request.query, false);
  if (get && page == "messages.txt") return messages_page(inbox, request.query, true);
  if (get && page == "summary") return summary_page(inbox);
  if (get && page == "webhooks") return webhooks_page(webhooks);
  if (get && page == "misbehave") return misbehaviour_page(misbehaviour);
  if (request.method == "POST" && page == "misbehave") {
    return change_misbehaviour(misbehaviour, request.body);
  }
  if (request.method == "POST" && page == "webhooks") {
    return change_webhooks(webhooks, request.body);
  }
  return refused(404, fmt::format("no page `{} {}`", request.method, request.path),
                 "there are messages, messages.txt, summary, webhooks and misbehave");
}

}  // namespace sojourn::sandbox
