// One HTTP request over a Unix socket, waited for: how the command line talks to a
// running daemon. Needs no loop; blocks the calling thread.
#pragma once

#include <string>

#include "base/instant.h"
#include "base/result.h"

namespace sojourn::uv {

struct UnixReply {
  int status = 0;
  std::string body;
};

// `target` is path and query ("/status?journey=welcome"). An empty `body` makes a GET, any
// other a POST of JSON. With a `timeout` of 0 it is waited for until there is a reply or nobody to
// give one. Errors: kUnavailable, nobody listens there; kConflict, somebody may, and there was no
// reply.
base::Result<UnixReply> unix_request(const std::string& socket_path, const std::string& target,
                                     const std::string& body = {},
                                     base::Millis timeout = base::seconds(10));

}  // namespace sojourn::uv
