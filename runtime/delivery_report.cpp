#include "runtime/delivery_report.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "runtime/dead_letter_book.h"
#include "runtime/delivery_record.h"
#include "runtime/find_user.h"
#include "runtime/operation_record.h"
#include "runtime/program.h"
#include "runtime/user_head.h"
#include "runtime/waiting_deliveries.h"

namespace sojourn::runtime {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kReadAtOnce = 1'000;

struct Found {
  store::UserId user;
  Json json;
};

std::string step_of(const Program& program, const DeliveryRecord& record) {
  const Journey* journey = program.find(record.version);
  if (journey == nullptr) return {};
  const auto step = journey->numbers.step_of(record.step_number);
  return step ? journey->graph.steps.at(*step).identity : std::string();
}

Json delivery_json(const Program& program, const store::DeliveryKey& key,
                   const DeliveryRecord& record, DeliveryState state, base::Instant since) {
  return Json{{"key", key.message.hex()},       {"user", printed_id(key.user)},
              {"what", to_string(record.kind)}, {"subject", record.subject},
              {"journey", record.journey},      {"step", step_of(program, record)},
              {"state", to_string(state)},      {"since", base::to_iso8601(since)},
              {"attempts", record.attempts}};
}

// Gathers what fits until there is enough.
class Search {
 public:
  Search(const DeliveryQuery& query, const DeliveriesAsked& asked,
         std::optional<store::UserId> user)
      : query_(query), asked_(asked), user_(user) {}

  void letters() {
    const auto numbers = asked_.letters.find(query_.filter, 0);
    for (auto number = numbers.rbegin(); number != numbers.rend(); ++number) {
      const DeadLetter& letter = asked_.letters.at(*number);
      if (user_ && letter.key.user != *user_) continue;
      Json json =
          delivery_json(asked_.program, letter.key, letter.record, letter.state, letter.since);
      json["ended"] = true;
      json["reason"] = letter.reason;
      json["answer"] = letter.answer;
      add(letter.key.user, std::move(json));
    }
  }

  base::Status on_their_way() {
    if (!wants_those_on_their_way()) return {};
    if (user_) {
      auto deliveries = asked_.store.deliveries_of(*user_);
      if (!deliveries) return tl::unexpected(deliveries.error());
      return take(*deliveries);
    }
    std::optional<store::DeliveryKey> after;
    for (std::size_t read = 0; !more_;) {
      auto deliveries = asked_.store.deliveries(after, kReadAtOnce);
      if (!deliveries) return tl::unexpected(deliveries.error());
      if (deliveries->empty()) return {};
      if (read >= kMaxSearchedDeliveries) {
        searched_all_ = false;
        return {};
      }
      read += deliveries->size();
      after = deliveries->back().key;
      if (auto taken = take(*deliveries); !taken) return taken;
    }
    return {};
  }

  // Under which names their users are known.
  base::Status name_users() {
    for (Found& found : found_) {
      auto rows = asked_.store.rows(found.user, store::RowKind::kHead, 1);
      if (!rows) return tl::unexpected(rows.error());
      if (rows->empty()) continue;
      auto head = decode_user_head(rows->front().body);
      if (!head) return tl::unexpected(head.error());
      if (head->email) found.json["email"] = *head->email;
      if (head->user_id) found.json["userId"] = *head->user_id;
    }
    return {};
  }

  Json json() && {
    Json list = Json::array();
    for (Found& found : found_) list.push_back(std::move(found.json));
    return Json{{"deliveries", std::move(list)}, {"more", more_}, {"searched_all", searched_all_}};
  }

 private:
  bool wants_those_on_their_way() const {
    const auto& state = query_.filter.state;
    return !state || (*state != DeliveryState::kRefused && *state != DeliveryState::kLate);
  }

  base::Status take(const std::vector<store::Delivery>& deliveries) {
    for (const store::Delivery& delivery : deliveries) {
      auto record = decode_delivery(delivery.body);
      if (!record) return tl::unexpected(record.error());
      const DeliveryState state = state_of(delivery, *record, asked_.now);
      const bool asked_for = query_.filter.state || user_ || state == DeliveryState::kInDoubt;
      if (!asked_for || !fits(query_.filter, state, *record)) continue;
      Json json = delivery_json(asked_.program, delivery.key, *record, state, record->planned_at);
      json["ended"] = false;
      // What is held back has no time of its own.
      if (delivery.next_attempt && *delivery.next_attempt != kHeldBack) {
        json["next_attempt"] = base::to_iso8601(*delivery.next_attempt);
      }
      add(delivery.key.user, std::move(json));
    }
    return {};
  }

  void add(store::UserId user, Json json) {
    if (found_.size() < query_.limit) {
      found_.push_back({user, std::move(json)});
    } else {
      more_ = true;
    }
  }

  const DeliveryQuery& query_;
  const DeliveriesAsked& asked_;
  const std::optional<store::UserId> user_;
  std::vector<Found> found_;
  bool more_ = false;
  bool searched_all_ = true;
};

std::string dumped(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

base::Result<QueryAnswer> delivery_report(const DeliveryQuery& query,
                                          const DeliveriesAsked& asked) {
  std::optional<store::UserId> user;
  if (!query.user.empty()) {
    auto found = find_user(query.user, asked.store);
    if (!found) return tl::unexpected(found.error());
    if (!*found) {
      const Json json{
          {"error", "nobody has the email, userId or internal id `" + query.user + "`"}};
      return QueryAnswer{query.token, 404, dumped(json)};
    }
    user = **found;
  }
  Search search(query, asked, user);
  search.letters();
  if (auto done = search.on_their_way(); !done) return tl::unexpected(done.error());
  if (auto done = search.name_users(); !done) return tl::unexpected(done.error());
  return QueryAnswer{query.token, 200, dumped(std::move(search).json())};
}

}  // namespace sojourn::runtime
