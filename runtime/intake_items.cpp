#include "runtime/intake_items.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "graph/catalog.h"
#include "graph/reserved.h"
#include "runtime/entry_contract.h"
#include "runtime/program.h"
#include "runtime/said_subscriptions.h"

namespace sojourn::runtime {
namespace {

using Endpoint = IntakeRequest::Endpoint;
using Element = IntakeReader::Element;
using Object = IntakeReader::Object;

Parsed<std::vector<graph::Field>> data_of(IntakeReader& reader, const Object& fields,
                                          const std::string& where, const graph::EventType* type,
                                          std::string_view category = "event") {
  auto data = reader.members(fields, "dataFields", where);
  if (!data) return tl::unexpected(data.error());
  const std::optional<Object> given = *data;
  if (!given) return std::vector<graph::Field>{};
  return reader.event_fields(*given, type, category);
}

Parsed<IntakeItem> read_event(IntakeReader& reader, const Object& fields, const std::string& where,
                              Person person) {
  IntakeEvent event;
  event.person = std::move(person);
  const auto said = reader.text(fields, "eventName", where);
  if (!said) return tl::unexpected(said.error());
  const std::optional<std::string_view> name = *said;
  if (!name || name->empty()) {
    return tl::unexpected(
        reader.bad_json(where + ".eventName", "a name of at least one character is required"));
  }
  event.wire_name = std::string(*name);
  auto id = reader.id(fields, where);
  if (!id) return tl::unexpected(id.error());
  event.id = std::move(*id);
  auto created = reader.created_at(fields, where);
  if (!created) return tl::unexpected(created.error());
  event.created_at = *created;
  const graph::EventType* type = reader.program().event_by_wire_name(event.wire_name);
  auto data = data_of(reader, fields, where, type);
  if (!data) return tl::unexpected(data.error());
  event.fields = std::move(*data);
  if (auto wrong = IntakeReader::breach(type, event.fields)) return tl::unexpected(*wrong);
  return IntakeItem(std::move(event));
}

Parsed<IntakeUpdate> read_update(IntakeReader& reader, const Object& fields,
                                 const std::string& where, Person person) {
  bool merges = false;
  Element merge;
  if (fields["mergeNestedObjects"].get(merge) == simdjson::SUCCESS && !merge.is_null() &&
      merge.get(merges) != simdjson::SUCCESS) {
    return tl::unexpected(reader.bad_json(where + ".mergeNestedObjects", "Boolean value expected"));
  }
  auto data = reader.members(fields, "dataFields", where);
  if (!data) return tl::unexpected(data.error());
  const std::optional<Object> given = *data;
  if (!given) return IntakeUpdate{std::move(person), {}, merges};
  auto update = reader.profile(*given, std::move(person));
  if (update) update->merge_nested_objects = merges;
  return update;
}

Parsed<IntakeItem> read_engagement(IntakeReader& reader, const Object& fields,
                                   const std::string& where, Person person) {
  IntakeEngagement engagement;
  engagement.person = std::move(person);
  auto word = reader.text(fields, "engagement", where);
  if (!word) return tl::unexpected(word.error());
  const auto what = graph::find_engagement(word->value_or(""));
  // What was sent is known here.
  if (!what || *what == graph::Engagement::kSent) {
    return tl::unexpected(reader.bad_json(where + ".engagement",
                                          "received, opened, clicked, bounced, complained or "
                                          "unsubscribed expected"));
  }
  engagement.what = *what;
  auto id = reader.id(fields, where);
  if (!id) return tl::unexpected(id.error());
  engagement.id = std::move(*id);
  auto created = reader.created_at(fields, where);
  if (!created) return tl::unexpected(created.error());
  engagement.created_at = *created;
  for (const auto& [name, text] :
       {std::pair{"messageKey", &engagement.message_key}, std::pair{"url", &engagement.url}}) {
    auto given = reader.text(fields, name, where);
    if (!given) return tl::unexpected(given.error());
    *text = std::string(given->value_or(""));
  }
  std::int64_t campaign = 0;
  if (fields["campaignId"].get(campaign) == simdjson::SUCCESS) {
    const auto& campaigns = reader.program().catalog().campaigns;
    const auto found = std::find_if(campaigns.begin(), campaigns.end(),
                                    [&](const graph::Campaign& c) { return c.id == campaign; });
    if (found != campaigns.end()) engagement.campaign = found->name;
  }
  return IntakeItem(std::move(engagement));
}

Parsed<IntakeItem> read_subscriptions(const IntakeReader& reader, const Object& fields,
                                      const std::string& where, Person person) {
  auto said = said_subscriptions(fields, reader.program().catalog());
  if (!said) {
    return tl::unexpected(
        reader.bad_json(fmt::format("{}.{}", where, said.error().name), said.error().expected));
  }
  IntakeUpdate update{person, std::move(said->fields), false};
  return IntakeItem(
      IntakeSubscriptions{std::move(person), std::move(update), std::move(said->lists)});
}

Parsed<IntakeEvent> entry_event(IntakeReader& reader, const Object& fields,
                                const graph::EventType& entry) {
  auto person = reader.person(fields, "obj");
  if (!person) return tl::unexpected(person.error());
  IntakeEvent event;
  event.person = std::move(*person);
  event.journey = std::string(graph::journey_of_api_event(entry.name));
  auto created = reader.created_at(fields, "obj");
  if (!created) return tl::unexpected(created.error());
  event.created_at = *created;
  auto data = data_of(reader, fields, "obj", &entry, "entry");
  if (!data) return tl::unexpected(data.error());
  event.fields = std::move(*data);
  return event;
}

Parsed<IntakeItem> held_to(const graph::EventType& entry, IntakeEvent event,
                           const std::vector<std::string>& unknown) {
  if (auto refused = refuse_entry(entry, event.fields, unknown)) {
    return tl::unexpected(Problem{std::move(*refused), {}, {}, {}});
  }
  std::erase_if(event.fields, [](const graph::Field& field) { return field.second.is_missing(); });
  return IntakeItem(std::move(event));
}

}  // namespace

Parsed<IntakeItem> read_item(IntakeReader& reader, const Object& fields, const std::string& where,
                             const std::string& list) {
  auto person = reader.person(fields, where);
  if (!person) return tl::unexpected(person.error());
  switch (reader.endpoint()) {
    case Endpoint::kEventsTrack:
    case Endpoint::kEventsTrackBulk:
      return read_event(reader, fields, where, std::move(*person));
    case Endpoint::kEngagements:
      return read_engagement(reader, fields, where, std::move(*person));
    case Endpoint::kSubscriptionsUpdate:
    case Endpoint::kSubscriptionsBulkUpdate:
      return read_subscriptions(reader, fields, where, std::move(*person));
    default:
      break;
  }
  auto update = read_update(reader, fields, where, *person);
  if (!update) return tl::unexpected(update.error());
  if (list.empty()) return IntakeItem(std::move(*update));
  const bool joins = reader.endpoint() == Endpoint::kListsSubscribe;
  return IntakeItem(IntakeListChange{std::move(*person), std::move(*update), list, joins,
                                     !joins && reader.forward() == ForwardMode::kOff});
}

// Unlike an event, whose fields are whatever its sender has, an entry says what the
// journey asks for: all of it, and nothing else.
Parsed<IntakeItem> read_entry(IntakeReader& reader, const Object& fields,
                              const graph::EventType& entry) {
  auto event = entry_event(reader, fields, entry);
  if (!event) return tl::unexpected(event.error());
  const auto said = reader.id(fields, "obj");
  if (!said) return tl::unexpected(said.error());
  // An event of the same id is another thing.
  if (const std::optional<std::string>& id = *said) {
    event->id = fmt::format("{} {}", entry.name, *id);
  }
  return held_to(entry, std::move(*event), reader.request().filtered_out_fields);
}

Parsed<IntakeItem> read_workflow(IntakeReader& reader, const Object& fields) {
  std::int64_t workflow = 0;
  if (fields["workflowId"].get(workflow) != simdjson::SUCCESS) {
    return tl::unexpected(reader.bad_json("obj.workflowId", "Integer value expected"));
  }
  const auto found = reader.mapping().workflows.find(workflow);
  if (found == reader.mapping().workflows.end()) {
    Problem wrong = problem_of(400, "BadParams", fmt::format("Invalid workflowId: {}", workflow),
                               fmt::format(R"({{"workflowId":"{}"}})", workflow));
    wrong.answer.why = IntakeAnswer::Why::kNotOurs;
    return tl::unexpected(std::move(wrong));
  }
  if (fields["listId"].error() == simdjson::SUCCESS) {
    return tl::unexpected(
        problem_of(400, "BadParams",
                   fmt::format("workflow {} is the journey `{}`, which is entered by one user at a "
                               "time: give `email` or `userId` instead of `listId`",
                               workflow, found->second),
                   R"({"obj.listId":"email or userId expected"})"));
  }
  const graph::EventType& entry = *reader.program().api_entry(found->second);
  auto event = entry_event(reader, fields, entry);
  if (!event) return tl::unexpected(event.error());
  return held_to(entry, std::move(*event), {});
}

}  // namespace sojourn::runtime
