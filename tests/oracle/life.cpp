// What happens to the user, and in what order.
#include "tests/oracle/life.h"

#include <algorithm>
#include <fmt/core.h>
#include <utility>

#include "graph/built_in.h"
#include "graph/engagement.h"
#include "graph/history.h"
#include "graph/operation.h"
#include "graph/reserved.h"
#include "tests/oracle/person.h"
#include "tests/oracle/values.h"

namespace sojourn::oracle {
namespace {

// By which the best time goes.
bool is_engagement(std::string_view event) {
  return event == graph::event_of(graph::Engagement::kOpened).name ||
         event == graph::event_of(graph::Engagement::kClicked).name;
}

}  // namespace

std::string to_string(const Told& told) {
  return fmt::format("{}  {:<8} {}", base::to_iso8601(told.at), told.journey, told.what);
}

std::string text_of_message(const Fields& data) {
  const std::map<std::string, graph::Value> sorted(data.begin(), data.end());
  std::string out;
  graph::append_json(out, graph::Value(graph::Object(sorted.begin(), sorted.end())));
  return out;
}

std::string text_of(const Fields& fields) {
  Fields given;
  for (const auto& field : fields) {
    if (!field.second.is_missing()) given.push_back(field);
  }
  return text_of_message(given);
}

Person::Person(const World& world, const Fields& profile, base::Instant now)
    : world_(world), now_(now) {
  for (const auto& [name, value] : profile) {
    if (!value.is_missing()) profile_[name] = value;
  }
  for (std::size_t i = 0; i < world.journeys.size(); ++i) {
    for (const graph::WatchedEntry& entry : world.journeys[i]->watched) {
      Watched& watched = watched_.emplace_back();
      watched.journey = i;
      watched.entry = &entry;
    }
  }
  look_at_watches(/*begins=*/true);
}

Asker Person::asker(const Enrolled& enrolled, const Event* event) const {
  return {*this, graph_of(enrolled), &enrolled, &enrolled.entry, now_, event, nullptr};
}

Asker Person::asker_of_nobody(std::size_t journey, const Event* entry) const {
  return {*this, *world_.journeys[journey], nullptr, entry, now_, entry, nullptr};
}

const calendar::Zone& Person::own_zone(const Enrolled& enrolled) const {
  const graph::Graph& graph = graph_of(enrolled);
  return zone_of(asker(enrolled),
                 graph.person_zone_chain.empty() ? graph.zone_chain : graph.person_zone_chain);
}

void Person::tell(std::size_t journey, std::string what) {
  story_.push_back({now_, world_.journeys[journey]->journey, std::move(what)});
}

graph::Value Person::field(std::string_view name) const {
  const auto known = profile_.find(std::string(name));
  if (known != profile_.end()) return known->second;
  const graph::UserField* declared = world_.catalog.find_user_field(name);
  return declared == nullptr ? graph::Value() : declared->fallback;
}

bool Person::is_subscribed(const graph::MessageType& type) const {
  const graph::Value id(*type.id);
  if (contains(field(graph::kUnsubscribedIds), id)) return false;
  if (type.channel &&
      contains(field(graph::kUnsubscribedChannelIds), graph::Value(*type.channel))) {
    return false;
  }
  return type.policy == graph::ConsentPolicy::kOptOut || contains(field(graph::kSubscribedIds), id);
}

// --- Inputs -----------------------------------------------------------------------

void Person::take(const Input& input) {
  now_ = input.at;
  Event event = make_event(input.name, input.fields);
  bool news = false;
  switch (input.kind) {
    case Input::Kind::kEvent:
      event.created_at = input.created_at;
      if (is_for_them(event)) happen(event);
      break;
    case Input::Kind::kEnter:
      event.name = graph::api_event(input.name);
      happen(event);
      break;
    case Input::Kind::kChange: {
      const std::vector<Event> changes = write(input.fields, &news);
      if (news) change(changes);
      break;
    }
    case Input::Kind::kJoined:
      if (lists_.insert(input.name).second) change({make_event(graph::list_event(input.name), {})});
      break;
    case Input::Kind::kLeft:
      if (lists_.erase(input.name) > 0) change({});
      break;
    case Input::Kind::kEngaged:
      engage(input.engagement, input.name);
      break;
  }
  work_off();
  deliver_all();
}

Event Person::make_event(std::string name, Fields fields) {
  std::erase_if(fields, [](const graph::Field& field) { return field.second.is_missing(); });
  return {0, ++made_events_, std::move(name), std::move(fields), now_, now_};
}

// What somebody does with a message is an event that names the message.
void Person::engage(graph::Engagement what, const std::string& campaign) {
  const auto last = std::ranges::find_if(sent_.rbegin(), sent_.rend(), [&](const auto& sent) {
    return sent.campaign->name == campaign;
  });
  if (last == sent_.rend()) return;
  const graph::Campaign& about = *last->campaign;
  const std::string message = last->message;
  const std::int64_t enrollment = last->enrollment;
  if (what == graph::Engagement::kUnsubscribed || what == graph::Engagement::kComplained) {
    bool news = false;
    const graph::MessageType* type = world_.catalog.find_message_type(about.message_type);
    const std::vector<Event> changes = write(with_consent(*type, false), &news);
    if (news) change(changes);
    work_off();
  }
  Event event = make_event(graph::event_of(what).name, {});
  event.fields = {{std::string(graph::kCampaignField), graph::Value(about.name)},
                  {std::string(graph::kMessageTypeField), graph::Value(about.message_type)},
                  {std::string(graph::kMediumField), graph::Value(to_string(about.medium))},
                  {std::string(graph::kMessageField), graph::Value(message)},
                  {std::string(graph::kEnrollmentField), graph::Value(enrollment)}};
  happen(event);
}

// --- Profile, history, goals, exits and waits, entries --------------------------------

// An event `for users where` is theirs when the profile says so, whomever it names.
bool Person::is_for_them(const Event& event) const {
  const graph::EventType* type = world_.catalog.find_event(event.name);
  if (type == nullptr || !type->fan_out) return true;
  const graph::Value known = field(type->fan_out->user_field);
  const graph::Value& wanted = graph::find_field(event.fields, type->fan_out->event_field);
  return type->fan_out->contains ? contains(known, wanted) : equal(known, wanted);
}

// What no journey looks at is nothing that happens to anybody.
bool Person::is_heard(std::string_view event) const {
  const auto names_it = [&](const auto& part) { return part.event == event; };
  return std::ranges::any_of(world_.journeys, [&](const graph::Graph* graph) {
    const bool by_exit = std::ranges::any_of(graph->exits, [&](const auto& rule) {
      const auto* on = std::get_if<graph::ExitOnEvent>(&rule);
      return on != nullptr && names_it(*on);
    });
    const bool by_step = std::ranges::any_of(graph->steps, [&](const graph::Step& step) {
      const auto* send = std::get_if<graph::Send>(&step.action);
      if (send != nullptr) return send->best_time && is_engagement(event);
      const auto* split = std::get_if<graph::Split>(&step.action);
      if (split != nullptr)
        return split->measure && graph::event_of(*graph, *split->measure) == event;
      const auto* collect = std::get_if<graph::Collect>(&step.action);
      if (collect != nullptr) return names_it(*collect);
      const auto* wait = std::get_if<graph::WaitFor>(&step.action);
      return wait != nullptr && std::ranges::any_of(wait->arms, [&](const auto& arm) {
               const auto* on = std::get_if<graph::EventArm>(&arm);
               return on != nullptr && names_it(*on);
             });
    });
    return by_exit || by_step || std::ranges::any_of(graph->entries, names_it) ||
           std::ranges::any_of(graph->goals, names_it) ||
           std::ranges::any_of(graph->expressions, [&](const graph::Expression& node) {
             return graph::asks_history(node.op) && node.name == event;
           });
  });
}

bool Person::is_asked_about(std::string_view journey) const {
  return std::ranges::any_of(world_.journeys, [&](const graph::Graph* graph) {
    return std::ranges::any_of(graph->expressions, [&](const graph::Expression& node) {
      return (node.op == graph::Op::kInJourney || node.op == graph::Op::kLeftJourney) &&
             node.name == journey;
    });
  });
}

void Person::happen(const Event& given) {
  if (!is_heard(given.name)) return;
  Event event = given;
  event.number = events_.size();
  event.arrived_at = now_;
  events_.push_back(event);
  meet_measures(event);
  meet_goals(event);
  const std::size_t before = enrolled_.size();
  for (std::size_t i = 0; i < before; ++i) tell_enrolled(i, &event);
  enter_by(event);
  look_at_watches();
}

void Person::change(const std::vector<Event>& given) {
  std::vector<Event> changes = given;
  std::erase_if(changes, [this](const Event& each) { return !is_heard(each.name); });
  for (Event& each : changes) {
    each.number = events_.size();
    events_.push_back(each);
  }
  for (const Event& each : changes) meet_goals(each);
  const std::size_t before = enrolled_.size();
  for (const Event& each : changes) {
    for (std::size_t i = 0; i < before; ++i) tell_enrolled(i, &each);
  }
  for (std::size_t i = 0; i < before; ++i) tell_enrolled(i, nullptr);
  for (const Event& each : changes) enter_by(each);
  look_at_watches();
}

// What a journey did comes after what it was told, changes of the profile before events.
void Person::work_off() {
  while (change_caused_ || !caused_.empty()) {
    if (std::exchange(change_caused_, false)) {
      change(std::exchange(caused_changes_, {}));
      continue;
    }
    const Event event = caused_.front();
    caused_.pop_front();
    happen(event);
  }
}

void Person::cause_event(Event event) {
  caused_.push_back(std::move(event));
}

// The message type among the subscribed ones, or among the others.
Fields Person::with_consent(const graph::MessageType& type, bool subscribes) const {
  Fields fields;
  for (const std::string_view name : {graph::kSubscribedIds, graph::kUnsubscribedIds}) {
    const bool wanted = (name == graph::kSubscribedIds) == subscribes;
    const graph::Value id(*type.id);
    if (contains(field(name), id) == wanted) continue;
    graph::List ids;
    if (!field(name).is_missing()) ids = field(name).as_list();
    std::erase(ids, id);
    if (wanted) ids.push_back(id);
    fields.emplace_back(name, graph::Value(std::move(ids)));
  }
  return fields;
}

// One change for each field that reads otherwise than before.
std::vector<Event> Person::write(const Fields& fields, bool* news) {
  std::vector<Event> changes;
  for (const auto& [name, value] : fields) {
    const graph::Value before = field(name);
    const auto known = profile_.find(name);
    const graph::Value stored = known == profile_.end() ? graph::Value() : known->second;
    if (!(stored == value)) *news = true;
    if (value.is_missing()) {
      profile_.erase(name);
    } else {
      profile_[name] = value;
    }
    const graph::Value after = field(name);
    if (before == after) continue;
    changes.push_back(make_event(
        graph::change_event(name),
        {{std::string(graph::kChangedFrom), before}, {std::string(graph::kChangedTo), after}}));
  }
  return changes;
}

std::vector<Told> live(const World& world, const Fields& profile, const std::vector<Input>& inputs,
                       base::Instant end) {
  Person person(world, profile, inputs.empty() ? end : inputs.front().at);
  for (const Input& input : inputs) {
    person.run_until(input.at);
    person.take(input);
  }
  person.run_until(end);
  return person.take_story();
}

}  // namespace sojourn::oracle
