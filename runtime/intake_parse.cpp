#include "runtime/intake_parse.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <simdjson.h>
#include <utility>

#include "base/text.h"
#include "connectors/json_value.h"
#include "graph/built_in.h"
#include "graph/catalog.h"
#include "graph/reserved.h"
#include "runtime/entry_contract.h"
#include "runtime/intake_endpoint.h"
#include "runtime/intake_words.h"
#include "runtime/program.h"
#include "runtime/said_subscriptions.h"
#include "runtime/string_map.h"

namespace sojourn::runtime {
namespace {

using Endpoint = IntakeRequest::Endpoint;
using simdjson::dom::element;
using simdjson::dom::object;

std::string json_text(std::string_view text) {
  std::string out;
  base::append_json_string(out, text);
  return out;
}

// What is wrong with one item; in a bulk request it only fails that item when
// `list` is set, otherwise the whole request.
struct Problem {
  IntakeAnswer answer;
  std::string list;
  std::string identity;
};

template <typename T>
using Parsed = tl::expected<T, Problem>;

tl::unexpected<Problem> problem(IntakeAnswer answer) {
  return tl::unexpected<Problem>(Problem{std::move(answer), {}, {}});
}

}  // namespace

IntakeAnswer envelope(int status, std::string_view code, std::string_view msg,
                      std::string_view params_json) {
  return IntakeAnswer{
      status, fmt::format(R"({{"msg":{},"code":{},"params":{}}})", json_text(msg), json_text(code),
                          params_json.empty() ? "null" : params_json)};
}

class IntakeParser::Impl {
 public:
  Impl(const Program& program, IntakeLimits limits)
      : program_(program), limits_(limits), json_(kMaxBodyBytes) {
    for (const graph::UserField& f : graph::built_in_user_fields()) user_fields_[f.name] = &f.type;
    for (const graph::UserField& f : program.catalog().user_fields) user_fields_[f.name] = &f.type;
  }

  // `entry`: what kJourneyEntry takes.
  tl::expected<IntakeRequest, IntakeAnswer> parse(Endpoint endpoint, std::string_view body,
                                                  std::string generated_id,
                                                  const graph::EventType* entry = nullptr) {
    endpoint_ = endpoint;
    list_.clear();
    entry_ = entry;
    request_ = IntakeRequest{};
    request_.endpoint = endpoint;
    request_.answer_id = std::move(generated_id);
    element root;
    if (json_.parse(body.data(), body.size()).get(root) != simdjson::SUCCESS) {
      return tl::unexpected(bad_json("obj", "valid JSON expected"));
    }
    object fields;
    if (root.get(fields) != simdjson::SUCCESS) {
      return tl::unexpected(bad_json("obj", "Object value expected"));
    }
    const auto problem = parse_all(fields);
    if (problem) return tl::unexpected(problem->answer);
    std::sort(request_.filtered_out_fields.begin(), request_.filtered_out_fields.end());
    request_.filtered_out_fields.erase(
        std::unique(request_.filtered_out_fields.begin(), request_.filtered_out_fields.end()),
        request_.filtered_out_fields.end());
    return std::move(request_);
  }

  tl::expected<IntakeRequest, IntakeAnswer> parse_entry(std::string_view journey,
                                                        std::string_view body,
                                                        std::string generated_id) {
    const graph::EventType* entry = program_.api_entry(journey);
    if (entry != nullptr) {
      return parse(Endpoint::kJourneyEntry, body, std::move(generated_id), entry);
    }
    return tl::unexpected(envelope(
        404, "UnknownJourney", fmt::format("no journey `{}` can be entered by the API", journey)));
  }

 private:
  static constexpr std::size_t kMaxBodyBytes = 64 * 1024 * 1024;

  IntakeAnswer bad_json(const std::string& where, std::string_view what) const {
    return envelope(400, "BadJsonBody", fmt::format("[{}] Invalid JSON body", path_of(endpoint_)),
                    fmt::format("{{{}:{}}}", json_text(where), json_text(what)));
  }

  bool is_event() const {
    return endpoint_ == Endpoint::kEventsTrack || endpoint_ == Endpoint::kEventsTrackBulk;
  }

  std::optional<Problem> parse_all(const object& fields) {
    switch (endpoint_) {
      case Endpoint::kUsersBulkUpdate:
        return parse_bulk(fields, "users");
      case Endpoint::kEventsTrackBulk:
        return parse_bulk(fields, "events");
      case Endpoint::kListsSubscribe:
      case Endpoint::kListsUnsubscribe:
        if (auto unknown = find_list(fields)) return unknown;
        return parse_bulk(fields, "subscribers");
      case Endpoint::kSubscriptionsBulkUpdate:
        return parse_bulk(fields, "updateSubscriptionsRequests");
      default:
        return parse_single(fields);
    }
  }

  std::optional<Problem> find_list(const object& fields) {
    std::int64_t id = 0;
    if (fields["listId"].get(id) != simdjson::SUCCESS) {
      return Problem{bad_json("obj.listId", "Integer value expected"), {}, {}};
    }
    const auto& lists = program_.catalog().lists;
    const auto found = std::find_if(lists.begin(), lists.end(),
                                    [&](const graph::StaticList& list) { return list.id == id; });
    if (found == lists.end()) {
      return Problem{
          envelope(400, "BadParams", fmt::format("error.lists.invalidListId({})", id)), {}, {}};
    }
    list_ = found->name;
    return std::nullopt;
  }

  std::optional<Problem> parse_single(const object& fields) {
    auto item = parse_item(fields, "obj");
    if (!item) return item.error();
    request_.items.push_back(std::move(*item));
    return std::nullopt;
  }

  std::optional<Problem> parse_bulk(const object& fields, const char* name) {
    simdjson::dom::array items;
    if (fields[name].get(items) != simdjson::SUCCESS) {
      return Problem{bad_json(fmt::format("obj.{}", name), "Array value expected"), {}, {}};
    }
    if (items.size() > limits_.max_items) {
      return Problem{envelope(400, "BatchTooLarge",
                              fmt::format("{} items in `{}`; at most {} are taken in one request",
                                          items.size(), name, limits_.max_items)),
                     {},
                     {}};
    }
    std::size_t index = 0;
    for (const element& value : items) {
      const std::string where = fmt::format("obj.{}[{}]", name, index++);
      object item_fields;
      if (value.get(item_fields) != simdjson::SUCCESS) {
        return Problem{bad_json(where, "Object value expected"), {}, {}};
      }
      auto item = parse_item(item_fields, where);
      if (item) {
        request_.items.push_back(std::move(*item));
      } else if (item.error().list.empty()) {
        return item.error();
      } else {
        request_.failures.push_back({item.error().list, item.error().identity});
      }
    }
    return std::nullopt;
  }

  Parsed<IntakeItem> parse_item(const object& fields, const std::string& where) {
    auto person = parse_person(fields, where);
    if (!person) return tl::unexpected(person.error());
    if (is_event()) return parse_event(fields, where, std::move(*person));
    if (entry_ != nullptr) return parse_journey_entry(fields, where, std::move(*person));
    if (endpoint_ == Endpoint::kEngagements) {
      return parse_engagement(fields, where, std::move(*person));
    }
    if (endpoint_ == Endpoint::kSubscriptionsUpdate ||
        endpoint_ == Endpoint::kSubscriptionsBulkUpdate) {
      return parse_subscriptions(fields, where, std::move(*person));
    }
    auto update = parse_update(fields, where, *person);
    if (!update || list_.empty()) return update;
    return IntakeItem(IntakeListChange{std::move(*person),
                                       std::get<IntakeUpdate>(std::move(*update)), list_,
                                       endpoint_ == Endpoint::kListsSubscribe});
  }

  // A field that must be a string when it is there.
  Parsed<std::optional<std::string_view>> optional_string(const object& fields, const char* name,
                                                          const std::string& where) const {
    element value;
    if (fields[name].get(value) != simdjson::SUCCESS || value.is_null()) {
      return std::optional<std::string_view>();
    }
    std::string_view text;
    if (value.get(text) != simdjson::SUCCESS) {
      return problem(bad_json(fmt::format("{}.{}", where, name), "String value expected"));
    }
    return std::optional<std::string_view>(text);
  }

  Parsed<Person> parse_person(const object& fields, const std::string& where) const {
    auto email = optional_string(fields, "email", where);
    if (!email) return tl::unexpected(email.error());
    auto user_id = optional_string(fields, "userId", where);
    if (!user_id) return tl::unexpected(user_id.error());
    if (!*email && !*user_id) {
      return problem(
          envelope(400, "BadParams",
                   entry_ != nullptr ? "Either email or userId must be specified"
                   : is_event()      ? "Either email or userId must be specified in a track call"
                                     : "Either email or userId must be specified to update a user",
                   fmt::format("{{{}:\"email or userId is missing\"}}", json_text(where))));
    }
    if (*email && !well_formed_email(**email)) return tl::unexpected(invalid_email(**email));
    if (*user_id && !well_formed_user_id(**user_id)) {
      return tl::unexpected(invalid_user_id(**user_id));
    }
    Person person;
    if (*email) person.email = base::lower_ascii(**email);
    if (*user_id) person.user_id = std::string(**user_id);
    return person;
  }

  Parsed<IntakeItem> parse_event(const object& fields, const std::string& where, Person person) {
    IntakeEvent event;
    event.person = std::move(person);
    auto name = optional_string(fields, "eventName", where);
    if (!name) return tl::unexpected(name.error());
    if (!*name || (*name)->empty()) {
      return problem(
          bad_json(where + ".eventName", "a name of at least one character is required"));
    }
    event.wire_name = std::string(**name);
    auto id = parse_id(fields, where);
    if (!id) return tl::unexpected(id.error());
    event.id = std::move(*id);
    auto created = parse_created_at(fields, where);
    if (!created) return tl::unexpected(created.error());
    event.created_at = *created;
    const graph::EventType* type = program_.event_by_wire_name(event.wire_name);
    auto data = parse_data(fields, where, "event",
                           [&](std::string_view field) { return type_of(type, field); });
    if (!data) return tl::unexpected(data.error());
    event.fields = std::move(*data);
    return IntakeItem(std::move(event));
  }

  // Null when it is not declared.
  static const graph::Type* type_of(const graph::EventType* event, std::string_view field) {
    if (event == nullptr) return nullptr;
    for (const graph::TypedField& f : event->fields) {
      if (f.name == field) return &f.type;
    }
    return nullptr;
  }

  // Unlike an event, whose fields are whatever its sender has, an entry says what the
  // journey asks for: all of it, and nothing else.
  Parsed<IntakeItem> parse_journey_entry(const object& fields, const std::string& where,
                                         Person person) {
    IntakeEvent event;
    event.person = std::move(person);
    event.journey = std::string(graph::journey_of_api_event(entry_->name));
    auto id = parse_id(fields, where);
    if (!id) return tl::unexpected(id.error());
    // An event of the same id is another thing.
    if (*id) event.id = fmt::format("{} {}", entry_->name, **id);
    auto created = parse_created_at(fields, where);
    if (!created) return tl::unexpected(created.error());
    event.created_at = *created;
    auto data = parse_data(fields, where, "entry",
                           [&](std::string_view field) { return type_of(entry_, field); });
    if (!data) return tl::unexpected(data.error());
    if (auto refused = refuse_entry(*entry_, *data, request_.filtered_out_fields)) {
      return problem(std::move(*refused));
    }
    event.fields = std::move(*data);
    std::erase_if(event.fields,
                  [](const graph::Field& field) { return field.second.is_missing(); });
    return IntakeItem(std::move(event));
  }

  // The answer names it, too.
  Parsed<std::optional<std::string>> parse_id(const object& fields, const std::string& where) {
    auto id = optional_string(fields, "id", where);
    if (!id) return tl::unexpected(id.error());
    if (!*id) return std::optional<std::string>();
    if ((*id)->empty() || (*id)->size() > 512) {
      return problem(bad_json(where + ".id", "1 to 512 bytes expected"));
    }
    request_.answer_id = std::string(**id);
    return std::optional(request_.answer_id);
  }

  Parsed<IntakeItem> parse_engagement(const object& fields, const std::string& where,
                                      Person person) {
    IntakeEngagement engagement;
    engagement.person = std::move(person);
    auto word = optional_string(fields, "engagement", where);
    if (!word) return tl::unexpected(word.error());
    const auto what = graph::find_engagement(word->value_or(""));
    // What was sent is known here.
    if (!what || *what == graph::Engagement::kSent) {
      return problem(bad_json(where + ".engagement",
                              "received, opened, clicked, bounced, complained or "
                              "unsubscribed expected"));
    }
    engagement.what = *what;
    auto id = parse_id(fields, where);
    if (!id) return tl::unexpected(id.error());
    engagement.id = std::move(*id);
    auto created = parse_created_at(fields, where);
    if (!created) return tl::unexpected(created.error());
    engagement.created_at = *created;
    for (const auto& [name, text] :
         {std::pair{"messageKey", &engagement.message_key}, std::pair{"url", &engagement.url}}) {
      auto given = optional_string(fields, name, where);
      if (!given) return tl::unexpected(given.error());
      *text = std::string(given->value_or(""));
    }
    std::int64_t campaign = 0;
    if (fields["campaignId"].get(campaign) == simdjson::SUCCESS) {
      const auto& campaigns = program_.catalog().campaigns;
      const auto found = std::find_if(campaigns.begin(), campaigns.end(),
                                      [&](const graph::Campaign& c) { return c.id == campaign; });
      if (found != campaigns.end()) engagement.campaign = found->name;
    }
    return IntakeItem(std::move(engagement));
  }

  // Unix time. Senders write seconds or milliseconds; what lies after the year
  // 5138 as seconds is read as milliseconds.
  Parsed<std::optional<base::Instant>> parse_created_at(const object& fields,
                                                        const std::string& where) const {
    element value;
    if (fields["createdAt"].get(value) != simdjson::SUCCESS || value.is_null()) {
      return std::optional<base::Instant>();
    }
    std::int64_t number = 0;
    if (value.get(number) != simdjson::SUCCESS) {
      return problem(bad_json(where + ".createdAt", "Number value expected"));
    }
    if (number < 0 || number > base::kNever.millis) {
      return problem(
          bad_json(where + ".createdAt", "a Unix time of the years 1970 to 9999 expected"));
    }
    constexpr std::int64_t kLastSeconds = 100'000'000'000;
    return std::optional<base::Instant>(
        base::Instant{number < kLastSeconds ? number * 1000 : number});
  }

  Parsed<IntakeItem> parse_update(const object& fields, const std::string& where, Person person) {
    IntakeUpdate update;
    update.person = std::move(person);
    element merge;
    if (fields["mergeNestedObjects"].get(merge) == simdjson::SUCCESS && !merge.is_null() &&
        merge.get(update.merge_nested_objects) != simdjson::SUCCESS) {
      return problem(bad_json(where + ".mergeNestedObjects", "Boolean value expected"));
    }
    const Person& known = update.person;
    auto data = parse_data(fields, where, "user", [&](std::string_view field) {
      const auto found = user_fields_.find(field);
      return found == user_fields_.end() ? nullptr : found->second;
    });
    if (!data) {
      Problem wrong = std::move(data.error());
      if (!wrong.list.empty()) {
        wrong.list = known.email ? "invalidDataEmails" : "invalidDataUserIds";
        wrong.identity = known.email ? *known.email : *known.user_id;
      }
      return tl::unexpected(std::move(wrong));
    }
    update.fields = std::move(*data);
    if (auto wrong = check_new_names(update)) return tl::unexpected(std::move(*wrong));
    return IntakeItem(std::move(update));
  }

  // `email` and `userId` among the fields are names, as good as those that a request begins with.
  static std::optional<Problem> check_new_names(IntakeUpdate& update) {
    for (auto& [name, value] : update.fields) {
      if (value.kind() != graph::Value::Kind::kString) continue;
      const std::string text = value.as_string();
      if (name == "email" && !well_formed_email(text)) return invalid_email(text);
      if (name == "userId" && !well_formed_user_id(text)) return invalid_user_id(text);
      if (name == "email") value = graph::Value(base::lower_ascii(text));
    }
    return std::nullopt;
  }

  static Problem invalid_email(std::string_view email) {
    return {envelope(400, "InvalidEmailAddressError", fmt::format("Invalid email: {}", email)),
            "invalidEmails", std::string(email)};
  }

  static Problem invalid_user_id(std::string_view user_id) {
    return {envelope(400, "InvalidUserIdError", fmt::format("Invalid userId: {}", user_id)),
            "invalidUserIds", std::string(user_id)};
  }

  Parsed<IntakeItem> parse_subscriptions(const object& fields, const std::string& where,
                                         Person person) {
    auto said = said_subscriptions(fields, program_.catalog());
    if (!said) {
      return problem(
          bad_json(fmt::format("{}.{}", where, said.error().name), said.error().expected));
    }
    IntakeUpdate update;
    update.person = person;
    update.fields = std::move(said->fields);
    return IntakeItem(
        IntakeSubscriptions{std::move(person), std::move(update), std::move(said->lists)});
  }

  // `dataFields`: what is declared, as its declared type. What is not declared is
  // named in filtered_out_fields and dropped.
  template <typename TypeOf>
  Parsed<std::vector<graph::Field>> parse_data(const object& fields, const std::string& where,
                                               std::string_view category, TypeOf type_of) {
    std::vector<graph::Field> data;
    element value;
    if (fields["dataFields"].get(value) != simdjson::SUCCESS || value.is_null()) return data;
    object given;
    if (value.get(given) != simdjson::SUCCESS) {
      return problem(bad_json(where + ".dataFields", "Object value expected"));
    }
    for (const auto& [name, field] : given) {
      const graph::Type* type = type_of(name);
      if (type == nullptr) {
        request_.filtered_out_fields.emplace_back(name);
        continue;
      }
      auto typed = connectors::value_of_type(field, *type);
      if (!typed) return tl::unexpected(mismatch(name, field, *type, category));
      data.emplace_back(std::string(name), std::move(*typed));
    }
    return data;
  }

  static Problem mismatch(std::string_view name, const element& value, const graph::Type& type,
                          std::string_view category) {
    const std::string detail = fmt::format(
        R"({{"incomingTypes":[{}],"expectedType":{},"_type":"UnexpectedType","offendingValue":{},"category":{}}})",
        json_text(incoming_type(value)), json_text(expected_type(type)),
        std::string(simdjson::minify(value)), json_text(category));
    return Problem{
        envelope(400, "RequestFieldsTypesMismatched",
                 fmt::format("The request does not have the same data types as declared: field "
                             "`{}` is {}, expected {}",
                             name, incoming_type(value), graph::to_string(type)),
                 fmt::format(R"({{"validationErrors":{{{}:{}}}}})", json_text(name), detail)),
        "invalidData", std::string(name)};
  }

  const Program& program_;
  const IntakeLimits limits_;
  StringMap<const graph::Type*> user_fields_;
  simdjson::dom::parser json_;
  Endpoint endpoint_ = Endpoint::kEventsTrack;
  std::string list_;                         // that the subscribers join or leave
  const graph::EventType* entry_ = nullptr;  // of kJourneyEntry
  IntakeRequest request_;
};

IntakeParser::IntakeParser(const Program& program, IntakeLimits limits)
    : impl_(std::make_unique<Impl>(program, limits)) {}
IntakeParser::~IntakeParser() = default;

tl::expected<IntakeRequest, IntakeAnswer> IntakeParser::parse(Endpoint endpoint,
                                                              std::string_view body,
                                                              std::string generated_id) {
  return impl_->parse(endpoint, body, std::move(generated_id));
}

tl::expected<IntakeRequest, IntakeAnswer> IntakeParser::parse_entry(std::string_view journey,
                                                                    std::string_view body,
                                                                    std::string generated_id) {
  return impl_->parse_entry(journey, body, std::move(generated_id));
}

}  // namespace sojourn::runtime
