#include "connectors/iterable/commerce.h"

#include <utility>

#include "connectors/iterable/body.h"
#include "connectors/iterable/commands.h"

namespace sojourn::connectors::iterable {

void append_commerce(Body& body, const Recipient& user, const std::vector<CommerceItem>& items) {
  Body who;
  who.who(user, "email", "userId");
  std::vector<std::string> lines;
  lines.reserve(items.size());
  for (const CommerceItem& item : items) {
    Body line;
    line.text("id", item.id)
        .text("name", item.name)
        .number("price", item.price)
        .integer("quantity", item.quantity)
        .text_if("sku", item.sku)
        .text_if("description", item.description);
    if (!item.categories.empty()) line.texts("categories", item.categories);
    line.text_if("url", item.url)
        .text_if("imageUrl", item.image_url)
        .object_if("dataFields", item.fields);
    lines.push_back(line.take());
  }
  body.nested("user", std::move(who)).list("items", lines);
}

}  // namespace sojourn::connectors::iterable
