#include "dsl/known_names.h"

namespace sojourn::dsl {
namespace {

constexpr std::string_view kMarketing = "marketing";

template <typename Message, typename Declared>
bool check_name(const Message& message, const Declared& declared, const ast::Name& name,
                Report& report) {
  if (!name || declared.contains(name.text)) return static_cast<bool>(name);
  report.add(
      diagnose(message, name.span, name.text).label(suggestion(name.text, names_of(declared))));
  return false;
}

}  // namespace

bool check_message_type_name(const World& world, const ast::Name& name, Report& report) {
  return check_name(messages::kUnknownMessageType, world.message_types, name, report);
}

bool check_list_name(const World& world, const ast::Name& name, Report& report) {
  return check_name(messages::kUnknownList, world.lists, name, report);
}

std::optional<graph::SendScope> check_send_scope(const World& world, const ast::Name& name,
                                                 Report& report) {
  using graph::SendScope;
  if (!name) return std::nullopt;
  if (world.message_types.contains(name.text)) {
    return SendScope{SendScope::Kind::kMessageType, {}, name.text};
  }
  std::vector<std::string_view> known = names_of(world.message_types);
  for (const graph::Medium medium : graph::kMedia) {
    if (graph::to_string(medium) == name.text) {
      return SendScope{SendScope::Kind::kMedium, medium, {}};
    }
    known.push_back(graph::to_string(medium));
  }
  if (name.text == kMarketing) return SendScope{};
  known.push_back(kMarketing);
  report.add(
      diagnose(messages::kUnknownScope, name.span, name.text).label(suggestion(name.text, known)));
  return std::nullopt;
}

bool check_segment_name(const World& world, const ast::Name& name, Report& report) {
  return check_name(messages::kUnknownSegment, world.segments, name, report);
}

bool check_journey_name(const World& world, const ast::Name& name, Report& report) {
  return check_name(messages::kUnknownJourney, world.journeys, name, report);
}

}  // namespace sojourn::dsl
