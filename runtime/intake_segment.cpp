#include "runtime/intake_segment.h"

#include <fmt/format.h>
#include <utility>

#include "graph/catalog.h"
#include "runtime/program.h"

namespace sojourn::runtime {
namespace {

using Object = IntakeReader::Object;

// What is no address there is no name; as a trait of an identify it is refused.
std::optional<std::string> email_in(const Object& call) {
  for (const char* pointer : {"/traits/email", "/context/traits/email"}) {
    std::string_view text;
    if (call.at_pointer(pointer).get(text) != simdjson::SUCCESS) continue;
    if (auto email = IntakeReader::email(text)) return std::move(*email);
  }
  return std::nullopt;
}

// Nothing: known to its sender only by an anonymousId, and these are no names here.
Parsed<std::optional<Person>> person_of(const IntakeReader& reader, const Object& call) {
  const auto user_id = reader.names(call, "obj", nullptr, "userId");
  if (!user_id) return tl::unexpected(user_id.error());
  Person person = *user_id;
  person.email = email_in(call);
  if (!person.user_id && !person.email && reader.mapping().anonymous_is_user_id) {
    auto anonymous = reader.names(call, "obj", nullptr, "anonymousId");
    if (!anonymous) return tl::unexpected(anonymous.error());
    person = *anonymous;
  }
  if (person.user_id || person.email) return std::optional(std::move(person));
  std::string_view anonymous;
  if (call["anonymousId"].get(anonymous) == simdjson::SUCCESS) return std::optional<Person>();
  return tl::unexpected(reader.bad_json("obj.userId", "userId or anonymousId expected"));
}

Parsed<std::optional<base::Instant>> time_of(const IntakeReader& reader, const Object& call) {
  const auto said = reader.text(call, "timestamp", "obj");
  if (!said) return tl::unexpected(said.error());
  const std::optional<std::string_view> text = *said;
  if (!text) return std::optional<base::Instant>();
  const auto time = base::parse_timestamp(*text);
  if (!time) return tl::unexpected(reader.bad_json("obj.timestamp", "an ISO 8601 time expected"));
  return time;
}

Parsed<IntakeItem> read_track(IntakeReader& reader, const Object& call, Person person) {
  IntakeEvent event;
  event.person = std::move(person);
  const auto said = reader.text(call, "event", "obj");
  if (!said) return tl::unexpected(said.error());
  const std::optional<std::string_view> name = *said;
  if (!name || name->empty()) {
    return tl::unexpected(
        reader.bad_json("obj.event", "a name of at least one character is required"));
  }
  event.wire_name = std::string(*name);
  const auto given_id = reader.text(call, "messageId", "obj");
  if (!given_id) return tl::unexpected(given_id.error());
  const std::string_view id = given_id->value_or("");
  if (id.size() > kMaxIdBytes) {
    return tl::unexpected(
        reader.bad_json("obj.messageId", fmt::format("at most {} bytes expected", kMaxIdBytes)));
  }
  if (!id.empty()) event.id = fmt::format("segment {}", id);
  auto time = time_of(reader, call);
  if (!time) return tl::unexpected(time.error());
  event.created_at = *time;
  auto properties = reader.members(call, "properties", "obj");
  if (!properties) return tl::unexpected(properties.error());
  const graph::EventType* type = reader.program().event_by_wire_name(event.wire_name);
  if (const std::optional<Object> given = *properties) {
    auto fields = reader.event_fields(*given, type);
    if (!fields) return tl::unexpected(fields.error());
    event.fields = std::move(*fields);
  }
  if (auto wrong = IntakeReader::breach(type, event.fields)) return tl::unexpected(*wrong);
  return IntakeItem(std::move(event));
}

Parsed<IntakeItem> read_identify(IntakeReader& reader, const Object& call, Person person) {
  auto traits = reader.members(call, "traits", "obj");
  if (!traits) return tl::unexpected(traits.error());
  const std::optional<Object> given = *traits;
  if (!given) return IntakeItem(IntakeUpdate{std::move(person), {}, false});
  auto update = reader.profile(*given, std::move(person));
  if (!update) return tl::unexpected(update.error());
  // As names they say who it is; an update with both joins them.
  std::erase_if(update->fields, [](const graph::Field& field) {
    return field.first == "email" || field.first == "userId";
  });
  return IntakeItem(std::move(*update));
}

Parsed<IntakeItem> read_alias(const IntakeReader& reader, const Object& call) {
  auto before = reader.names(call, "obj", nullptr, "previousId");
  if (!before) return tl::unexpected(before.error());
  auto after = reader.names(call, "obj", nullptr, "userId");
  if (!after) return tl::unexpected(after.error());
  if (!before->user_id || !after->user_id) {
    return tl::unexpected(reader.bad_json("obj", "previousId and userId expected"));
  }
  return IntakeItem(IntakeMerge{std::move(*after), std::move(*before), true});
}

}  // namespace

Parsed<std::optional<IntakeItem>> read_segment(IntakeReader& reader, const Object& call,
                                               std::string_view type) {
  if (type.empty() && call["type"].get(type) != simdjson::SUCCESS) {
    return tl::unexpected(reader.bad_json("obj.type", "String value expected"));
  }
  if (type == "alias") return read_alias(reader, call);
  if (type == "page" || type == "screen" || type == "group") return std::optional<IntakeItem>();
  if (type != "track" && type != "identify") {
    return tl::unexpected(reader.bad_json("obj.type", "track, identify or alias expected"));
  }
  const auto said = person_of(reader, call);
  if (!said) return tl::unexpected(said.error());
  const std::optional<Person>& person = *said;
  if (!person) return std::optional<IntakeItem>();
  return type == "track" ? read_track(reader, call, *person) : read_identify(reader, call, *person);
}

}  // namespace sojourn::runtime
