#include "connectors/webhook/request.h"

namespace sojourn::connectors::webhook {

bool carries_body(const graph::Webhook& webhook) {
  return webhook.method != "GET";
}

Request request(const graph::Webhook& webhook, const base::Hash128& key,
                const std::vector<graph::Field>& fields) {
  Request request{webhook.name, key.hex(), {}};
  if (carries_body(webhook)) graph::append_json(request.body, graph::Value(graph::Object(fields)));
  return request;
}

}  // namespace sojourn::connectors::webhook
