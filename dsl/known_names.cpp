#include "dsl/known_names.h"

namespace sojourn::dsl {
namespace {

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

bool check_segment_name(const World& world, const ast::Name& name, Report& report) {
  return check_name(messages::kUnknownSegment, world.segments, name, report);
}

bool check_journey_name(const World& world, const ast::Name& name, Report& report) {
  return check_name(messages::kUnknownJourney, world.journeys, name, report);
}

}  // namespace sojourn::dsl
