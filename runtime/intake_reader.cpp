#include "runtime/intake_reader.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "base/text.h"
#include "connectors/json_value.h"
#include "graph/built_in.h"
#include "graph/catalog.h"
#include "runtime/intake_endpoint.h"
#include "runtime/intake_words.h"
#include "runtime/program.h"

namespace sojourn::runtime {
namespace {

using Endpoint = IntakeRequest::Endpoint;
using Element = IntakeReader::Element;
using Object = IntakeReader::Object;

Problem mismatch(std::string_view name, const Element& value, const graph::Type& type,
                 std::string_view category) {
  const std::string detail = fmt::format(
      R"({{"incomingTypes":[{}],"expectedType":{},"_type":"UnexpectedType","offendingValue":{},"category":{}}})",
      json_text(incoming_type(value)), json_text(expected_type(type)),
      std::string(simdjson::minify(value)), json_text(category));
  Problem wrong =
      problem_of(400, "RequestFieldsTypesMismatched",
                 fmt::format("The request does not have the same data types as declared: field "
                             "`{}` is {}, expected {}",
                             name, incoming_type(value), graph::to_string(type)),
                 fmt::format(R"({{"validationErrors":{{{}:{}}}}})", json_text(name), detail));
  wrong.list = "invalidData";
  wrong.identity = name;
  wrong.answer.field = name;
  return wrong;
}

// Of the ids that Iterable takes for events.
bool is_of_event_ids(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
}

bool is_given(const std::vector<graph::Field>& fields, std::string_view name) {
  return std::ranges::find(fields, name, &graph::Field::first) != fields.end();
}

// What is wrong with a value of its type that is not whole.
std::string_view found_of(const graph::Type& type, const graph::Value& value) {
  if (value.is_missing()) return "is not there";
  return type.kind == graph::Type::Kind::kOneOf ? "is none of them" : "is not whole";
}

// `email` and `userId` among the fields are names, as good as those that a request begins with.
std::optional<Problem> check_new_names(IntakeUpdate& update) {
  for (auto& [name, value] : update.fields) {
    if (value.kind() != graph::Value::Kind::kString) continue;
    const std::string text = value.as_string();
    if (name == "email") {
      auto email = IntakeReader::email(text);
      if (!email) return email.error();
      value = graph::Value(std::move(*email));
    } else if (name == "userId") {
      if (auto user_id = IntakeReader::user_id(text); !user_id) return user_id.error();
    }
  }
  return std::nullopt;
}

}  // namespace

std::string json_text(std::string_view text) {
  std::string out;
  base::append_json_string(out, text);
  return out;
}

Problem problem_of(int status, std::string_view code, const std::string& message,
                   std::string_view params_json) {
  return Problem{envelope(status, code, message, params_json), {}, {}, message};
}

Problem too_large(std::size_t items, std::string_view name, std::size_t most) {
  Problem wrong = problem_of(
      400, "BatchTooLarge",
      fmt::format("{} items in `{}`; at most {} are taken in one request", items, name, most));
  wrong.answer.why = IntakeAnswer::Why::kTooLarge;
  return wrong;
}

IntakeReader::IntakeReader(const Program& program, const IntakeMapping& mapping,
                           ForwardMode forward)
    : program_(program), mapping_(mapping), forward_(forward) {
  for (const graph::UserField& f : graph::built_in_user_fields()) user_fields_[f.name] = &f.type;
  for (const graph::UserField& f : program.catalog().user_fields) user_fields_[f.name] = &f.type;
}

void IntakeReader::begin(Endpoint endpoint, std::string generated_id) {
  request_ = IntakeRequest{};
  request_.endpoint = endpoint;
  request_.answer_id = std::move(generated_id);
}

bool IntakeReader::is_event() const {
  return endpoint() == Endpoint::kEventsTrack || endpoint() == Endpoint::kEventsTrackBulk;
}

Problem IntakeReader::bad_json(const std::string& where, std::string_view what) const {
  Problem wrong =
      problem_of(400, "BadJsonBody", fmt::format("[{}] Invalid JSON body", path_of(endpoint())),
                 fmt::format("{{{}:{}}}", json_text(where), json_text(what)));
  wrong.message = fmt::format("{}: {}", where, what);
  return wrong;
}

Problem IntakeReader::invalid_email(std::string_view email) {
  Problem wrong =
      problem_of(400, "InvalidEmailAddressError", fmt::format("Invalid email: {}", email));
  wrong.list = "invalidEmails";
  wrong.identity = email;
  return wrong;
}

Problem IntakeReader::invalid_user_id(std::string_view user_id) {
  Problem wrong = problem_of(400, "InvalidUserIdError", fmt::format("Invalid userId: {}", user_id));
  wrong.list = "invalidUserIds";
  wrong.identity = user_id;
  return wrong;
}

Parsed<std::optional<std::string_view>> IntakeReader::text(const Object& fields, const char* name,
                                                           const std::string& where) const {
  Element value;
  if (fields[name].get(value) != simdjson::SUCCESS || value.is_null()) {
    return std::optional<std::string_view>();
  }
  std::string_view text;
  if (value.get(text) != simdjson::SUCCESS) {
    return tl::unexpected(bad_json(fmt::format("{}.{}", where, name), "String value expected"));
  }
  return std::optional<std::string_view>(text);
}

Parsed<std::string> IntakeReader::email(std::string_view text) {
  if (!well_formed_email(text)) return tl::unexpected(invalid_email(text));
  return base::lower_ascii(text);
}

Parsed<std::string> IntakeReader::user_id(std::string_view text) {
  if (!well_formed_user_id(text)) return tl::unexpected(invalid_user_id(text));
  return std::string(text);
}

Parsed<Person> IntakeReader::names(const Object& fields, const std::string& where,
                                   const char* email_key, const char* user_id_key) const {
  Parsed<std::optional<std::string_view>> given_email{};
  if (email_key != nullptr) given_email = text(fields, email_key, where);
  if (!given_email) return tl::unexpected(given_email.error());
  auto given_user_id = text(fields, user_id_key, where);
  if (!given_user_id) return tl::unexpected(given_user_id.error());
  Person person;
  if (const std::optional<std::string_view> given = *given_email) {
    auto read = email(*given);
    if (!read) return tl::unexpected(read.error());
    person.email = std::move(*read);
  }
  if (const std::optional<std::string_view> given = *given_user_id) {
    auto read = user_id(*given);
    if (!read) return tl::unexpected(read.error());
    person.user_id = std::move(*read);
  }
  return person;
}

Parsed<Person> IntakeReader::person(const Object& fields, const std::string& where) const {
  auto person = names(fields, where, "email", "userId");
  if (!person || person->email || person->user_id) return person;
  const bool enters =
      endpoint() == Endpoint::kJourneyEntry || endpoint() == Endpoint::kTriggerWorkflow;
  return tl::unexpected(
      problem_of(400, "BadParams",
                 enters       ? "Either email or userId must be specified"
                 : is_event() ? "Either email or userId must be specified in a track call"
                              : "Either email or userId must be specified to update a user",
                 fmt::format("{{{}:\"email or userId is missing\"}}", json_text(where))));
}

Parsed<std::optional<std::string>> IntakeReader::id(const Object& fields,
                                                    const std::string& where) {
  const auto given = text(fields, "id", where);
  if (!given) return tl::unexpected(given.error());
  const std::optional<std::string_view> id = *given;
  if (!id) return std::optional<std::string>();
  if (id->empty() || id->size() > kMaxIdBytes) {
    return tl::unexpected(
        bad_json(where + ".id", fmt::format("1 to {} bytes expected", kMaxIdBytes)));
  }
  // Iterable would refuse it later, when its sender is no longer there to be told.
  const bool is_queued = forward_ == ForwardMode::kQueue && is_event();
  if (is_queued && !std::ranges::all_of(*id, is_of_event_ids)) {
    return tl::unexpected(bad_json(where + ".id", "letters, digits and hyphens expected"));
  }
  request_.answer_id = std::string(*id);
  return std::optional(request_.answer_id);
}

std::optional<base::Instant> IntakeReader::unix_time(std::int64_t number) {
  if (number < 0 || number > base::kNever.millis) return std::nullopt;
  constexpr std::int64_t kLastSeconds = 100'000'000'000;
  return base::Instant{number < kLastSeconds ? number * 1000 : number};
}

Parsed<std::optional<base::Instant>> IntakeReader::created_at(const Object& fields,
                                                              const std::string& where) const {
  Element value;
  if (fields["createdAt"].get(value) != simdjson::SUCCESS || value.is_null()) {
    return std::optional<base::Instant>();
  }
  std::int64_t number = 0;
  if (value.get(number) != simdjson::SUCCESS) {
    return tl::unexpected(bad_json(where + ".createdAt", "Number value expected"));
  }
  const auto time = unix_time(number);
  if (!time) {
    return tl::unexpected(
        bad_json(where + ".createdAt", "a Unix time of the years 1970 to 9999 expected"));
  }
  return time;
}

Parsed<std::optional<Object>> IntakeReader::members(const Object& fields, const char* name,
                                                    const std::string& where) const {
  Element value;
  if (fields[name].get(value) != simdjson::SUCCESS || value.is_null()) {
    return std::optional<Object>();
  }
  Object given;
  if (value.get(given) != simdjson::SUCCESS) {
    return tl::unexpected(bad_json(fmt::format("{}.{}", where, name), "Object value expected"));
  }
  return std::optional(given);
}

Parsed<graph::Value> IntakeReader::typed(std::string_view name, const Element& value,
                                         const graph::Type& type, std::string_view category) {
  auto read = connectors::value_of_type(value, type);
  if (!read) return tl::unexpected(mismatch(name, value, type, category));
  return std::move(*read);
}

const graph::Type* IntakeReader::user_field(std::string_view name) const {
  const auto found = user_fields_.find(name);
  return found == user_fields_.end() ? nullptr : found->second;
}

const graph::Type* IntakeReader::type_of(const graph::EventType* event, std::string_view field) {
  if (event == nullptr) return nullptr;
  for (const graph::TypedField& f : event->fields) {
    if (f.name == field) return &f.type;
  }
  return nullptr;
}

Parsed<std::vector<graph::Field>> IntakeReader::event_fields(const Object& given,
                                                             const graph::EventType* event,
                                                             std::string_view category) {
  std::vector<graph::Field> fields;
  for (const auto& [name, value] : given) {
    if (is_given(fields, name)) continue;
    const graph::Type* type = type_of(event, name);
    if (type == nullptr) {
      request_.filtered_out_fields.emplace_back(name);
      continue;
    }
    auto read = typed(name, value, *type, category);
    if (!read) return tl::unexpected(read.error());
    fields.emplace_back(std::string(name), std::move(*read));
  }
  return fields;
}

std::optional<Problem> IntakeReader::breach(const graph::EventType* event,
                                            const std::vector<graph::Field>& given) {
  if (event == nullptr) return std::nullopt;
  for (const graph::TypedField& field : event->fields) {
    const graph::Value& value = graph::find_field(given, field.name);
    if (connectors::is_whole(value, field.type)) continue;
    const std::string_view found = found_of(field.type, value);
    Problem wrong =
        problem_of(400, "BadParams",
                   fmt::format("The event is not as it is declared: field `{}` {}, {} expected",
                               field.name, found, graph::to_string(field.type)),
                   fmt::format("{{{}:{}}}", json_text("dataFields." + field.name),
                               json_text(graph::to_string(field.type) + " expected")));
    wrong.list = "invalidData";
    wrong.identity = field.name;
    wrong.answer.field = field.name;
    return wrong;
  }
  return std::nullopt;
}

Parsed<IntakeUpdate> IntakeReader::profile(const Object& given, Person person) {
  IntakeUpdate update;
  update.person = std::move(person);
  for (const auto& [name, value] : given) {
    if (is_given(update.fields, name)) continue;
    const graph::Type* type = user_field(name);
    if (type == nullptr) {
      request_.filtered_out_fields.emplace_back(name);
      continue;
    }
    auto read = typed(name, value, *type, "user");
    if (!read) {
      const Person& known = update.person;
      read.error().list = known.email ? "invalidDataEmails" : "invalidDataUserIds";
      read.error().identity = known.email ? *known.email : known.user_id.value_or("");
      return tl::unexpected(read.error());
    }
    update.fields.emplace_back(std::string(name), std::move(*read));
  }
  if (auto wrong = check_new_names(update)) return tl::unexpected(std::move(*wrong));
  return update;
}

}  // namespace sojourn::runtime
