#include "runtime/intake_consent.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <fmt/format.h>
#include <string>
#include <utility>
#include <vector>

#include "base/percent.h"
#include "base/text.h"
#include "graph/catalog.h"
#include "runtime/consent_forward.h"
#include "runtime/intake_endpoint.h"
#include "runtime/program.h"

namespace sojourn::runtime {
namespace {

using Endpoint = IntakeRequest::Endpoint;
using Object = IntakeReader::Object;

constexpr std::string_view kSubscriptions = "/api/subscriptions/";
constexpr std::string_view kByEmail = "user";
constexpr std::string_view kByUserId = "byUserId";

// What a path has behind kSubscriptions, still percent-encoded.
struct PathParts {
  std::string_view group;
  std::string_view id;
  std::string_view by;  // empty: it names nobody
  std::string_view name;
};

std::string_view take_part(std::string_view& rest) {
  const std::size_t slash = rest.find('/');
  const std::string_view part = rest.substr(0, slash);
  rest = slash == std::string_view::npos ? std::string_view() : rest.substr(slash + 1);
  return part;
}

std::optional<PathParts> parts_of(std::string_view path) {
  if (!path.starts_with(kSubscriptions)) return std::nullopt;
  std::string_view rest = path.substr(kSubscriptions.size());
  PathParts parts;
  parts.group = take_part(rest);
  parts.id = take_part(rest);
  if (parts.group.empty() || parts.id.empty()) return std::nullopt;
  parts.by = take_part(rest);
  parts.name = rest;
  return parts;
}

// One change of consent, of whomever it is about.
struct Change {
  enum class Group : std::uint8_t { kMessageType, kChannel, kList };
  Group group = Group::kMessageType;
  std::int64_t id = 0;
  bool subscribes = true;
  std::string list;  // its declared name; empty: nobody declares it
};

std::optional<Change::Group> group_of(std::string_view word) {
  const std::string group = base::lower_ascii(word);
  if (group == "messagetype") return Change::Group::kMessageType;
  if (group == "messagechannel") return Change::Group::kChannel;
  if (group == "emaillist") return Change::Group::kList;
  return std::nullopt;
}

std::string_view word_of(Change::Group group) {
  switch (group) {
    case Change::Group::kMessageType:
      return "messageType";
    case Change::Group::kChannel:
      return "messageChannel";
    case Change::Group::kList:
      break;
  }
  return "emailList";
}

Problem bad_member(std::string_view name, std::string_view expected) {
  return problem_of(400, "BadParams", fmt::format("Invalid {}: {} expected", name, expected),
                    fmt::format("{{{}:{}}}", json_text(name), json_text(expected)));
}

std::optional<Problem> find_list(const IntakeReader& reader, Change& change) {
  const auto& lists = reader.program().catalog().lists;
  const auto found = std::ranges::find(lists, change.id, &graph::StaticList::id);
  if (found != lists.end()) {
    change.list = found->name;
  } else if (reader.forward() == ForwardMode::kOff) {
    return problem_of(400, "BadParams", fmt::format("error.lists.invalidListId({})", change.id));
  }
  return std::nullopt;
}

Parsed<bool> subscribes(const ConsentCall& call) {
  if (call.method != "PUT") return call.method == "PATCH";
  const std::string action = base::query_member(call.query, "action").value_or("");
  if (action == "subscribe") return true;
  if (action == "unsubscribe") return false;
  return tl::unexpected(bad_member("action", "subscribe or unsubscribe"));
}

Parsed<Change> change_of(const IntakeReader& reader, const ConsentCall& call,
                         const PathParts& parts) {
  Change change;
  const auto group = group_of(parts.group);
  if (!group) {
    return tl::unexpected(
        bad_member("subscriptionGroup", "emailList, messageType or messageChannel"));
  }
  change.group = *group;
  const auto read = std::from_chars(parts.id.data(), parts.id.data() + parts.id.size(), change.id);
  if (read.ec != std::errc() || read.ptr != parts.id.data() + parts.id.size()) {
    return tl::unexpected(bad_member("subscriptionGroupId", "a whole number"));
  }
  auto action = subscribes(call);
  if (!action) return tl::unexpected(std::move(action.error()));
  change.subscribes = *action;
  if (change.group == Change::Group::kList) {
    if (auto unknown = find_list(reader, change)) return tl::unexpected(std::move(*unknown));
  }
  return change;
}

// Of a list that is Iterable's alone, that there is such a user is all that is said.
IntakeItem item_of(const Change& change, Person person) {
  if (change.group != Change::Group::kList) {
    const bool is_type = change.group == Change::Group::kMessageType;
    return IntakeConsent{std::move(person), change.id,
                         is_type ? IntakeConsent::Of::kMessageType : IntakeConsent::Of::kChannel,
                         change.subscribes};
  }
  IntakeUpdate update{person, {}, false};
  if (change.list.empty()) return update;
  IntakeListChange joins;
  joins.person = std::move(person);
  joins.update = std::move(update);
  joins.list = change.list;
  joins.joined = change.subscribes;
  return joins;
}

Parsed<Person> person_of(std::string_view name, bool by_email) {
  Person person;
  if (by_email) {
    auto email = IntakeReader::email(name);
    if (!email) return tl::unexpected(std::move(email.error()));
    person.email = std::move(*email);
  } else {
    auto user_id = IntakeReader::user_id(name);
    if (!user_id) return tl::unexpected(std::move(user_id.error()));
    person.user_id = std::move(*user_id);
  }
  return person;
}

// A call about many leaves as the calls about each that say the same.
void take(IntakeReader& reader, const Change& change, Person person) {
  IntakeRequest& request = reader.request();
  if (reader.forward() == ForwardMode::kQueue) {
    request.forwards.push_back(
        consent_forward(word_of(change.group), change.id, change.subscribes, person));
  }
  request.items.push_back(item_of(change, std::move(person)));
}

using Names = std::vector<IntakeReader::Element>;

// None where the member is not there.
Parsed<Names> names_in(const IntakeReader& reader, const Object& body, const char* member) {
  IntakeReader::Element value;
  if (body[member].get(value) != simdjson::SUCCESS || value.is_null()) return Names();
  simdjson::dom::array names;
  if (value.get(names) != simdjson::SUCCESS) {
    return tl::unexpected(reader.bad_json(fmt::format("obj.{}", member), "Array value expected"));
  }
  return Names(names.begin(), names.end());
}

// A name that will not do fails for itself.
std::optional<Problem> read_names(IntakeReader& reader, const Change& change, const Names& names,
                                  const char* member) {
  std::size_t index = 0;
  for (const IntakeReader::Element& value : names) {
    std::string_view name;
    if (value.get(name) != simdjson::SUCCESS) {
      return reader.bad_json(fmt::format("obj.{}[{}]", member, index), "String value expected");
    }
    auto person = person_of(name, member == std::string_view("users"));
    if (person) {
      take(reader, change, std::move(*person));
    } else {
      reader.request().failures.push_back({person.error().list, person.error().identity});
    }
    ++index;
  }
  return std::nullopt;
}

std::optional<Problem> read_many(IntakeReader& reader, const Change& change, const Object& body,
                                 std::size_t max_items) {
  auto emails = names_in(reader, body, "users");
  if (!emails) return std::move(emails.error());
  auto user_ids = names_in(reader, body, "usersByUserId");
  if (!user_ids) return std::move(user_ids.error());
  const std::size_t count = emails->size() + user_ids->size();
  if (count > max_items) return too_large(count, "users", max_items);
  if (auto problem = read_names(reader, change, *emails, "users")) return problem;
  return read_names(reader, change, *user_ids, "usersByUserId");
}

}  // namespace

std::optional<Endpoint> consent_endpoint(std::string_view method, std::string_view path) {
  const auto parts = parts_of(path);
  if (!parts) return std::nullopt;
  if (method == "PUT" && parts->by.empty() && parts->name.empty()) {
    return Endpoint::kSubscriptionOfMany;
  }
  const bool names_one = (parts->by == kByEmail || parts->by == kByUserId) && !parts->name.empty();
  if ((method == "PATCH" || method == "DELETE") && names_one) return Endpoint::kSubscription;
  return std::nullopt;
}

std::optional<Problem> read_consent(IntakeReader& reader, const ConsentCall& call,
                                    const Object* body, std::size_t max_items) {
  const PathParts parts = parts_of(call.path).value_or(PathParts());
  auto change = change_of(reader, call, parts);
  if (!change) return std::move(change.error());
  if (body != nullptr) return read_many(reader, *change, *body, max_items);
  const auto name = base::percent_decoded(parts.name);
  auto person = person_of(name.value_or(""), parts.by == kByEmail);
  if (!person) return std::move(person.error());
  take(reader, *change, std::move(*person));
  return std::nullopt;
}

}  // namespace sojourn::runtime
