// What a failed curl transfer means for the one who asked for it: the one place that
// decides whether the peer may have got a request. Pure. Internal to the client.
#pragma once

#include <curl/curl.h>
#include <string>

#include "runtime/uv/http_client.h"

namespace sojourn::uv {

struct TransferFacts {
  CURLcode code = CURLE_OK;
  // Bytes of the request that curl handed to the socket or to TLS.
  long request_bytes = 0;
  // Curl wanted to send the request again on a new connection, and was stopped.
  bool repeat_refused = false;
  // The answer grew over its limit, and curl was stopped.
  bool body_too_large = false;
  // An address of the host was not one that may be called.
  bool address_refused = false;
  int status = 0;
  // Curl's own words; may be empty.
  std::string text;
};

HttpFailure explain(const TransferFacts& facts);

}  // namespace sojourn::uv
