#include "app/simulation_model.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <utility>

#include "simulate/derive_model.h"

#include "app/model_values.h"
#include "app/table_reader.h"
#include "base/civil.h"
#include "base/text.h"
#include "graph/built_in.h"

namespace sojourn::app {
namespace {

using base::Error;
using simulate::EventModel;
using simulate::FieldModel;
using simulate::Model;

// Of how often something comes, so that a sum of such numbers is one, too.
constexpr double kMostWeight = 1e9;

std::string with_near(const std::string& what, std::string_view word,
                      const std::vector<std::string_view>& known) {
  const auto near = base::did_you_mean(word, known);
  return near ? fmt::format("{}; did you mean `{}`?", what, *near) : what;
}

template <typename Named>
std::vector<std::string_view> names_of(const std::vector<Named>& all) {
  std::vector<std::string_view> names;
  for (const Named& each : all) names.emplace_back(each.name);
  return names;
}

void read_delay(TableReader& table, simulate::Delay& into) {
  std::string text;
  table.text("delay", text);
  if (text.empty()) return;
  const auto delay = parse_delay(text);
  if (!delay) return table.fail("delay", "must be two durations such as \"0s..2d\"");
  into = *delay;
}

void read_values(TableReader& table, simulate::Distribution& into) {
  table.number("missing", into.missing, 0, 1);
  std::int64_t least = into.least_items;
  std::int64_t most = into.most_items;
  const bool is_list = into.type.kind == graph::Type::Kind::kList && into.item != nullptr;
  if (is_list) {
    table.integer("least", least, 0, simulate::kMaxItems);
    table.integer("most", most, 0, simulate::kMaxItems);
    if (least > most) table.fail("least", "must not be more than `most`");
    into.least_items = least;
    into.most_items = most;
  }
  simulate::Distribution changed = is_list ? *into.item : into;
  if (const TomlTable* values = table.sub_table("values")) {
    changed.choices.clear();
    for (const auto& [key, node] : values->entries) {
      const auto weight = node.number();
      if (!weight || !(*weight >= 0 && *weight <= kMostWeight)) {
        return table.fail(key, "must be how often it comes, a number not below 0", &node);
      }
      const auto choice = parse_choice(key, changed.type);
      if (!choice) {
        return table.fail(key, fmt::format("is no value of {}", choice_form(changed.type)), &node);
      }
      changed.choices.push_back({*weight, *choice});
    }
    const bool any =
        std::ranges::any_of(changed.choices, [](const auto& c) { return c.weight > 0; });
    if (!any) return table.fail("values", "needs a value that comes sometimes");
  }
  read_same(table, changed);
  if (is_list) {
    into.item = std::make_shared<const simulate::Distribution>(std::move(changed));
  } else {
    into = std::move(changed);
  }
}

class ModelReader {
 public:
  ModelReader(TomlProblem& problem, Model& model, const graph::Catalog& catalog)
      : problem_(problem), model_(model), catalog_(catalog) {}

  void read(const TomlTable& all) {
    const auto starts = [](const EventModel& event) { return event.enters > 0; };
    const bool had_start = std::ranges::any_of(model_.events, starts);
    TableReader table(all, problem_.file, problem_);
    if (const auto* found = table.sub_table("arrivals")) read_arrivals(*found);
    if (const auto* found = table.sub_table("user")) read_profile(*found);
    if (const auto* found = table.sub_table("event")) read_events(*found);
    if (const auto* found = table.sub_table("webhook")) read_webhooks(*found);
    if (const auto* found = table.sub_table("engagement")) read_engagement(*found);
    if (const auto* found = table.sub_table("list")) read_lists(*found);
    if (const auto* found = table.sub_table("subscribed")) read_consent(*found);
    table.finish();
    if (had_start && !std::ranges::any_of(model_.events, starts)) {
      table.fail("event", "leaves no event that starts the journey");
    }
  }

 private:
  void read_arrivals(const TomlTable& toml) {
    TableReader table(toml, "[arrivals]", problem_);
    if (const TomlValue* start = table.take("start")) {
      const auto* date = start->as<base::CivilDay>();
      if (date == nullptr) return table.fail("start", "must be a date such as 2026-03-02");
      model_.start = base::Instant{} + base::days24(base::days_from_civil(*date));
    }
    std::int64_t days = 0;
    if (table.take("days") != nullptr) {
      table.integer("days", days, 1, static_cast<std::int64_t>(Model::kMaxArrivalDays));
      model_.arrivals.assign(static_cast<std::size_t>(days), 1);
    }
    if (const TomlValue* shares = table.take("shares")) {
      if (days > 0) return table.fail("shares", "stands beside `days`; keep one");
      read_shares(table, shares->as<TomlList>());
    }
    table.finish();
  }

  void read_shares(TableReader& table, const TomlList* shares) {
    constexpr std::string_view kForm = "must be a list of numbers, one for each day, not all 0";
    std::vector<double> arrivals;
    double sum = 0;
    for (std::size_t i = 0; shares != nullptr && i < shares->size(); ++i) {
      const auto share = (*shares)[i].number();
      if (!share || !(*share >= 0 && *share <= kMostWeight))
        return table.fail("shares", std::string(kForm));
      arrivals.push_back(*share);
      sum += *share;
    }
    if (!(sum > 0) || arrivals.size() > Model::kMaxArrivalDays) {
      return table.fail("shares", std::string(kForm));
    }
    model_.arrivals = std::move(arrivals);
  }

  void read_profile(const TomlTable& toml) {
    TableReader table(toml, "[user]", problem_);
    for (const auto& [key, node] : toml.entries) {
      const TomlTable* given = table.sub_table(key);
      if (given == nullptr) return;
      FieldModel* field = field_of(table, key);
      if (field == nullptr) return;
      TableReader reader(*given, fmt::format("[user.{}]", key), problem_);
      read_values(reader, field->values);
      reader.number("changes", field->changes, 0, 1);
      read_delay(reader, field->delay);
      reader.finish();
    }
  }

  FieldModel* field_of(TableReader& table, std::string_view name) {
    const auto known = std::ranges::find(model_.profile, name, &FieldModel::name);
    if (known != model_.profile.end()) return &*known;
    const graph::UserField* declared = catalog_.find_user_field(name);
    const auto built_in = graph::built_in_user_fields();
    const auto found = std::ranges::find(built_in, name, &graph::UserField::name);
    if (declared == nullptr && found != built_in.end()) declared = &*found;
    if (declared == nullptr) {
      table.fail(name,
                 with_near("is not a declared user field", name, names_of(catalog_.user_fields)));
      return nullptr;
    }
    FieldModel field;
    field.name = name;
    field.values = simulate::guess(declared->type, {});
    return &model_.profile.emplace_back(std::move(field));
  }

  void read_events(const TomlTable& toml) {
    TableReader table(toml, "[event]", problem_);
    for (const auto& [key, node] : toml.entries) {
      const TomlTable* given = table.sub_table(key);
      if (given == nullptr) return;
      const auto event = std::ranges::find(model_.events, key, &EventModel::event);
      if (event == model_.events.end()) {
        std::vector<std::string_view> known;
        for (const EventModel& each : model_.events) known.emplace_back(each.event);
        return table.fail(key, with_near("is not an event that the journey knows", key, known));
      }
      read_event(*given, *event);
    }
  }

  void read_event(const TomlTable& toml, EventModel& event) {
    TableReader table(toml, fmt::format("[event.{}]", event.event), problem_);
    const double enters = event.enters;
    table.number("enters", event.enters, 0, kMostWeight);
    if (enters == 0 && event.enters > 0) table.fail("enters", "is of an event that starts nothing");
    table.number("probability", event.probability, 0, 1);
    std::string from;
    table.text("from", from);
    if (from == "wait") event.from = EventModel::From::kWait;
    if (from == "entry") event.from = EventModel::From::kEntry;
    if (!from.empty() && from != "wait" && from != "entry") {
      table.fail("from", "must be \"entry\" or \"wait\"");
    }
    table.integer("times", event.times, 1, EventModel::kMaxTimes);
    read_delay(table, event.delay);
    if (event.from == EventModel::From::kWait && event.delay.from.count < 0) {
      table.fail("delay", "must not be negative when it is from the beginning of a wait");
    }
    if (const auto* fields = table.sub_table("fields")) {
      read_fields(*fields, fmt::format("event.{}.fields", event.event), event.event, event.fields);
    }
    table.finish();
  }

  void read_fields(const TomlTable& toml, const std::string& where, const std::string& owner,
                   std::vector<std::pair<std::string, simulate::Distribution>>& into) {
    TableReader table(toml, fmt::format("[{}]", where), problem_);
    for (const auto& [key, node] : toml.entries) {
      const TomlTable* given = table.sub_table(key);
      if (given == nullptr) return;
      const auto field =
          std::ranges::find_if(into, [name = key](const auto& each) { return each.first == name; });
      if (field == into.end()) {
        std::vector<std::string_view> known;
        for (const auto& [name, values] : into) known.emplace_back(name);
        return table.fail(key, with_near(fmt::format("is not a field of `{}`", owner), key, known));
      }
      TableReader reader(*given, fmt::format("[{}.{}]", where, key), problem_);
      read_values(reader, field->second);
      reader.finish();
    }
  }

  void read_webhooks(const TomlTable& toml) {
    TableReader table(toml, "[webhook]", problem_);
    for (const auto& [key, node] : toml.entries) {
      const TomlTable* given = table.sub_table(key);
      if (given == nullptr) return;
      const auto webhook =
          std::ranges::find(model_.webhooks, key, &simulate::WebhookModel::webhook);
      if (webhook == model_.webhooks.end()) {
        return table.fail(key, "is not a webhook that the journey calls");
      }
      TableReader reader(*given, fmt::format("[webhook.{}]", key), problem_);
      reader.number("answers", webhook->answers, 0, 1);
      read_delay(reader, webhook->delay);
      if (webhook->delay.from.count < 0) reader.fail("delay", "must not be negative");
      if (const auto* reply = reader.sub_table("reply")) {
        read_fields(*reply, fmt::format("webhook.{}.reply", key), webhook->webhook, webhook->reply);
      }
      reader.finish();
    }
  }

  void read_engagement(const TomlTable& toml) {
    TableReader table(toml, "[engagement]", problem_);
    for (simulate::EngagementModel& engagement : model_.engagement) {
      const std::string word(graph::to_string(engagement.what));
      const TomlTable* given = table.sub_table(graph::to_string(engagement.what));
      if (given == nullptr) continue;
      TableReader reader(*given, fmt::format("[engagement.{}]", word), problem_);
      reader.number("share", engagement.share, 0, 1);
      read_delay(reader, engagement.delay);
      if (engagement.delay.from.count < 0) reader.fail("delay", "must not be negative");
      reader.finish();
    }
    table.finish();
  }

  void read_lists(const TomlTable& toml) {
    TableReader table(toml, "[list]", problem_);
    for (simulate::ListModel& list : model_.lists) table.number(list.list, list.members, 0, 1);
    table.finish();
  }

  void read_consent(const TomlTable& toml) {
    TableReader table(toml, "[subscribed]", problem_);
    for (simulate::ConsentModel& consent : model_.consent) {
      table.number(consent.message_type, consent.subscribed, 0, 1);
    }
    table.finish();
  }

  TomlProblem& problem_;
  Model& model_;
  const graph::Catalog& catalog_;
};

}  // namespace

base::Result<Model> read_simulation_model(const std::string& text, const std::string& name,
                                          Model derived, const graph::Catalog& catalog) {
  TomlProblem problem{name, std::nullopt};
  const auto table = parse_toml(text, name);
  if (!table) return tl::unexpected(table.error());
  ModelReader(problem, derived, catalog).read(*table);
  if (problem.first) return tl::unexpected(*problem.first);
  return derived;
}

base::Result<Model> load_simulation_model(const std::string& path, Model derived,
                                          const graph::Catalog& catalog) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  if (!file) {
    return base::failure(Error::Kind::kNotFound, fmt::format("cannot read `{}`", path),
                         "docs/simulate.md says what a model looks like");
  }
  return read_simulation_model(text.str(), path, std::move(derived), catalog);
}

}  // namespace sojourn::app
