#include "runtime/intake_size.h"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace sojourn::runtime {
namespace {

// Beside what an object in a std::shared_ptr takes itself.
constexpr std::size_t kSharedBytes = 32;

// Each says what is owned beyond the object's own size.
std::size_t more_of(const std::string& text) {
  return text.size();
}

std::size_t more_of(const std::optional<std::string>& text) {
  return text ? more_of(*text) : 0;
}

std::size_t more_of(const Person& person) {
  return more_of(person.email) + more_of(person.user_id);
}

// Values are nested kMaxValueDepth deep at most.
std::size_t more_of(const graph::Value& value) {
  using Kind = graph::Value::Kind;
  std::size_t bytes = 0;
  if (value.kind() == Kind::kString) return more_of(value.as_string());
  if (value.kind() == Kind::kList) {
    bytes = kSharedBytes;
    for (const graph::Value& each : value.as_list()) bytes += sizeof each + more_of(each);
  } else if (value.kind() == Kind::kObject) {
    bytes = kSharedBytes;
    for (const auto& [name, each] : value.as_object()) {
      bytes += sizeof name + more_of(name) + sizeof each + more_of(each);
    }
  }
  return bytes;
}

std::size_t more_of(const std::vector<graph::Field>& fields) {
  std::size_t bytes = 0;
  for (const auto& [name, value] : fields) {
    bytes += sizeof name + more_of(name) + sizeof value + more_of(value);
  }
  return bytes;
}

std::size_t more_of(const std::vector<std::string>& texts) {
  std::size_t bytes = 0;
  for (const std::string& text : texts) bytes += sizeof text + more_of(text);
  return bytes;
}

std::size_t more_of(const IntakeUpdate& update) {
  return more_of(update.person) + more_of(update.fields);
}

std::size_t more_of(const IntakeEvent& event) {
  return more_of(event.person) + more_of(event.wire_name) + more_of(event.journey) +
         more_of(event.id) + more_of(event.fields) + (event.update ? more_of(*event.update) : 0);
}

std::size_t more_of(const IntakeListChange& change) {
  return more_of(change.person) + more_of(change.update) + more_of(change.list);
}

std::size_t more_of(const IntakeEngagement& engagement) {
  return more_of(engagement.person) + more_of(engagement.id) + more_of(engagement.message_key) +
         more_of(engagement.campaign) + more_of(engagement.url);
}

std::size_t more_of(const IntakeSubscriptions& subscriptions) {
  return more_of(subscriptions.person) + more_of(subscriptions.update) +
         (subscriptions.lists ? more_of(*subscriptions.lists) : 0);
}

std::size_t more_of(const IntakeConsent& consent) {
  return more_of(consent.person);
}

std::size_t more_of(const IntakeRename& rename) {
  return more_of(rename.person) + more_of(rename.new_email);
}

std::size_t more_of(const IntakeMerge& merge) {
  return more_of(merge.person) + more_of(merge.source);
}

std::size_t more_of(const IntakeErasure& erasure) {
  return more_of(erasure.person);
}

std::size_t more_of(const IntakeNotice& item) {
  const connectors::iterable::Notice& notice = *item.notice;
  std::size_t bytes = more_of(item.person) + kSharedBytes + sizeof notice;
  for (const std::string* text :
       {&notice.event_name, &notice.email, &notice.user_id, &notice.message_id, &notice.url,
        &notice.recipient_state, &notice.source, &notice.reason, &notice.text}) {
    bytes += more_of(*text);
  }
  return bytes +
         sizeof(std::int64_t) * (notice.channel_ids.size() + notice.message_type_ids.size());
}

}  // namespace

std::size_t bytes_of(const IntakeRequest& request) {
  std::size_t bytes = sizeof request + more_of(request.answer_id);
  for (const IntakeItem& item : request.items) {
    bytes += sizeof item + std::visit([](const auto& each) { return more_of(each); }, item);
  }
  for (const IntakeForward& forward : request.forwards) {
    bytes += sizeof forward + more_of(forward.path) + more_of(forward.body);
  }
  for (const IntakeFailure& failure : request.failures) {
    bytes += sizeof failure + more_of(failure.list) + more_of(failure.identity);
  }
  for (const IntakeRefusal& refusal : request.refusals) {
    bytes += sizeof refusal + more_of(refusal.message);
  }
  return bytes + more_of(request.filtered_out_fields);
}

}  // namespace sojourn::runtime
