// What every request over TCP goes through before anybody looks at it: where it says it is going,
// and what its key lets it do. Loop thread.
#pragma once

#include <optional>
#include <string>

#include "app/doorkeeper.h"
#include "app/host_guard.h"
#include "runtime/uv/http_message.h"

namespace sojourn::app {

// In Iterable's shape of errors, for a key that does not let its bearer in.
uv::HttpResponse refusal_of(const Doorkeeper::Answer& answer, Scope scope, std::string_view path);

class FrontDoor {
 public:
  // The doorkeeper outlives this.
  FrontDoor(const HostGuard& guard, Doorkeeper& doorkeeper)
      : guard_(guard), doorkeeper_(doorkeeper) {}

  // Nothing: it may go on. `/healthz` is anybody's, under whatever name a load balancer asks.
  std::optional<uv::HttpResponse> doubt(const uv::HttpRequest& request) const;
  // Nothing: the request's key has the scope.
  std::optional<uv::HttpResponse> refuse(const uv::HttpRequest& request, Scope scope) const;
  // Nothing: the key is one that is let in, to whatever. Asked before a long body is read.
  std::optional<uv::HttpResponse> refuse_stranger(const uv::HttpRequest& request) const;
  // For an operator's request: the same, by what it asks for. What the log names as who asked is
  // then the key, whatever the request says.
  std::optional<uv::HttpResponse> refuse_operator(uv::HttpRequest& request) const;

 private:
  const HostGuard& guard_;
  Doorkeeper& doorkeeper_;
};

}  // namespace sojourn::app
