// A TLS server of the test's own: a fresh self-signed certificate, one connection at
// a time, answered on a thread.
#pragma once

#include <string>
#include <thread>

#include "tests/unit/runtime/uv/harness.h"

struct ssl_ctx_st;

namespace sojourn::uv {

class TlsPeer {
 public:
  // `subject` as in a certificate's alternative names: "IP:127.0.0.1", "DNS:a.example".
  explicit TlsPeer(const std::string& subject);
  // Waits for the connections that `serve` was told to expect.
  ~TlsPeer();
  TlsPeer(const TlsPeer&) = delete;
  TlsPeer& operator=(const TlsPeer&) = delete;

  int port() const { return listener_.port(); }
  const std::string& certificate_file() const { return certificate_file_; }

  // Takes one connection, reads one request over it and sends `response`, then hangs up.
  void serve(std::string response);
  // What came over TLS; empty if no channel was agreed on. Waits for `serve` to end.
  std::string received();

 private:
  void serve_one(const std::string& response);

  HandServer listener_;
  ssl_ctx_st* context_;
  std::string certificate_file_;
  std::thread thread_;
  std::string received_;
};

}  // namespace sojourn::uv
