#include <string>
#include <vector>

#include "connectors/iterable/actions.h"
#include "connectors/iterable/body.h"
#include "connectors/iterable/commands.h"

namespace sojourn::connectors::iterable {

HttpRequest users_merge(const MergeCommand& command) {
  Body body;
  body.who(command.source, "sourceEmail", "sourceUserId")
      .who(command.destination, "destinationEmail", "destinationUserId");
  std::vector<std::string> arrays;
  for (const MergeCommand::Array& array : command.arrays) {
    Body one;
    one.text("field", array.field).text_if("dedupeBy", array.dedupe_by);
    arrays.push_back(one.take());
  }
  if (!arrays.empty()) body.list("arrayMerge", arrays);
  return {"POST", "/api/users/merge", body.take()};
}

}  // namespace sojourn::connectors::iterable
