#include <string>

#include "base/percent.h"
#include "connectors/iterable/actions.h"
#include "connectors/iterable/body.h"
#include "connectors/iterable/commands.h"

namespace sojourn::connectors::iterable {

HttpRequest catalog_item(const CatalogItemCommand& command) {
  const std::string path = "/api/catalogs/" + base::percent_encoded(command.catalog) + "/items/" +
                           base::percent_encoded(command.item);
  using What = CatalogItemCommand::What;
  if (command.what == What::kDelete) return {"DELETE", path, {}};
  const bool replaces = command.what == What::kReplace;
  Body body;
  body.object(replaces ? "value" : "update", command.fields);
  return {replaces ? "PUT" : "PATCH", path, body.take()};
}

}  // namespace sojourn::connectors::iterable
