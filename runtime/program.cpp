#include "runtime/program.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <utility>
#include <variant>

#include "base/check.h"
#include "graph/built_in.h"
#include "graph/encode.h"
#include "graph/operation.h"
#include "graph/reserved.h"
#include "runtime/counter_names.h"
#include "runtime/store/store.h"

namespace sojourn::runtime {
namespace {

using base::Error;

base::Result<Journey> register_journey(graph::Graph graph, store::Store& store) {
  const graph::Version version = graph::version_of(graph);
  store::StoredGraph stored{version, graph.journey, graph::kEncodingVersion, graph::encode(graph)};
  if (auto put = store.put_graph(stored); !put) return tl::unexpected(put.error());

  std::vector<std::string> identities;
  std::vector<std::string> inside;
  std::vector<std::string> reached;
  for (const graph::Step& step : graph.steps) {
    identities.push_back(step.identity);
    inside.push_back(counter_name({"inside", graph.journey, version.hex(), step.identity}));
    reached.push_back(counter_name({"reached", graph.journey, step.identity}));
  }
  auto numbers = store.step_numbers(graph.journey, identities);
  if (!numbers) return tl::unexpected(numbers.error());
  StringSet heard;
  for (const std::string& event : graph::events_heard(graph)) heard.insert(event);
  return Journey{std::move(graph),
                 version,
                 engine::StepNumbers(std::move(*numbers)),
                 std::move(inside),
                 std::move(reached),
                 std::move(heard),
                 {}};
}

base::Status check_project(const std::string& project, store::Store& store) {
  auto owner = store.setting("project");
  if (!owner) return tl::unexpected(owner.error());
  if (!*owner) return store.put_setting("project", project);
  if (**owner == project) return {};
  return base::failure(
      Error::Kind::kInvalid,
      fmt::format("the store belongs to project `{}`, not to `{}`", **owner, project),
      "name another [store] path, or give the project its old name back");
}

base::Status check_environment(const std::string& environment, store::Store& store) {
  auto owner = store.setting("environment");
  if (!owner) return tl::unexpected(owner.error());
  if (!*owner) return store.put_setting("environment", environment);
  if (**owner == environment) return {};
  const auto named = [](const std::string& name) {
    return name.empty() ? std::string("no environment") : fmt::format("environment `{}`", name);
  };
  return base::failure(
      Error::Kind::kInvalid,
      fmt::format("the store belongs to {}, not to {}", named(**owner), named(environment)),
      "who waits in it would be written to by another place's rules: give `[env.NAME.store]` a "
      "path "
      "of its own, or start it as it was");
}

// People rest in versions; a version that the program lacks cannot be run.
base::Status check_people_inside(const std::vector<Journey>& journeys, store::Store& store) {
  auto counters = store.counters();
  if (!counters) return tl::unexpected(counters.error());
  std::map<std::string, std::int64_t> stranded;
  for (const auto& [name, count] : *counters) {
    const auto parts = counter_parts(name);
    if (parts.size() != 4 || parts[0] != "inside" || count <= 0) continue;
    const bool known = std::any_of(journeys.begin(), journeys.end(), [&](const Journey& journey) {
      return journey.version.hex() == parts[2];
    });
    if (!known) stranded[fmt::format("  {:>9} in {} at {}", count, parts[1], parts[3])] = count;
  }
  if (stranded.empty()) return {};
  std::string lines;
  for (const auto& [line, count] : stranded) lines += "\n" + line;
  return base::failure(
      Error::Kind::kConflict,
      "people are inside a version of a journey that this program does not have:" + lines,
      "run the program they entered with until they have left; moving people to a new version "
      "is not carried out yet");
}

// Who has opted out of a message type is told by its id.
base::Status check_consent_is_known(const graph::Catalog& catalog, const graph::Campaign& campaign,
                                    const Journey& journey) {
  const graph::MessageType* type = catalog.find_message_type(campaign.message_type);
  if (type != nullptr && type->id) return {};
  return base::failure(
      Error::Kind::kInvalid,
      fmt::format(
          "message type `{}`, of campaign `{}` that journey `{}` sends, has no Iterable id: "
          "nobody could opt out of it",
          campaign.message_type, campaign.name, journey.graph.journey),
      fmt::format("write `message_type {} = ID …`, or give the id under [env.NAME.message_types]",
                  campaign.message_type));
}

base::Status check_campaign_ids(const graph::Catalog& catalog,
                                const std::vector<Journey>& journeys) {
  for (const Journey& journey : journeys) {
    for (const graph::Step& step : journey.graph.steps) {
      const auto* send = std::get_if<graph::Send>(&step.action);
      if (send == nullptr) continue;
      const graph::Campaign* campaign = catalog.find_campaign(send->campaign);
      SOJOURN_CHECK(campaign != nullptr, "a compiled send names a declared campaign");
      if (!campaign->id) {
        return base::failure(
            Error::Kind::kInvalid,
            fmt::format("campaign `{}`, sent by journey `{}`, has no Iterable id", send->campaign,
                        journey.graph.journey),
            fmt::format("write `campaign {} = ID …`, or give the id under [env.NAME.campaigns]",
                        send->campaign));
      }
      if (auto known = check_consent_is_known(catalog, *campaign, journey); !known) return known;
    }
  }
  return {};
}

// As check_campaign_ids, for what steps put people on, or subscribe them to.
base::Status check_membership_ids(const graph::Catalog& catalog,
                                  const std::vector<Journey>& journeys) {
  const auto no_id = [](std::string_view kind, const std::string& name, const Journey& journey,
                        std::string_view table) {
    return base::failure(
        Error::Kind::kInvalid,
        fmt::format("{} `{}`, which journey `{}` changes, has no Iterable id", kind, name,
                    journey.graph.journey),
        fmt::format("write its id behind its name, or give it under [env.NAME.{}]", table));
  };
  for (const Journey& journey : journeys) {
    for (const graph::Step& step : journey.graph.steps) {
      if (const auto* change = std::get_if<graph::ChangeList>(&step.action)) {
        const graph::StaticList* list = catalog.find_list(change->list);
        if (list == nullptr || !list->id) return no_id("list", change->list, journey, "lists");
      } else if (const auto* consent = std::get_if<graph::ChangeSubscription>(&step.action)) {
        for (const std::string& name : consent->message_types) {
          const graph::MessageType* type = catalog.find_message_type(name);
          if (type == nullptr || !type->id) {
            return no_id("message type", name, journey, "message_types");
          }
        }
      }
    }
  }
  return {};
}

std::pair<std::uint64_t, std::uint64_t> number_of(const graph::Version& version) {
  return {version.high, version.low};
}

std::vector<const graph::Graph*> graphs_of(const std::vector<Journey>& journeys) {
  std::vector<const graph::Graph*> graphs;
  for (const Journey& journey : journeys) graphs.push_back(&journey.graph);
  return graphs;
}

}  // namespace

Program::Program(std::string project, graph::Catalog catalog, std::vector<Journey> journeys,
                 std::vector<IndexedField> indexed)
    : project_(std::move(project)),
      catalog_(std::move(catalog)),
      journeys_(std::move(journeys)),
      indexed_(std::move(indexed)),
      watch_plan_(graphs_of(journeys_)) {
  for (const graph::EventType& event : catalog_.events) {
    by_wire_name_[event.wire_name] = &event;
    if (event.keep.count == 0) continue;
    graph::HistoryUse& use = history_[event.name];
    use.event = event.name;
    use.within = event.keep;
    use.whole = true;
  }
  for (const graph::UserField& field : catalog_.user_fields) {
    if (!field.fallback.is_missing()) fallbacks_[field.name] = field.fallback;
  }
  for (const graph::EventType& entry : catalog_.api_entries) {
    api_entries_[std::string(graph::journey_of_api_event(entry.name))] = &entry;
  }
  for (const graph::Campaign& campaign : catalog_.campaigns) {
    campaigns_[campaign.name] = &campaign;
  }
  for (const Journey& journey : journeys_) {
    by_version_[number_of(journey.version)] = &journey;
    for (const graph::EventEntry& entry : journey.graph.entries) {
      auto& entered = entered_by_[entry.event];
      if (entered.empty() || entered.back() != &journey) entered.push_back(&journey);
    }
    for (const graph::HistoryUse& use : graph::history_used_by(journey.graph)) {
      history_.try_emplace(use.event, use).first->second.add(use);
    }
    for (const std::string_view asked : graph::journeys_asked_about(journey.graph)) {
      asked_about_.emplace(asked);
    }
  }
  for (auto& [event, entered] : entered_by_) {
    std::stable_sort(entered.begin(), entered.end(), [](const Journey* a, const Journey* b) {
      return a->graph.priority > b->graph.priority;
    });
  }
  find_changes(catalog_.user_fields);
  find_changes(graph::built_in_user_fields());
}

void Program::find_changes(std::span<const graph::UserField> fields) {
  for (const graph::UserField& field : fields) {
    std::string event = graph::change_event(field.name);
    const bool heard = std::any_of(journeys_.begin(), journeys_.end(),
                                   [&](const Journey& journey) { return journey.hears(event); });
    if (heard || entered_by_.contains(event)) changes_.emplace(field.name, std::move(event));
  }
}

const Journey* Program::find(const graph::Version& version) const {
  const auto found = by_version_.find(number_of(version));
  return found == by_version_.end() ? nullptr : found->second;
}

const std::vector<const Journey*>& Program::entered_by(std::string_view event) const {
  static const std::vector<const Journey*> kNone;
  const auto found = entered_by_.find(event);
  return found == entered_by_.end() ? kNone : found->second;
}

const graph::HistoryUse* Program::history_of(std::string_view event) const {
  const auto found = history_.find(event);
  return found == history_.end() ? nullptr : &found->second;
}

const graph::EventType* Program::event_by_wire_name(std::string_view wire_name) const {
  const auto found = by_wire_name_.find(wire_name);
  return found == by_wire_name_.end() ? nullptr : found->second;
}

const graph::EventType* Program::api_entry(std::string_view journey) const {
  const auto found = api_entries_.find(journey);
  return found == api_entries_.end() ? nullptr : found->second;
}

const graph::Value& Program::fallback_of(std::string_view user_field) const {
  static const graph::Value kMissing;
  const auto found = fallbacks_.find(user_field);
  return found == fallbacks_.end() ? kMissing : found->second;
}

const std::string* Program::change_of(std::string_view user_field) const {
  const auto found = changes_.find(user_field);
  return found == changes_.end() ? nullptr : &found->second;
}

std::uint32_t Program::index_of(const graph::FanOut& rule) const {
  const auto found = std::ranges::find_if(indexed_, [&](const IndexedField& field) {
    return field.name == rule.user_field && field.contains == rule.contains;
  });
  SOJOURN_CHECK(found != indexed_.end(), "every event `for users` has its index");
  return found->number;
}

const std::string* Program::place_of(std::string_view journey, std::string_view what) const {
  const auto found = std::ranges::find_if(
      journeys_, [&](const Journey& each) { return each.graph.journey == journey; });
  if (found == journeys_.end()) return nullptr;
  const auto place = found->places.find(what);
  return place == found->places.end() ? nullptr : &place->second;
}

const graph::Campaign& Program::campaign(std::string_view name) const {
  const graph::Campaign* found = find_campaign(name);
  SOJOURN_CHECK(found != nullptr, "a verified program names only declared campaigns");
  return *found;
}

const graph::Campaign* Program::find_campaign(std::string_view name) const {
  const auto found = campaigns_.find(name);
  return found == campaigns_.end() ? nullptr : found->second;
}

base::Status check_owner(const std::string& project, const std::string& environment,
                         store::Store& store) {
  if (auto owned = check_project(project, store); !owned) return owned;
  return check_environment(environment, store);
}

base::Result<std::shared_ptr<const Program>> apply_program(std::string project,
                                                           graph::Catalog catalog,
                                                           std::vector<graph::Graph> graphs,
                                                           store::Store& store,
                                                           const StepPlaces& places) {
  if (auto owned = check_project(project, store); !owned) return tl::unexpected(owned.error());
  std::sort(graphs.begin(), graphs.end(),
            [](const auto& a, const auto& b) { return a.journey < b.journey; });
  std::vector<Journey> journeys;
  for (graph::Graph& graph : graphs) {
    auto journey = register_journey(std::move(graph), store);
    if (!journey) return tl::unexpected(journey.error());
    const auto placed = places.find(journey->graph.journey);
    if (placed != places.end()) journey->places = placed->second;
    journeys.push_back(std::move(*journey));
  }
  if (auto ids = check_campaign_ids(catalog, journeys); !ids) return tl::unexpected(ids.error());
  if (auto ids = check_membership_ids(catalog, journeys); !ids) return tl::unexpected(ids.error());
  if (auto people = check_people_inside(journeys, store); !people) {
    return tl::unexpected(people.error());
  }
  auto indexed = settle_index(catalog, store);
  if (!indexed) return tl::unexpected(indexed.error());
  auto program = std::make_shared<const Program>(std::move(project), std::move(catalog),
                                                 std::move(journeys), std::move(*indexed));
  if (auto built = build_index(*program, store); !built) return tl::unexpected(built.error());
  return program;
}

}  // namespace sojourn::runtime
