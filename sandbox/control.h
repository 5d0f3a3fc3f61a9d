// The sandbox's own pages, beside Iterable's paths:
//
//   GET  /sandbox/messages       JSON; ?key= ?email= ?user_id= ?after=SEQUENCE &limit=N
//   GET  /sandbox/messages.txt   the same as a table
//   GET  /sandbox/summary        JSON: counts by medium and campaign, event, update
//   GET  /sandbox/misbehave      JSON: the rules in force and how often each hit
//   GET  /sandbox/webhooks       JSON: how many wait, were taken, were refused
//   POST /sandbox/webhooks       {"url":"http://127.0.0.1:8080/v1/iterable/webhooks"}
//                                from now on they go there
//   POST /sandbox/misbehave      {"rules":["POST /api/*/target 5% 500"],"seed":7}
//                                replaces them; `seed` may be left out
//
// They need no key and never misbehave. One thread.
#pragma once

#include <string_view>

#include "sandbox/exchange.h"

namespace sojourn::sandbox {

class Inbox;
class Misbehaviour;
class WebhookSender;

inline bool is_control(std::string_view path) {
  return path.starts_with("/sandbox/");
}

// `webhooks` is null where nobody is told.
Reply handle_control(Inbox& inbox, Misbehaviour& misbehaviour, WebhookSender* webhooks,
                     const Request& request);

}  // namespace sojourn::sandbox
