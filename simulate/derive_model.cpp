#include "simulate/derive_model.h"

#include <algorithm>
#include <array>
#include <limits>
#include <set>
#include <variant>

#include "simulate/clues.h"

#include "base/civil.h"
#include "graph/built_in.h"
#include "graph/history.h"

namespace sojourn::simulate {
namespace {

using graph::Value;
using Kind = graph::Type::Kind;

constexpr std::size_t kArrivalDays = 30;
// Shares of people.
constexpr double kWithoutField = 0.05;
constexpr double kWithoutPhone = 0.1;
constexpr double kWithoutOptionalField = 0.2;
constexpr double kWhoseFieldChanges = 0.1;
constexpr double kWhoDoWhatIsWaitedFor = 0.5;
constexpr double kWhoLeaveByAnEvent = 0.2;
constexpr double kWhoComeAgain = 0.3;
constexpr double kOfEventsAskedAbout = 0.5;
constexpr std::int64_t kTimesAskedAbout = 3;
constexpr double kOnList = 0.5;
constexpr std::array<EngagementModel, 5> kEngagement{{
    {graph::Engagement::kOpened, 0.4, {base::minutes(1), base::days24(2)}},
    {graph::Engagement::kClicked, 0.1, {base::minutes(2), base::days24(2)}},
    {graph::Engagement::kBounced, 0.02, {base::seconds(1), base::hours(1)}},
    {graph::Engagement::kComplained, 0.001, {base::minutes(1), base::days24(2)}},
    {graph::Engagement::kUnsubscribed, 0.01, {base::minutes(1), base::days24(2)}},
}};
constexpr double kWebhookAnswers = 0.95;
constexpr double kSubscribed = 0.9;
constexpr double kNotUnsubscribed = 0.95;
// Of values that are compared with another field: how many are equal to it.
constexpr double kSameWeight = 9;
// Of a value on which an `exit when` stands, against one of the others: few begin with
// what ends the journey.
constexpr double kEndingWeight = 0.2;
// Events that are asked about may lie before the entry as well.
constexpr std::int64_t kTimesAgain = 2;
constexpr Delay kAroundEntry{base::days24(-14), base::days24(14)};

// People who say where they live, over the globe, with clock changes and without.
constexpr std::array<std::string_view, 6> kZones{"America/New_York", "America/Los_Angeles",
                                                 "Europe/Berlin",    "Asia/Kolkata",
                                                 "Asia/Tokyo",       "Australia/Sydney"};

base::Instant first_monday_of_march_2026() {
  return base::Instant{} + base::days24(base::days_from_civil({2026, 3, 2}));
}

void add(Distribution& distribution, decltype(Choice::what) what, double weight = 1) {
  distribution.choices.push_back({weight, std::move(what)});
}

// Between two neighbouring limits all numbers are alike to the journey, so each such
// part is as likely as the others.
void add_numbers(Distribution& distribution, const std::vector<Value>& constants) {
  std::set<std::int64_t> limits;
  for (const Value& constant : constants) {
    if (constant.kind() == Value::Kind::kInteger) limits.insert(constant.as_integer());
    if (constant.kind() == Value::Kind::kNumber) {
      // Numbers that a model can hold exactly.
      constexpr double kMost = 1e15;
      const double number = constant.as_number();
      if (number > -kMost && number < kMost) limits.insert(static_cast<std::int64_t>(number));
    }
  }
  if (limits.empty()) return add(distribution, WholeNumbers{1, 100});
  constexpr std::int64_t kFarthest = std::numeric_limits<std::int64_t>::max() / 4;
  const std::int64_t first = std::clamp(*limits.begin(), -kFarthest, kFarthest);
  const std::int64_t last = std::clamp(*limits.rbegin(), -kFarthest, kFarthest);
  add(distribution, WholeNumbers{std::min<std::int64_t>(1, first - 1), first - 1});
  for (auto limit = limits.begin(); std::next(limit) != limits.end(); ++limit) {
    add(distribution, WholeNumbers{*limit, *std::next(limit) - 1});
  }
  add(distribution, WholeNumbers{last, std::max<std::int64_t>(last + 1, 2 * last)});
}

void add_texts(Distribution& distribution, const std::vector<Value>& constants) {
  for (const Value& constant : constants) {
    if (constant.kind() == Value::Kind::kString) add(distribution, constant);
  }
  if (distribution.choices.empty()) {
    for (const char* text : {"one", "two", "three"}) add(distribution, Value(text));
  } else {
    add(distribution, Value("other"));
  }
}

void add_values(Distribution& distribution, const graph::Type& type,
                const std::vector<Value>& constants) {
  switch (type.kind) {
    case Kind::kString:
    case Kind::kAny:
      return add_texts(distribution, constants);
    case Kind::kInteger:
    case Kind::kNumber:
      return add_numbers(distribution, constants);
    case Kind::kBoolean:
      add(distribution, Value(true));
      return add(distribution, Value(false));
    case Kind::kOneOf:
      for (const std::string& choice : type.choices) add(distribution, Value(choice));
      return;
    case Kind::kTimestamp:
    case Kind::kDate:
      return add(distribution, AfterEntry{base::days24(1), base::days24(45)});
    case Kind::kTimeOfDay:
      return add(distribution, Value(graph::TimeOfDay{9 * 60}));
    case Kind::kDuration:
      return add(distribution, Value(graph::Duration{0, 1, 0}));
    case Kind::kTimezone:
      for (const std::string_view zone : kZones) add(distribution, Value(zone));
      return;
    case Kind::kList:
    case Kind::kObject:
      return;
  }
}

const graph::UserField* find_field(const graph::Catalog& catalog, std::string_view name) {
  if (const auto* declared = catalog.find_user_field(name)) return declared;
  const auto built_in = graph::built_in_user_fields();
  const auto found = std::ranges::find(built_in, name, &graph::UserField::name);
  return found == built_in.end() ? nullptr : &*found;
}

class Deriver {
 public:
  Deriver(const graph::Graph& graph, const graph::Catalog& catalog)
      : graph_(graph), catalog_(catalog), clues_(clues_of(graph)) {}

  Model derive() {
    Model model;
    model.start = first_monday_of_march_2026();
    model.arrivals.assign(kArrivalDays, 1);
    add_profile(model);
    add_events(model);
    add_webhooks(model);
    add_engagement(model);
    for (const std::string& list : clues_.lists) model.lists.push_back({list, kOnList});
    add_consent(model);
    return model;
  }

 private:
  // What the clues say of the field; with nothing known of it, nothing.
  const FieldClues& clues_about(const FieldName& name) const {
    static const FieldClues kNone;
    const auto found = clues_.fields.find(name);
    return found == clues_.fields.end() ? kNone : found->second;
  }

  Distribution guess_field(const FieldName& name, const graph::Type& type) const {
    const FieldClues& clues = clues_about(name);
    Distribution distribution = guess(type, clues.constants);
    for (Choice& choice : distribution.choices) {
      const auto* value = std::get_if<Value>(&choice.what);
      if (value == nullptr || distribution.choices.size() == 1) continue;
      if (std::ranges::find(clues.exits_on, *value) != clues.exits_on.end()) {
        choice.weight = kEndingWeight;
      }
    }
    if (clues.same_as && type.kind != Kind::kList && type.kind != Kind::kObject) {
      double others = 0;
      for (const Choice& choice : distribution.choices) others += choice.weight;
      add(distribution, *clues.same_as, kSameWeight * others);
    }
    return distribution;
  }

  // The fields that the journey reads, and those by which people are reached. Who
  // they are and what they consent to is made elsewhere.
  void add_profile(Model& model) const {
    std::set<std::string> names{"phoneNumber"};
    for (const auto& [name, clues] : clues_.fields) {
      if (name.event.empty()) names.insert(name.field);
    }
    for (const char* made : {"email", "userId", "subscribedMessageTypeIds",
                             "unsubscribedMessageTypeIds", "unsubscribedChannelIds"}) {
      names.erase(made);
    }
    for (const std::string& name : names) {
      const graph::UserField* declared = find_field(catalog_, name);
      if (declared == nullptr) continue;
      FieldModel field;
      field.name = name;
      field.values = guess_field({{}, name}, declared->type);
      field.values.missing = kWithoutField;
      if (name == "phoneNumber") {
        field.values = {
            .type = declared->type, .missing = kWithoutPhone, .choices = {{1, Value("+15550100")}}};
      }
      if (clues_about({{}, name}).stands) field.changes = kWhoseFieldChanges;
      model.profile.push_back(std::move(field));
    }
  }

  void add_events(Model& model) const {
    std::set<std::string> names = clues_.entries;
    names.insert(clues_.exits.begin(), clues_.exits.end());
    names.insert(clues_.questions.begin(), clues_.questions.end());
    for (const auto& [event, longest] : clues_.waits) names.insert(event);
    for (const std::string& name : names) {
      const graph::EventType* type = catalog_.find_event(name);
      if (type == nullptr) continue;
      EventModel event;
      event.event = name;
      if (clues_.entries.contains(name)) event.enters = 1;
      give_part(event);
      for (const graph::TypedField& field : type->fields) {
        event.fields.emplace_back(field.name, guess_field({name, field.name}, field.type));
      }
      model.events.push_back(std::move(event));
    }
  }

  // An event that plays several parts plays the first of these.
  void give_part(EventModel& event) const {
    const auto wait = clues_.waits.find(event.event);
    if (wait != clues_.waits.end()) {
      event.from = EventModel::From::kWait;
      event.probability = kWhoDoWhatIsWaitedFor;
      event.delay = {{}, wait->second};
    } else if (clues_.exits.contains(event.event)) {
      event.probability = kWhoLeaveByAnEvent;
    } else if (clues_.questions.contains(event.event)) {
      event.probability = kOfEventsAskedAbout;
      event.times = kTimesAskedAbout;
      event.delay = kAroundEntry;
    } else if (graph_.reentry.kind != graph::Reentry::Kind::kNever ||
               graph_.while_enrolled.kind != graph::WhileEnrolled::Kind::kIgnore) {
      // It starts the journey, and the journey says what a further one does.
      event.probability = kWhoComeAgain;
      event.times = kTimesAgain;
    }
  }

  // Only what somebody listens to.
  void add_engagement(Model& model) const {
    const auto heard = graph::events_heard(graph_);
    for (const EngagementModel& each : kEngagement) {
      if (heard.contains(graph::event_of(each.what).name)) model.engagement.push_back(each);
    }
  }

  void add_webhooks(Model& model) const {
    for (const graph::Step& step : graph_.steps) {
      const auto* call = std::get_if<graph::Call>(&step.action);
      const auto* webhook = call == nullptr ? nullptr : catalog_.find_webhook(call->webhook);
      if (webhook == nullptr) continue;
      if (std::ranges::find(model.webhooks, webhook->name, &WebhookModel::webhook) !=
          model.webhooks.end()) {
        continue;
      }
      WebhookModel answer;
      answer.webhook = webhook->name;
      answer.answers = kWebhookAnswers;
      for (const graph::TypedField& field : webhook->returns) {
        answer.reply.emplace_back(field.name,
                                  guess_field({reply_of(webhook->name), field.name}, field.type));
      }
      model.webhooks.push_back(std::move(answer));
    }
  }

  void add_consent(Model& model) const {
    std::set<std::string> sent = clues_.message_types;
    for (const graph::Step& step : graph_.steps) {
      const auto* send = std::get_if<graph::Send>(&step.action);
      const auto* campaign = send == nullptr ? nullptr : catalog_.find_campaign(send->campaign);
      if (campaign != nullptr) sent.insert(campaign->message_type);
    }
    for (const std::string& name : sent) {
      const graph::MessageType* type = catalog_.find_message_type(name);
      if (type == nullptr) continue;
      const bool opt_out = type->policy == graph::ConsentPolicy::kOptOut;
      model.consent.push_back({name, opt_out ? kNotUnsubscribed : kSubscribed});
    }
  }

  const graph::Graph& graph_;
  const graph::Catalog& catalog_;
  Clues clues_;
};

}  // namespace

Distribution guess(const graph::Type& type, const std::vector<Value>& constants) {
  Distribution distribution;
  distribution.type = type;
  if (type.optional) distribution.missing = kWithoutOptionalField;
  if (type.kind == Kind::kList) {
    distribution.most_items = 3;
    const graph::Type item = type.element ? *type.element : graph::Type();
    distribution.item = std::make_shared<const Distribution>(guess(item, constants));
    return distribution;
  }
  if (type.kind == Kind::kObject) {
    for (const graph::TypedField& field : type.fields) {
      distribution.fields.emplace_back(field.name, guess(field.type, {}));
    }
    return distribution;
  }
  add_values(distribution, type, constants);
  return distribution;
}

Model derive_model(const graph::Graph& graph, const graph::Catalog& catalog) {
  return Deriver(graph, catalog).derive();
}

}  // namespace sojourn::simulate
