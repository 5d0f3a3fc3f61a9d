// The sandbox on a socket: Iterable's paths and the sandbox's own, on loopback.
// What was accepted during a turn of the loop is committed in one transaction, and
// only then answered; the commit survives the end of the process but, unlike the
// daemon's, not a power cut (see runtime/store/record_log.h).
//
// Owned by whoever runs the loop; loop thread only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "runtime/uv/callback.h"
#include "sandbox/inbox.h"
#include "sandbox/iterable_service.h"
#include "sandbox/messages.h"
#include "sandbox/misbehaviour.h"
#include "sandbox/webhook_sender.h"

namespace sojourn::base {
class Clock;
}  // namespace sojourn::base
namespace sojourn::uv {
class Loop;
}  // namespace sojourn::uv

namespace sojourn::sandbox {

struct SandboxOptions {
  std::string host = "127.0.0.1";  // a loopback address
  int port = 0;                    // 0: one that is free
  // Where what was received is kept; `:memory:` forgets it at the end.
  std::string record_file = ":memory:";
  ServiceOptions service;
  std::vector<MisbehaviourRule> misbehaviour;
  std::uint64_t seed = 1;  // of the misbehaviour
  std::size_t max_connections = 1024;
  WebhookOptions webhooks;
};

class Sandbox {
 public:
  // Listens when it returns. `loop` and `clock` (which only says when things came)
  // outlive the sandbox.
  static base::Result<std::unique_ptr<Sandbox>> start(uv::Loop& loop, base::Clock& clock,
                                                      SandboxOptions options);
  ~Sandbox();
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;

  int port() const;

  // No request that arrived whole is waiting for its answer, delayed ones included.
  bool idle() const;

  // For the terminal, without HTTP; see also table.h.
  base::Result<std::vector<Message>> messages(const MessageQuery& query);
  const Inbox::Tallies& tallies() const;
  // All zero when nobody is told.
  WebhookStats webhooks() const;

  // Looks at the clock now, for one that is driven; by itself it does once a second.
  void advance();

  // Stops listening, answers what has arrived, then calls `done`. Webhooks that wait are dropped.
  void close(uv::Callback<void()> done);

 private:
  class Impl;
  explicit Sandbox(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace sojourn::sandbox
