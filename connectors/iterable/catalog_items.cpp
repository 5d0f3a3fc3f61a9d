#include <string>
#include <utility>
#include <vector>

#include "base/percent.h"
#include "connectors/iterable/actions.h"
#include "connectors/iterable/body.h"
#include "connectors/iterable/commands.h"

namespace sojourn::connectors::iterable {

HttpRequest catalog_items(const CatalogItemsCommand& command) {
  const std::string path = "/api/catalogs/" + base::percent_encoded(command.catalog) + "/items";
  using What = CatalogItemCommand::What;
  Body body;
  if (command.what == What::kDelete) {
    std::vector<std::string> ids;
    for (const CatalogItemsCommand::Item& item : command.items) ids.push_back(item.id);
    body.texts("itemIds", ids);
    return {"DELETE", path, body.take()};
  }
  Body documents;
  for (const CatalogItemsCommand::Item& item : command.items) {
    documents.object(item.id, item.fields);
  }
  body.nested("documents", std::move(documents))
      .boolean("replaceUploadedFieldsOnly", command.what == What::kMerge);
  return {"POST", path, body.take()};
}

}  // namespace sojourn::connectors::iterable
