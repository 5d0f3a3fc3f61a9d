#include "runtime/turn_orders.h"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "runtime/dead_letter_book.h"
#include "runtime/operation_book.h"
#include "runtime/program.h"
#include "runtime/turn_outbox.h"
#include "runtime/user_book.h"
#include "runtime/waiting_deliveries.h"

namespace sojourn::runtime {
namespace {

using Json = nlohmann::ordered_json;
using Counts = std::map<std::string, std::size_t>;
using Verb = DeliveryOrder::Verb;

// As the engine says it of a message whose enrollment has ended.
constexpr const char* kExited = "exited";

struct Choice {
  std::vector<std::uint64_t> numbers;
  Counts left_alone;
};

Choice choose(const DeliveryOrder& order, const TurnContext& context, base::Instant now) {
  Choice choice;
  for (const std::uint64_t number : context.letters.find(order.filter, order.up_to)) {
    const std::string_view why = order.verb == Verb::kDrop
                                     ? std::string_view()
                                     : hindrance(context.letters.at(number), now,
                                                 context.program.catalog().sending.deadline);
    if (why.empty()) {
      choice.numbers.push_back(number);
    } else {
      ++choice.left_alone[std::string(why)];
    }
  }
  return choice;
}

// Keys of the order that nothing is kept under, and nothing waits in this part.
Json unknown_keys(const DeliveryOrder& order, const DeadLetterBook& letters,
                  const WaitingPart& waiting) {
  Json keys = Json::array();
  for (const base::Hash128& key : order.filter.keys) {
    if (!letters.has(key) && !waiting.found.contains(key)) keys.push_back(key.hex());
  }
  return keys;
}

// Only a drop takes what waits: the rest is sent by itself.
base::Result<WaitingPart> waiting_of(const DeliveryOrder& order, const TurnContext& context,
                                     base::Instant now, std::size_t most) {
  if (order.verb != Verb::kDrop) return WaitingPart{};
  return waiting_part(order, context.store, now, most);
}

void count_subject(const DeliveryRecord& record, Counts& subjects) {
  ++subjects[fmt::format("{} {}", to_string(record.kind), record.subject)];
}

std::string counts_text(const Counts& counts) {
  std::string text;
  for (const auto& [why, count] : counts) text += fmt::format(" {}={}", why, count);
  return text;
}

void log(UserState& user, const DeadLetter& letter, LogRecord::Kind kind, std::string_view detail,
         base::Instant now) {
  LogRecord line;
  line.kind = kind;
  line.at = now;
  line.journey = letter.record.journey;
  line.enrollment = letter.record.enrollment;
  line.subject = letter.record.subject;
  line.detail = detail;
  user.log(std::move(line));
}

}  // namespace

TurnOrders::TurnOrders(const TurnContext& context, TurnRecord& record, UserBook& users,
                       TurnOutbox& outbox)
    : context_(context), record_(record), users_(users), outbox_(outbox) {}

base::Status TurnOrders::take(const DeliveryOrder& order, std::vector<store::UserId>& users) {
  Choice choice = choose(order, context_, record_.now);
  Taken taken;
  taken.order = order;
  taken.left_alone = std::move(choice.left_alone);
  const std::size_t now = std::min(choice.numbers.size(), context_.settings.max_ordered_letters);
  taken.remaining = choice.numbers.size() - now;
  choice.numbers.resize(now);
  taken.numbers = std::move(choice.numbers);
  for (const std::uint64_t number : taken.numbers) {
    users.push_back(context_.letters.at(number).key.user);
  }
  // At least one, so that each part comes further.
  const std::size_t room = std::max<std::size_t>(context_.settings.max_ordered_letters - now, 1);
  auto waiting = waiting_of(order, context_, record_.now, room);
  if (!waiting) return tl::unexpected(waiting.error());
  for (const auto& [why, count] : waiting->left_alone) taken.left_alone[why] += count;
  for (WaitingPart::Chosen& chosen : waiting->chosen) {
    users.push_back(chosen.delivery.key.user);
    taken.waiting.push_back(std::move(chosen.delivery));
  }
  taken.after = waiting->after;
  taken_.push_back(std::move(taken));
  return {};
}

base::Status TurnOrders::carry_out() {
  for (Taken& taken : taken_) {
    for (const std::uint64_t number : taken.numbers) {
      // Another order of this turn may have been about it, too, or it made room.
      if (!context_.letters.has(number)) continue;
      carry_out(taken, context_.letters.take(number, record_));
    }
    if (auto dropped = drop_waiting(taken); !dropped) return dropped;
  }
  return {};
}

base::Status TurnOrders::drop_waiting(Taken& taken) {
  for (const store::Delivery& delivery : taken.waiting) {
    auto dropped = outbox_.drop(delivery);
    if (!dropped) return tl::unexpected(dropped.error());
    taken.dropped += *dropped ? 1 : 0;
  }
  return {};
}

void TurnOrders::carry_out(Taken& taken, DeadLetter letter) {
  UserState* user = users_.find(letter.key.user);
  if (taken.order.verb == Verb::kDrop) {
    record_.count("dead_letters_gone/dropped");
    ++taken.dropped;
    if (user != nullptr) log(*user, letter, LogRecord::Kind::kDropped, {}, record_.now);
    return;
  }
  const bool is_message = letter.record.kind == DeliveryRecord::Kind::kMessage;
  const bool is_forward = letter.record.kind == DeliveryRecord::Kind::kForward;
  const bool left = !is_forward &&
                    (user == nullptr || (is_message && !TurnOutbox::goes_on(*user, letter.record)));
  if (left) {
    record_.count("dead_letters_gone/exited");
    ++taken.ended[kExited];
    if (user != nullptr) log(*user, letter, LogRecord::Kind::kSkipped, kExited, record_.now);
    return;
  }
  record_.count("dead_letters_gone/retried");
  taken.planned.push_back(letter.key);
  if (is_forward) return outbox_.forward_again(letter.key, std::move(letter.record));
  outbox_.send_again(*user, letter.key, std::move(letter.record));
}

void TurnOrders::answer() {
  for (Taken& taken : taken_) {
    std::size_t planned = 0;
    for (const store::DeliveryKey& key : taken.planned) {
      const std::string_view why = outbox_.ended_as(key);
      if (why.empty()) {
        ++planned;
      } else {
        ++taken.ended[std::string(why)];
      }
    }
    note(taken);
    audit(taken, planned);
    Json json{{"verb", to_string(taken.order.verb)},
              {"done", true},
              {"planned", planned},
              {"dropped", taken.dropped},
              {"ended", taken.ended},
              {"left_alone", taken.left_alone},
              {"remaining", taken.remaining}};
    if (taken.after) json["after"] = place_word(*taken.after);
    record_.output.answers.push_back({taken.order.token, 200, json.dump()});
  }
}

// What is carried out stands in the log of commands, as pauses and stops do.
void TurnOrders::audit(const Taken& taken, std::size_t planned) {
  if (taken.numbers.empty() && taken.waiting.empty()) return;
  const DeliveryFilter& filter = taken.order.filter;
  std::string detail =
      filter.keys.empty() ? "" : fmt::format("{} named by key, ", filter.keys.size());
  if (filter.state) detail += fmt::format("state {}, ", to_string(*filter.state));
  if (!filter.campaign.empty()) detail += fmt::format("campaign {}, ", filter.campaign);
  detail += fmt::format("{} planned, {} dropped", planned, taken.dropped);
  for (const auto& [why, count] : taken.ended) detail += fmt::format(", {} {}", count, why);
  const std::string by = taken.order.by.empty() ? "unknown" : taken.order.by;
  context_.operations.note(
      CommandNote{by, fmt::format("deliveries {}", to_string(taken.order.verb)), detail}, record_);
}

// What an operator had done is to be found in the log.
void TurnOrders::note(const Taken& taken) {
  const DeliveryFilter& filter = taken.order.filter;
  const std::size_t count = taken.numbers.size() + taken.waiting.size();
  const std::string detail =
      fmt::format("keys={} state={} campaign={} taken={} remaining={}{}", filter.keys.size(),
                  filter.state ? to_string(*filter.state) : "any",
                  filter.campaign.empty() ? "any" : filter.campaign, count, taken.remaining,
                  counts_text(taken.ended));
  const std::string_view verb = to_string(taken.order.verb);
  record_.output.notes.push_back({fmt::format("deliveries_{}", verb), detail});
}

base::Result<QueryAnswer> preview(const DeliveryOrder& order, const TurnContext& context,
                                  base::Instant now) {
  // Those that ended stand in the first part.
  Choice choice = order.after ? Choice{} : choose(order, context, now);
  const auto waiting = waiting_of(order, context, now, kMaxReadForOrder);
  if (!waiting) return tl::unexpected(waiting.error());
  Counts subjects;
  for (const std::uint64_t number : choice.numbers) {
    count_subject(context.letters.at(number).record, subjects);
  }
  for (const WaitingPart::Chosen& chosen : waiting->chosen) count_subject(chosen.record, subjects);
  for (const auto& [why, count] : waiting->left_alone) choice.left_alone[why] += count;
  Json json{{"verb", to_string(order.verb)},
            {"done", false},
            {"chosen", choice.numbers.size() + waiting->chosen.size()},
            {"waiting", waiting->chosen.size()},
            {"subjects", subjects},
            {"left_alone", choice.left_alone},
            {"unknown_keys", unknown_keys(order, context.letters, *waiting)},
            {"up_to", context.letters.last_number()},
            {"planned_by", order.planned_by.value_or(now).millis}};
  if (waiting->after) json["after"] = place_word(*waiting->after);
  return QueryAnswer{order.token, 200, json.dump()};
}

}  // namespace sojourn::runtime
