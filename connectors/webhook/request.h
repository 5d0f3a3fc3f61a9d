// What leaves for a webhook: what it is given, under which key. Its URL, headers and
// secret belong to the environment, and are added by whoever has the network. Pure; any
// thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "graph/catalog.h"
#include "graph/value.h"

namespace sojourn::connectors::webhook {

struct Request {
  std::string webhook;  // declared name
  std::string key;      // the message key in hex: the same for every attempt
  std::string body;     // a JSON object; empty when the method carries none
};

// Of a body; what is larger does not leave.
inline constexpr std::size_t kMaxRequestBytes = std::size_t{256} * 1024;

// The header by which the service recognises a call that it has had already.
inline constexpr std::string_view kKeyHeader = "Idempotency-Key";

// A GET carries nothing.
bool carries_body(const graph::Webhook& webhook);

Request request(const graph::Webhook& webhook, const base::Hash128& key,
                const std::vector<graph::Field>& fields);

}  // namespace sojourn::connectors::webhook
