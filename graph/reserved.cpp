#include "graph/reserved.h"

namespace sojourn::graph {

namespace {

constexpr std::string_view kApi = "api ";
constexpr std::string_view kWatch = "watch ";

}  // namespace

std::string api_event(std::string_view journey) {
  return std::string(kApi).append(journey);
}

std::string_view journey_of_api_event(std::string_view event) {
  return event.starts_with(kApi) ? event.substr(kApi.size()) : std::string_view();
}

std::string watch_event(std::string_view journey, std::size_t number) {
  return std::string(kWatch).append(journey).append(" ").append(std::to_string(number));
}

bool is_watch_event(std::string_view event) {
  return event.starts_with(kWatch);
}

std::string list_event(std::string_view list) {
  return std::string("list ").append(list);
}

std::string left_list_event(std::string_view list) {
  return std::string("left ").append(list_event(list));
}

std::string joined_journey_event(std::string_view journey) {
  return std::string("in journey ").append(journey);
}

std::string left_journey_event(std::string_view journey) {
  return std::string("left journey ").append(journey);
}

std::string left_journey_event(std::string_view journey, std::string_view reason) {
  return left_journey_event(journey).append(" as ").append(reason);
}

std::string change_event(std::string_view field) {
  return std::string("user.").append(field).append(" changed");
}

}  // namespace sojourn::graph
