#include "dsl/check_declarations.h"

#include <algorithm>
#include <fmt/core.h>
#include <map>
#include <utility>
#include <variant>

#include "dsl/affinity.h"
#include "dsl/check_expression.h"
#include "dsl/known_names.h"
#include "dsl/types.h"
#include "graph/built_in.h"
#include "graph/reserved.h"

namespace sojourn::dsl {
namespace {

using Kind = graph::Type::Kind;
// The version of the language that this compiler knows.
constexpr std::int64_t kLanguageVersion = 1;
constexpr std::string_view kCreatedAt = "createdAt";

using IdPlaces = std::map<std::int64_t, Span>;

bool is_built_in(std::string_view field) {
  return std::ranges::any_of(graph::built_in_user_fields(),
                             [&](const auto& known) { return known.name == field; });
}

void declare_id(IdPlaces& places, const std::optional<ast::ExternalId>& id, Report& report) {
  if (!id) return;
  const auto [first, is_new] = places.emplace(id->value, id->span);
  if (is_new) return;
  report.add(
      diagnose(messages::kDuplicateId, id->span, id->value).note(first->second, "first used here"));
}

std::optional<std::int64_t> value_of(const std::optional<ast::ExternalId>& id) {
  if (!id) return std::nullopt;
  return id->value;
}

// Walks all declarations once; keeps what must not be said twice.
class Collector {
 public:
  Collector(World& world, Report& report) : world_(world), report_(report) {}

  void operator()(const ast::Invalid&) {}
  void operator()(const ast::Language& language) {
    if (language.version <= kLanguageVersion) return;
    report_.add(diagnose(messages::kNewerLanguage, head, language.version, kLanguageVersion)
                    .help("install a newer sojourn"));
  }
  void operator()(const ast::UserFields& user);
  void operator()(const ast::Event& event);
  void operator()(const ast::MessageType& type);
  void operator()(const ast::Campaign& campaign);
  void operator()(const ast::List& list);
  void operator()(const ast::Constant& constant);
  void operator()(const ast::Policy& policy);
  void operator()(const ast::Journey& journey);
  void operator()(const ast::Webhook& webhook);
  void operator()(const ast::Segment& segment);
  void operator()(const ast::Fragment& fragment);
  void operator()(const ast::Test&) {}

  Span head;  // of the declaration at hand

 private:
  std::vector<graph::TypedField> fields(const std::vector<ast::Field>& fields,
                                        std::string_view owner);
  void reserve_created_at(const std::vector<ast::Field>& written);
  void campaign_data(const std::vector<ast::Field>& written, graph::Campaign& declared);

  World& world_;
  Report& report_;
  Places wire_names_;
  Places constants_;
  Places segments_;
  Places fragments_;
  IdPlaces message_type_ids_;
  IdPlaces campaign_ids_;
  IdPlaces list_ids_;
  std::optional<Span> policy_;
};

void Collector::operator()(const ast::Fragment& fragment) {
  if (!declare(fragments_, "the fragment", fragment.name, report_)) return;
  Fragment declared{&fragment, {}, true};
  Places places;
  for (const ast::Fragment::Parameter& written : fragment.parameters) {
    declared.known &= declare(places, "the parameter", written.name, report_);
    FragmentParameter parameter{written.name, false, {}};
    parameter.is_campaign =
        written.type.kind == ast::TypeExpr::Kind::kNamed && written.type.name.text == "campaign";
    if (!parameter.is_campaign) {
      auto type = resolve_type(written.type, report_);
      declared.known &= type.has_value();
      parameter.type = type.value_or(type_of(Kind::kAny));
    }
    declared.parameters.push_back(std::move(parameter));
  }
  world_.fragments.emplace(fragment.name.text, std::move(declared));
}

std::vector<graph::TypedField> Collector::fields(const std::vector<ast::Field>& fields,
                                                 std::string_view owner) {
  std::vector<graph::TypedField> typed;
  Places places;
  for (const ast::Field& field : fields) {
    if (!declare(places, "the field", field.name, report_)) continue;
    world_.fields.emplace(fmt::format("{}.{}", owner, field.name.text), field.name.span);
    if (field.value) report_.add(diagnose(messages::kValueNotHere, field.value->span));
    auto type = resolve_type(field.type, report_);
    if (!type) world_.untyped.insert(fmt::format("{}.{}", owner, field.name.text));
    typed.push_back({field.name.text, type.value_or(as_optional(type_of(Kind::kAny)))});
  }
  return typed;
}

void Collector::operator()(const ast::UserFields& user) {
  for (const ast::Field& field : user.fields) {
    if (field.name.text == kAffinity) {
      report_.add(affinity_is_computed(field.name.span, "declared"));
      continue;
    }
    if (is_built_in(field.name.text)) {
      report_.add(
          diagnose(messages::kDuplicateName, field.name.span, "the user field", field.name.text)
              .help("every project has it; remove this line"));
      continue;
    }
    if (!declare(world_.user_fields, "the user field", field.name, report_)) continue;
    auto type = resolve_type(field.type, report_);
    if (!type) world_.untyped.insert(fmt::format("user.{}", field.name.text));
    world_.catalog.user_fields.push_back({field.name.text, type.value_or(type_of(Kind::kAny)), {}});
  }
}

void Collector::operator()(const ast::Event& event) {
  if (!declare(world_.events, "the event", event.name, report_)) return;
  graph::EventType declared;
  declared.name = event.name.text;
  declared.wire_name = event.wire_name ? event.wire_name->text : event.name.text;
  const Span wire_span = event.wire_name ? event.wire_name->span : event.name.span;
  const auto [first, is_new] = wire_names_.emplace(declared.wire_name, wire_span);
  if (!is_new) {
    report_.add(diagnose(messages::kDuplicateWireName, wire_span, declared.wire_name)
                    .note(first->second, "first used here"));
  }
  if (event.fields) {
    reserve_created_at(*event.fields);
    declared.fields = fields(*event.fields, "event." + declared.name);
  }
  world_.catalog.events.push_back(std::move(declared));
}

void Collector::reserve_created_at(const std::vector<ast::Field>& written) {
  for (const ast::Field& field : written) {
    if (field.name.text != kCreatedAt) continue;
    report_.add(diagnose(messages::kReservedField, field.name.span, field.name.text,
                         "every event has it; it says when the event happened"));
  }
}

// A second `enter on api` is reported with the journey's clauses.
void Collector::operator()(const ast::Journey& journey) {
  if (!declare(world_.journeys, "the journey", journey.name, report_)) return;
  for (const ast::Clause& clause : journey.clauses) {
    const auto* api = std::get_if<ast::EnterOnApi>(&clause.node);
    if (api == nullptr) continue;
    graph::EventType entry{graph::api_event(journey.name.text), {}, {}};
    if (api->fields) {
      reserve_created_at(*api->fields);
      entry.fields = fields(*api->fields, "journey." + journey.name.text);
    }
    world_.catalog.api_entries.push_back(std::move(entry));
    return;
  }
}

void Collector::operator()(const ast::MessageType& type) {
  if (!declare(world_.message_types, "the message type", type.name, report_)) return;
  declare_id(message_type_ids_, type.id, report_);
  if (type.deprecated) world_.deprecated.emplace(type.name.text, &*type.deprecated);
  graph::MessageType declared;
  declared.name = type.name.text;
  declared.id = value_of(type.id);
  declared.marketing = !type.transactional;
  declared.policy = static_cast<graph::ConsentPolicy>(type.consent);
  declared.channel = value_of(type.channel);
  world_.catalog.message_types.push_back(std::move(declared));
}

void Collector::campaign_data(const std::vector<ast::Field>& written, graph::Campaign& declared) {
  for (const ast::Field& field : written) {
    if (field.name.text != graph::kMessageKeyField) continue;
    report_.add(diagnose(messages::kReservedField, field.name.span, field.name.text,
                         "it carries the key of the message"));
  }
  declared.data = fields(written, "campaign." + declared.name);
}

void Collector::operator()(const ast::Campaign& campaign) {
  if (!declare(world_.campaigns, "the campaign", campaign.name, report_)) return;
  declare_id(campaign_ids_, campaign.id, report_);
  graph::Campaign declared;
  declared.name = campaign.name.text;
  declared.id = value_of(campaign.id);
  if (campaign.medium) declared.medium = static_cast<graph::Medium>(*campaign.medium);
  declared.message_type = campaign.message_type.text;
  if (campaign.data) campaign_data(*campaign.data, declared);
  if (campaign.at_most_once.value_or(false)) declared.delivery = graph::DeliveryMode::kAtMostOnce;
  declared.once = campaign.once.has_value();
  world_.catalog.campaigns.push_back(std::move(declared));
}

void Collector::operator()(const ast::List& list) {
  if (!declare(world_.lists, "the list", list.name, report_)) return;
  declare_id(list_ids_, list.id, report_);
  world_.catalog.lists.push_back({list.name.text, value_of(list.id)});
}

void Collector::operator()(const ast::Webhook& webhook) {
  if (!declare(world_.webhooks, "the webhook", webhook.name, report_)) return;
  graph::Webhook declared;
  declared.name = webhook.name.text;
  if (webhook.method && *webhook.method) declared.method = webhook.method->text;
  if (webhook.secret) declared.secret = webhook.secret->text;
  if (webhook.returns) declared.returns = fields(*webhook.returns, "webhook." + declared.name);
  world_.catalog.webhooks.push_back(std::move(declared));
}

void Collector::operator()(const ast::Constant& constant) {
  if (!declare(constants_, "the constant", constant.name, report_)) return;
  world_.constants.emplace(constant.name.text, &constant);
}

void Collector::operator()(const ast::Segment& segment) {
  if (!declare(segments_, "the segment", segment.name, report_)) return;
  world_.segments.emplace(segment.name.text, &segment);
}

void Collector::operator()(const ast::Policy& policy) {
  if (policy_) {
    report_.add(diagnose(messages::kDuplicateLine, head, "policy")
                    .note(*policy_, "first given here")
                    .help("a project has one policy"));
    return;
  }
  policy_ = head;
  collect_policy(policy, world_, report_);
}

// A campaign's message type may be declared in a later file.
void check_campaign_types(std::span<const ast::File* const> files, const World& world,
                          Report& report) {
  for (const ast::File* file : files) {
    for (const ast::Declaration& declaration : file->declarations) {
      const auto* campaign = std::get_if<ast::Campaign>(&declaration.node);
      if (campaign != nullptr) check_message_type_name(world, campaign->message_type, report);
    }
  }
}

// Either side of a change may be missing.
void collect_changes(World& world) {
  const auto add = [&](const graph::UserField& field) {
    const graph::Type type = as_optional(field.type);
    graph::EventType event{graph::change_event(field.name), {}, {}};
    for (const std::string_view side : {graph::kChangedFrom, graph::kChangedTo}) {
      if (world.is_untyped("user", field.name)) {
        world.untyped.insert(fmt::format("event.{}.{}", event.name, side));
      }
      event.fields.push_back({std::string(side), type});
    }
    world.changes.emplace(field.name, std::move(event));
  };
  for (const graph::UserField& field : world.catalog.user_fields) add(field);
  for (const graph::UserField& field : graph::built_in_user_fields()) add(field);
}

// The value of a node that is made of literals only.
std::optional<graph::Value> literal_value(const graph::Graph& graph, graph::ExprId id) {
  const graph::Expression& node = graph.expressions[id];
  if (node.op == graph::Op::kConstant) return node.constant;
  if (node.op != graph::Op::kList && node.op != graph::Op::kObject) return std::nullopt;
  graph::List items;
  for (const graph::ExprId argument : node.arguments) {
    auto item = literal_value(graph, argument);
    if (!item) return std::nullopt;
    items.push_back(std::move(*item));
  }
  if (node.op == graph::Op::kList) return graph::Value(std::move(items));
  graph::Object fields;
  for (std::size_t i = 0; i < items.size(); ++i) {
    fields.emplace_back(node.names[i], std::move(items[i]));
  }
  return graph::Value(std::move(fields));
}

void check_user_value(const ast::Field& field, World& world, ExpressionContext& context) {
  if (!field.value || world.is_untyped("user", field.name.text)) return;
  auto& declared = world.catalog.user_fields;
  const auto found = std::ranges::find(declared, field.name.text, &graph::UserField::name);
  if (found == declared.end() ||
      world.user_fields.find(field.name.text)->second != field.name.span) {
    return;
  }
  Scope scope;
  scope.place = "in the value of a field";
  const Typed typed = check_value(context, scope, *field.value, "a user field");
  if (!need_type(context, typed, field.value->span, found->type, field.name.span)) return;
  auto value = literal_value(context.graph, typed.id);
  if (!value) {
    context.report.add(
        diagnose(messages::kLiteralNeeded, field.value->span, "the value of a user field"));
    return;
  }
  found->fallback = std::move(*value);
}

}  // namespace

void collect_world(std::span<const ast::File* const> files, World& world, Report& report) {
  Collector collector(world, report);
  for (const ast::File* file : files) {
    for (const ast::Declaration& declaration : file->declarations) {
      collector.head = declaration.head;
      std::visit(collector, declaration.node);
    }
  }
  check_campaign_types(files, world, report);
  collect_changes(world);
}

void check_declared_values(std::span<const ast::File* const> files, World& world,
                           ExpressionContext& context) {
  std::set<std::string, std::less<>> broken;
  for (const auto& [name, constant] : world.constants) {
    if (!check_constant(context, *constant).known) broken.insert(name);
  }
  for (const ast::File* file : files) {
    for (const ast::Declaration& declaration : file->declarations) {
      if (const auto* user = std::get_if<ast::UserFields>(&declaration.node)) {
        for (const ast::Field& field : user->fields) check_user_value(field, world, context);
      } else if (const auto* policy = std::get_if<ast::Policy>(&declaration.node)) {
        check_policy_values(*policy, world, context);
      } else if (const auto* event = std::get_if<ast::Event>(&declaration.node)) {
        check_fan_out(*event, world, context);
      } else if (const auto* webhook = std::get_if<ast::Webhook>(&declaration.node)) {
        check_webhook(*webhook, world, context);
      }
    }
  }
  world.broken_constants = std::move(broken);
  std::set<std::string, std::less<>> broken_segments;
  for (const auto& [name, segment] : world.segments) {
    if (!check_segment(context, *segment).known) broken_segments.insert(name);
  }
  world.broken_segments = std::move(broken_segments);
}

}  // namespace sojourn::dsl
