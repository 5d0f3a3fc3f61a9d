#include "connectors/iterable/bulk.h"

#include <algorithm>
#include <fmt/core.h>
#include <functional>
#include <map>
#include <optional>
#include <simdjson.h>

#include "base/check.h"
#include "base/text.h"
#include "connectors/iterable/answer.h"
#include "connectors/iterable/outcome_table.h"

namespace sojourn::connectors::iterable {
namespace {

Lag lag_of(const BulkItem& item) {
  return item.just_updated ? Lag::kJustUpdated : Lag::kNone;
}

// What an answer can call an item by.
struct ItemNames {
  std::string email;  // in lower case
  std::string user_id;
  std::string event;
};

ItemNames names_of(const BulkItem& item) {
  simdjson::dom::parser parser;
  simdjson::dom::object body;
  ItemNames names;
  if (parser.parse(item.body).get_object().get(body)) return names;
  std::string_view text;
  if (!body["email"].get_string().get(text)) names.email = base::lower_ascii(text);
  if (!body["userId"].get_string().get(text)) names.user_id = text;
  if (!body["eventName"].get_string().get(text)) names.event = text;
  return names;
}

Outcome accepted() {
  Outcome outcome;
  outcome.kind = OutcomeKind::kAccepted;
  outcome.reason = "accepted";
  return outcome;
}

Outcome refused_event(const std::string& name) {
  Outcome outcome;
  outcome.kind = OutcomeKind::kRejected;
  outcome.reason = "event_not_taken";
  outcome.message = fmt::format("the project does not take events `{}`", name);
  return outcome;
}

bool all_taken(const BulkAnswer& answer) {
  return answer.failures <= 0 && answer.emails.empty() && answer.user_ids.empty() &&
         answer.refused_events.empty();
}

// What is said of a name that an item has; null: nothing. An item without one is not whom an empty
// name means.
const std::string* code_of(const std::map<std::string, std::string, std::less<>>& codes,
                           const std::string& name) {
  const auto found = name.empty() ? codes.end() : codes.find(name);
  return found == codes.end() ? nullptr : &found->second;
}

// Nothing when the answer does not name the item.
std::optional<Outcome> named(const BulkAnswer& answer, const BulkItem& item) {
  const ItemNames names = names_of(item);
  const std::string* code = code_of(answer.emails, names.email);
  if (code == nullptr) code = code_of(answer.user_ids, names.user_id);
  if (code != nullptr) return code->empty() ? accepted() : decide_item(*code, lag_of(item));
  if (names.event.empty() || !answer.refused_events.contains(names.event)) return std::nullopt;
  return refused_event(names.event);
}

// Of a call that was taken. The status is the authority: an answer of another form takes nothing
// back.
BulkVerdict by_item(std::span<const BulkItem> items, std::string_view body) {
  BulkVerdict verdict;
  const BulkAnswer answer = parse_bulk_answer(body).value_or(BulkAnswer{});
  std::int64_t failures_named = 0;
  for (const BulkItem& item : items) {
    std::optional<Outcome> outcome = all_taken(answer) ? std::nullopt : named(answer, item);
    if (outcome) ++failures_named;
    verdict.outcomes.push_back(outcome ? std::move(*outcome) : accepted());
  }
  if (failures_named >= answer.failures) return verdict;
  verdict.outcomes.clear();
  verdict.split = items.size() > 1;
  if (!verdict.split) verdict.outcomes.push_back(decide_item("GenericError"));
  return verdict;
}

// Refusals that may be for the sake of one item, or of their number.
bool may_be_one_item(int status) {
  return status == 400 || status == 409 || status == 413;
}

}  // namespace

std::size_t bulk_bytes(const BulkAction& action) {
  return std::string_view(R"({"":[]})").size() + action.items.size();
}

HttpRequest bulk_request(const BulkAction& action, std::span<const BulkItem> items) {
  std::size_t size = bulk_bytes(action);
  for (const BulkItem& item : items) size += item.body.size() + kBytesBetweenItems;
  std::string body;
  body.reserve(size);
  body.append("{\"").append(action.items).append("\":[");
  for (const BulkItem& item : items) {
    if (&item != &items.front()) body += ',';
    body += item.body;
  }
  body += "]}";
  return {"POST", std::string(action.path), std::move(body)};
}

BulkVerdict decide_bulk(std::span<const BulkItem> items, const Attempt& attempt) {
  SOJOURN_CHECK(!items.empty(), "a bulk call has items");
  const auto* response = std::get_if<Response>(&attempt);
  const bool taken = response != nullptr && response->status >= 200 && response->status < 300;
  if (taken) return by_item(items, response->body);
  BulkVerdict verdict;
  const Outcome of_all = decide(Endpoint::kRepeat, attempt);
  verdict.split = response != nullptr && items.size() > 1 && may_be_one_item(response->status) &&
                  of_all.kind == OutcomeKind::kRejected;
  if (verdict.split) return verdict;
  for (const BulkItem& item : items) {
    verdict.outcomes.push_back(decide(Endpoint::kRepeat, attempt, lag_of(item)));
  }
  return verdict;
}

}  // namespace sojourn::connectors::iterable
