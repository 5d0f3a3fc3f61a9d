#include "connectors/iterable/actions.h"
#include "connectors/iterable/body.h"
#include "connectors/iterable/commands.h"
#include "connectors/iterable/commerce.h"

namespace sojourn::connectors::iterable {

HttpRequest update_cart(const CartCommand& command) {
  Body body;
  append_commerce(body, command.user, command.items);
  return {"POST", "/api/commerce/updateCart", body.take()};
}

}  // namespace sojourn::connectors::iterable
