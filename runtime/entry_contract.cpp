#include "runtime/entry_contract.h"

#include <fmt/format.h>
#include <string_view>

#include "base/text.h"
#include "connectors/json_value.h"
#include "graph/reserved.h"

namespace sojourn::runtime {
namespace {

IntakeAnswer refusal(const graph::EventType& entry, std::string_view field, std::string_view what) {
  const std::string where = fmt::format("obj.dataFields.{}", field);
  std::string params = "{";
  base::append_json_string(params, where);
  params += ':';
  base::append_json_string(params, what);
  params += '}';
  return envelope(400, "BadParams",
                  fmt::format("This is no entry of the journey `{}`: {}: {}",
                              graph::journey_of_api_event(entry.name), where, what),
                  params);
}

}  // namespace

std::optional<IntakeAnswer> refuse_entry(const graph::EventType& entry,
                                         const std::vector<graph::Field>& given,
                                         const std::vector<std::string>& unknown) {
  if (!unknown.empty()) return refusal(entry, unknown.front(), "the journey takes no such field");
  for (const graph::TypedField& field : entry.fields) {
    if (connectors::is_whole(graph::find_field(given, field.name), field.type)) continue;
    return refusal(entry, field.name, fmt::format("{} expected", graph::to_string(field.type)));
  }
  return std::nullopt;
}

}  // namespace sojourn::runtime
