#include "connectors/iterable/actions.h"
#include "connectors/iterable/body.h"
#include "connectors/iterable/commands.h"
#include "connectors/iterable/commerce.h"

namespace sojourn::connectors::iterable {

HttpRequest track_purchase(const PurchaseCommand& command) {
  Body body;
  append_commerce(body, command.user, command.items);
  body.number("total", command.total)
      .text("id", command.message_key.hex())
      .seconds("createdAt", command.created_at)
      .integer_if("campaignId", command.campaign_id)
      .integer_if("templateId", command.template_id)
      .object_if("dataFields", command.fields);
  return {"POST", "/api/commerce/trackPurchase", body.take()};
}

}  // namespace sojourn::connectors::iterable
