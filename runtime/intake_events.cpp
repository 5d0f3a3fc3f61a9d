#include "runtime/intake_events.h"

#include <fmt/format.h>
#include <utility>

#include "graph/catalog.h"
#include "runtime/program.h"

namespace sojourn::runtime {
namespace {

using Element = IntakeReader::Element;
using Object = IntakeReader::Object;

// What stands at a place; nothing where there is none, or null.
std::optional<Element> at(const Object& from, std::string_view place) {
  Object object = from;
  while (!place.empty()) {
    const std::size_t dot = place.find('.');
    Element found;
    if (object[place.substr(0, dot)].get(found) != simdjson::SUCCESS || found.is_null()) {
      return std::nullopt;
    }
    if (dot == std::string_view::npos) return found;
    if (found.get(object) != simdjson::SUCCESS) return std::nullopt;
    place.remove_prefix(dot + 1);
  }
  return std::nullopt;
}

Problem wrong_at(const IntakeReader& reader, const std::string& place, std::string_view what) {
  return reader.bad_json("obj." + place, what);
}

// A name or an id; a whole number is one, too.
Parsed<std::optional<std::string>> word_at(const IntakeReader& reader, const Object& item,
                                           const std::string& place) {
  const auto found = at(item, place);
  if (!found) return std::optional<std::string>();
  std::string_view text;
  if (found->get(text) == simdjson::SUCCESS) return std::optional(std::string(text));
  std::int64_t number = 0;
  if (found->get(number) == simdjson::SUCCESS) return std::optional(std::to_string(number));
  return tl::unexpected(wrong_at(reader, place, "String value expected"));
}

Parsed<Person> person_at(const IntakeReader& reader, const Object& item, const EventShape& shape) {
  Person person;
  const auto email = word_at(reader, item, shape.email);
  if (!email) return tl::unexpected(email.error());
  if (const std::optional<std::string>& given = *email) {
    auto read = IntakeReader::email(*given);
    if (!read) return tl::unexpected(read.error());
    person.email = std::move(*read);
  }
  const auto user_id = word_at(reader, item, shape.user_id);
  if (!user_id) return tl::unexpected(user_id.error());
  if (const std::optional<std::string>& given = *user_id) {
    auto read = IntakeReader::user_id(*given);
    if (!read) return tl::unexpected(read.error());
    person.user_id = std::move(*read);
  }
  if (person.email || person.user_id) return person;
  return tl::unexpected(
      problem_of(400, "BadParams",
                 fmt::format("neither `{}` nor `{}` names a user", shape.email, shape.user_id)));
}

Parsed<std::optional<base::Instant>> time_at(const IntakeReader& reader, const Object& item,
                                             const std::string& place) {
  const auto found = at(item, place);
  if (!found) return std::optional<base::Instant>();
  std::int64_t number = 0;
  std::string_view text;
  std::optional<base::Instant> time;
  if (found->get(number) == simdjson::SUCCESS) time = IntakeReader::unix_time(number);
  if (found->get(text) == simdjson::SUCCESS) time = base::parse_timestamp(text);
  if (time) return time;
  return tl::unexpected(wrong_at(reader, place, "a Unix time or an RFC 3339 text expected"));
}

Parsed<std::vector<graph::Field>> fields_at(IntakeReader& reader, const Object& item,
                                            const std::string& place,
                                            const graph::EventType* type) {
  if (place.empty()) return reader.event_fields(item, type);
  const auto found = at(item, place);
  if (!found) return std::vector<graph::Field>{};
  Object fields;
  if (found->get(fields) != simdjson::SUCCESS) {
    return tl::unexpected(wrong_at(reader, place, "Object value expected"));
  }
  return reader.event_fields(fields, type);
}

}  // namespace

Parsed<Element> items_of(const IntakeReader& reader, const Element& root) {
  const std::string& place = reader.mapping().events.items;
  if (place.empty()) return root;
  Object object;
  if (root.get(object) != simdjson::SUCCESS) {
    return tl::unexpected(reader.bad_json("obj", "Object value expected"));
  }
  const auto found = at(object, place);
  if (!found) return tl::unexpected(wrong_at(reader, place, "Array value expected"));
  return *found;
}

Parsed<std::optional<IntakeItem>> read_shaped_event(IntakeReader& reader, const Object& item) {
  const EventShape& shape = reader.mapping().events;
  IntakeEvent event;
  auto person = person_at(reader, item, shape);
  if (!person) return tl::unexpected(person.error());
  event.person = std::move(*person);
  const auto said = word_at(reader, item, shape.name);
  if (!said) return tl::unexpected(said.error());
  const std::optional<std::string>& name = *said;
  if (!name || name->empty()) {
    return tl::unexpected(
        wrong_at(reader, shape.name, "a name of at least one character is required"));
  }
  event.wire_name = *name;
  const auto given_id = word_at(reader, item, shape.id);
  if (!given_id) return tl::unexpected(given_id.error());
  const std::optional<std::string>& id = *given_id;
  if (id && (id->empty() || id->size() > kMaxIdBytes)) {
    return tl::unexpected(
        wrong_at(reader, shape.id, fmt::format("1 to {} bytes expected", kMaxIdBytes)));
  }
  event.id = id;
  auto time = time_at(reader, item, shape.created_at);
  if (!time) return tl::unexpected(time.error());
  event.created_at = *time;
  const graph::EventType* type = reader.program().event_by_wire_name(event.wire_name);
  auto fields = fields_at(reader, item, shape.fields, type);
  if (!fields) return tl::unexpected(fields.error());
  event.fields = std::move(*fields);
  if (auto wrong = IntakeReader::breach(type, event.fields)) return tl::unexpected(*wrong);
  return IntakeItem(std::move(event));
}

}  // namespace sojourn::runtime
