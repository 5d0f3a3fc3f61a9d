#include "tests/fuzz/told_request.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <set>
#include <utility>

#include "base/bytes.h"
#include "base/check.h"
#include "base/text.h"
#include "connectors/json_value.h"
#include "graph/built_in.h"
#include "runtime/intake_parse.h"
#include "runtime/intake_words.h"
#include "tests/fuzz/world.h"

namespace sojourn::fuzz {
namespace {

using graph::Value;
using runtime::Person;

std::string told_value(const Value& value) {
  base::ByteWriter out;
  graph::encode_value(value, out);
  return out.take();
}

std::string told(const std::vector<graph::Field>& fields) {
  std::string out;
  for (const auto& [name, value] : fields) out += fmt::format("{}={};", name, told_value(value));
  return out;
}

std::string told(const Person& person) {
  return fmt::format("{}|{} ", person.email.value_or("-"), person.user_id.value_or("-"));
}

std::string told(const std::optional<base::Instant>& at) {
  return at ? fmt::format("@{} ", at->millis) : "";
}

std::string told(const runtime::IntakeUpdate& update) {
  return told(update.person) + told(update.fields) + (update.merge_nested_objects ? "merge" : "");
}

// Of each kind, with `id` or without.
struct Teller {
  bool with_id = true;

  std::string id(const std::optional<std::string>& given) const {
    return with_id ? given.value_or("-") + " " : "";
  }
  std::string unknown(bool may_be) const { return with_id && may_be ? "unknown" : ""; }

  std::string operator()(const runtime::IntakeEvent& event) const {
    return fmt::format("event {}{} {} {}{}{}{}", told(event.person), event.wire_name, event.journey,
                       id(event.id), told(event.created_at), told(event.fields),
                       event.update ? told(*event.update) : "");
  }
  std::string operator()(const runtime::IntakeUpdate& update) const {
    return "update " + told(update);
  }
  std::string operator()(const runtime::IntakeRename& it) const {
    return fmt::format("rename {}{} {}", told(it.person), it.new_email, unknown(it.may_be_unknown));
  }
  std::string operator()(const runtime::IntakeMerge& it) const {
    return fmt::format("merge {}{}{}", told(it.person), told(it.source),
                       unknown(it.may_be_unknown));
  }
  std::string operator()(const runtime::IntakeListChange& it) const {
    return fmt::format("list {}{} {} {} {}", told(it.person), told(it.update), it.list, it.joined,
                       it.must_be_known);
  }
  std::string operator()(const runtime::IntakeSubscriptions& it) const {
    std::string out = "subscriptions " + told(it.person) + told(it.update);
    if (it.lists) out += fmt::format("[{}]", fmt::join(*it.lists, ","));
    return out;
  }
  std::string operator()(const runtime::IntakeConsent& it) const {
    return fmt::format("consent {}{} {} {}", told(it.person), it.id, static_cast<int>(it.of),
                       it.subscribes);
  }
  std::string operator()(const runtime::IntakeErasure& it) const {
    return fmt::format("erasure {}{} {} {}", told(it.person), static_cast<int>(it.what), it.goes_on,
                       unknown(it.may_be_unknown));
  }
  std::string operator()(const runtime::IntakeEngagement& it) const {
    return fmt::format("engagement {}{} {}{}{} {} {}", told(it.person), static_cast<int>(it.what),
                       id(it.id), told(it.created_at), it.message_key, it.campaign, it.url);
  }
  std::string operator()(const runtime::IntakeNotice& it) const {
    return "notice " + told(it.person);
  }
};

void check_text(std::string_view text) {
  SOJOURN_CHECK(!base::first_invalid_utf8(text), "text is UTF-8");
}

void check_person(const Person& person) {
  SOJOURN_CHECK(person.email || person.user_id, "an item is about somebody");
  if (person.email) {
    SOJOURN_CHECK(runtime::well_formed_email(*person.email), "an email is well-formed");
    SOJOURN_CHECK(base::lower_ascii(*person.email) == *person.email, "an email is in lower case");
    check_text(*person.email);
  }
  if (person.user_id) {
    SOJOURN_CHECK(runtime::well_formed_user_id(*person.user_id), "a userId is well-formed");
  }
}

void check_value(const Value& value) {
  switch (value.kind()) {
    case Value::Kind::kString:
      return check_text(value.as_string());
    case Value::Kind::kNumber:
      SOJOURN_CHECK(std::isfinite(value.as_number()), "a number is finite");
      return;
    case Value::Kind::kList:
      for (const Value& item : value.as_list()) check_value(item);
      return;
    case Value::Kind::kObject: {
      const graph::Object& object = value.as_object();
      for (std::size_t i = 0; i < object.size(); ++i) {
        SOJOURN_CHECK(i == 0 || object[i - 1].first < object[i].first,
                      "an object is sorted, and has no name twice");
        check_text(object[i].first);
        check_value(object[i].second);
      }
      return;
    }
    default:
      return;
  }
}

void check_fields(const std::vector<graph::Field>& fields) {
  std::set<std::string_view> names;
  for (const auto& [name, value] : fields) {
    SOJOURN_CHECK(names.insert(name).second, "no field is given twice");
    check_value(value);
    const std::string bytes = told_value(value);
    base::ByteReader in(bytes);
    const Value again = graph::decode_value(in);
    SOJOURN_CHECK(in.ok() && in.at_end() && again == value, "a value survives being stored");
  }
}

void check_event_fields(const graph::EventType* type, const std::vector<graph::Field>& fields) {
  check_fields(fields);
  SOJOURN_CHECK(type != nullptr || fields.empty(), "fields of what nobody declares are dropped");
  if (type == nullptr) return;
  for (const auto& [name, value] : fields) {
    const auto declared = std::ranges::find(type->fields, name, &graph::TypedField::name);
    SOJOURN_CHECK(declared != type->fields.end(), "an event's fields are declared");
  }
  for (const graph::TypedField& field : type->fields) {
    SOJOURN_CHECK(connectors::is_whole(graph::find_field(fields, field.name), field.type),
                  "an event says what it is declared to say");
  }
}

void check_update(const runtime::IntakeUpdate& update) {
  check_person(update.person);
  check_fields(update.fields);
  for (const auto& [name, value] : update.fields) {
    const auto& built_in = graph::built_in_user_fields();
    const bool known =
        std::ranges::find(built_in, name, &graph::UserField::name) != built_in.end() ||
        world_catalog().find_user_field(name) != nullptr;
    SOJOURN_CHECK(known, "a profile's fields are declared");
  }
}

void check_time(const std::optional<base::Instant>& at) {
  SOJOURN_CHECK(!at || *at <= base::kNever, "a time is one of those that are kept");
}

// Behind the word that keeps kinds of ids apart.
void check_id(const std::optional<std::string>& id) {
  if (!id) return;
  SOJOURN_CHECK(!id->empty() && id->size() <= runtime::kMaxIdBytes + 64, "an id is not endless");
  check_text(*id);
}

struct Checker {
  void operator()(const runtime::IntakeEvent& event) const {
    check_person(event.person);
    check_text(event.wire_name);
    check_id(event.id);
    check_time(event.created_at);
    SOJOURN_CHECK(event.wire_name.empty() != event.journey.empty(),
                  "an event has a wire name, or is of a journey");
    check_event_fields(event.journey.empty() ? world_program().event_by_wire_name(event.wire_name)
                                             : world_program().api_entry(event.journey),
                       event.fields);
    if (event.update) check_update(*event.update);
  }
  void operator()(const runtime::IntakeUpdate& update) const { check_update(update); }
  void operator()(const runtime::IntakeRename& it) const {
    check_person(it.person);
    check_person({it.new_email, std::nullopt});
  }
  void operator()(const runtime::IntakeMerge& it) const {
    check_person(it.person);
    check_person(it.source);
  }
  void operator()(const runtime::IntakeListChange& it) const {
    check_person(it.person);
    check_update(it.update);
  }
  void operator()(const runtime::IntakeSubscriptions& it) const {
    check_person(it.person);
    check_update(it.update);
  }
  void operator()(const runtime::IntakeConsent& it) const {
    check_person(it.person);
    SOJOURN_CHECK(!it.person.email || !it.person.user_id, "consent is said of one name");
  }
  void operator()(const runtime::IntakeErasure& it) const { check_person(it.person); }
  void operator()(const runtime::IntakeEngagement& it) const {
    check_person(it.person);
    check_id(it.id);
    check_time(it.created_at);
    for (const std::string& text : {it.message_key, it.campaign, it.url}) check_text(text);
  }
  void operator()(const runtime::IntakeNotice& it) const {
    if (it.person.email || it.person.user_id) check_person(it.person);
  }
};

}  // namespace

std::string told_request(const runtime::IntakeRequest& request) {
  std::string out = fmt::format("{} {}\n", static_cast<int>(request.endpoint), request.answer_id);
  for (const auto& item : request.items) out += std::visit(Teller{}, item) + "\n";
  for (const auto& it : request.forwards) out += fmt::format("> {} {}\n", it.path, it.body);
  for (const auto& it : request.failures) out += fmt::format("! {} {}\n", it.list, it.identity);
  for (const auto& it : request.refusals) out += fmt::format("? {} {}\n", it.index, it.message);
  return out + fmt::format("- {}", fmt::join(request.filtered_out_fields, ","));
}

std::string told_but_for_id(const runtime::IntakeItem& item) {
  return std::visit(Teller{.with_id = false}, item);
}

void check_item(const runtime::IntakeItem& item) {
  std::visit(Checker{}, item);
}

}  // namespace sojourn::fuzz
