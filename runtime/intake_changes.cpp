// Items that change who somebody is, and purchases and carts (intake_items.h).
#include <fmt/format.h>
#include <utility>

#include "graph/catalog.h"
#include "runtime/intake_items.h"
#include "runtime/program.h"

namespace sojourn::runtime {
namespace {

using Element = IntakeReader::Element;
using Object = IntakeReader::Object;

// Iterable keeps the cart there.
constexpr std::string_view kCartField = "shoppingCartItems";

// One name; where both are given the email counts.
Parsed<Person> one_name(const IntakeReader& reader, const Object& fields, const char* email_key,
                        const char* user_id_key) {
  auto person = reader.names(fields, "obj", email_key, user_id_key);
  if (!person) return person;
  if (person->email) person->user_id.reset();
  if (person->email || person->user_id) return person;
  return tl::unexpected(problem_of(
      400, "BadParams", fmt::format("Either {} or {} is required", email_key, user_id_key),
      fmt::format(R"({{"obj":"{} or {} is missing"}})", email_key, user_id_key)));
}

std::optional<Problem> check_item(const IntakeReader& reader, const Element& item,
                                  const std::string& where) {
  Object fields;
  if (item.get(fields) != simdjson::SUCCESS) return reader.bad_json(where, "Object value expected");
  for (const char* name : {"id", "name"}) {
    std::string_view text;
    if (fields[name].get(text) != simdjson::SUCCESS) {
      return reader.bad_json(fmt::format("{}.{}", where, name), "String value expected");
    }
  }
  double price = 0;
  if (fields["price"].get(price) != simdjson::SUCCESS) {
    return reader.bad_json(where + ".price", "Number value expected");
  }
  std::int64_t quantity = 0;
  if (fields["quantity"].get(quantity) != simdjson::SUCCESS) {
    return reader.bad_json(where + ".quantity", "Integer value expected");
  }
  return std::nullopt;
}

std::optional<Problem> check_items(const IntakeReader& reader, const Object& fields) {
  simdjson::dom::array items;
  if (fields["items"].get(items) != simdjson::SUCCESS) {
    return reader.bad_json("obj.items", "Array value expected");
  }
  std::size_t index = 0;
  for (const Element& item : items) {
    if (auto wrong = check_item(reader, item, fmt::format("obj.items[{}]", index++))) return wrong;
  }
  return std::nullopt;
}

// The user whose purchase or cart it is, and what the call says of their profile.
Parsed<IntakeUpdate> read_user(IntakeReader& reader, const Object& fields) {
  Object user;
  if (fields["user"].get(user) != simdjson::SUCCESS) {
    return tl::unexpected(reader.bad_json("obj.user", "Object value expected"));
  }
  auto person = reader.person(user, "obj.user");
  if (!person) return tl::unexpected(person.error());
  auto data = reader.members(user, "dataFields", "obj.user");
  if (!data) return tl::unexpected(data.error());
  const std::optional<Object> given = *data;
  if (!given) return IntakeUpdate{std::move(*person), {}, false};
  auto update = reader.profile(*given, std::move(*person));
  if (update && user["mergeNestedObjects"].get(update->merge_nested_objects) != simdjson::SUCCESS) {
    update->merge_nested_objects = false;
  }
  return update;
}

// What the call says of the profile beside: the cart, where the project declares its field.
std::optional<Problem> set_cart(const IntakeReader& reader, const Object& fields, bool is_bought,
                                IntakeUpdate& update) {
  const graph::Type* type = reader.user_field(kCartField);
  if (type == nullptr) return std::nullopt;
  graph::Value cart;
  if (!is_bought) {
    auto read = IntakeReader::typed(kCartField, fields["items"].value(), *type, "user");
    if (!read) return read.error();
    cart = std::move(*read);
  }
  update.fields.emplace_back(std::string(kCartField), std::move(cart));
  return std::nullopt;
}

// `dataFields`, and beside them `items`, `total` and the like, which win by name.
Parsed<std::vector<graph::Field>> fields_of(IntakeReader& reader, const Object& fields,
                                            const graph::EventType* type) {
  std::vector<graph::Field> out;
  auto data = reader.members(fields, "dataFields", "obj");
  if (!data) return tl::unexpected(data.error());
  if (const std::optional<Object> given = *data) {
    auto read = reader.event_fields(*given, type);
    if (!read) return tl::unexpected(read.error());
    out = std::move(*read);
  }
  for (const char* name : {"items", "total", "id", "campaignId", "templateId"}) {
    const graph::Type* declared = IntakeReader::type_of(type, name);
    Element value;
    if (declared == nullptr || fields[name].get(value) != simdjson::SUCCESS) continue;
    auto read = IntakeReader::typed(name, value, *declared, "event");
    if (!read) return tl::unexpected(read.error());
    std::erase_if(out, [&](const graph::Field& field) { return field.first == name; });
    out.emplace_back(name, std::move(*read));
  }
  return out;
}

Parsed<IntakeItem> commerce_event(IntakeReader& reader, const Object& fields,
                                  const std::string& name, bool is_bought) {
  if (auto wrong = check_items(reader, fields)) return tl::unexpected(std::move(*wrong));
  auto update = read_user(reader, fields);
  if (!update) return tl::unexpected(update.error());
  if (auto wrong = set_cart(reader, fields, is_bought, *update)) {
    return tl::unexpected(std::move(*wrong));
  }
  const graph::EventType* type = reader.program().catalog().find_event(name);
  IntakeEvent event;
  event.person = update->person;
  event.wire_name = type == nullptr ? name : type->wire_name;
  auto created = reader.created_at(fields, "obj");
  if (!created) return tl::unexpected(created.error());
  event.created_at = *created;
  auto data = fields_of(reader, fields, type);
  if (!data) return tl::unexpected(data.error());
  event.fields = std::move(*data);
  if (auto wrong = IntakeReader::breach(type, event.fields)) return tl::unexpected(*wrong);
  event.update = std::move(*update);
  return IntakeItem(std::move(event));
}

}  // namespace

Parsed<IntakeItem> read_rename(const IntakeReader& reader, const Object& fields) {
  auto person = one_name(reader, fields, "currentEmail", "currentUserId");
  if (!person) return tl::unexpected(person.error());
  const auto said = reader.text(fields, "newEmail", "obj");
  if (!said) return tl::unexpected(said.error());
  const std::optional<std::string_view> given = *said;
  if (!given) return tl::unexpected(reader.bad_json("obj.newEmail", "String value expected"));
  auto email = IntakeReader::email(*given);
  if (!email) return tl::unexpected(email.error());
  return IntakeItem(
      IntakeRename{std::move(*person), std::move(*email), reader.forward() != ForwardMode::kOff});
}

Parsed<IntakeItem> read_merge(const IntakeReader& reader, const Object& fields) {
  auto source = one_name(reader, fields, "sourceEmail", "sourceUserId");
  if (!source) return tl::unexpected(source.error());
  auto person = one_name(reader, fields, "destinationEmail", "destinationUserId");
  if (!person) return tl::unexpected(person.error());
  if (source->email == person->email && source->user_id == person->user_id) {
    return tl::unexpected(problem_of(400, "BadParams", "Source and destination are the same user"));
  }
  return IntakeItem(
      IntakeMerge{std::move(*person), std::move(*source), reader.forward() != ForwardMode::kOff});
}

Parsed<IntakeItem> read_purchase(IntakeReader& reader, const Object& fields) {
  double total = 0;
  if (fields["total"].get(total) != simdjson::SUCCESS) {
    return tl::unexpected(reader.bad_json("obj.total", "Number value expected"));
  }
  const auto said = reader.id(fields, "obj");
  if (!said) return tl::unexpected(said.error());
  const std::optional<std::string>& id = *said;
  auto item = commerce_event(reader, fields, reader.mapping().purchase_event, true);
  // An event of the same id is another thing.
  if (item && id) std::get<IntakeEvent>(*item).id = "purchase " + *id;
  return item;
}

Parsed<IntakeItem> read_cart(IntakeReader& reader, const Object& fields) {
  return commerce_event(reader, fields, reader.mapping().cart_event, false);
}

}  // namespace sojourn::runtime
