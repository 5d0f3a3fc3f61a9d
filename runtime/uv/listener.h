// A listening socket on a loop: TCP, or a Unix socket with its file. Internal to the
// server; loop thread only.
#pragma once

#include <string>
#include <sys/types.h>
#include <uv.h>

#include "base/result.h"
#include "runtime/uv/callback.h"

namespace sojourn::uv {

class Loop;

class Listener {
 public:
  // `on_connection` is called for each connection that waits to be accepted.
  Listener(Loop& loop, Callback<void(Listener&)> on_connection);
  // Stops listening and removes the Unix socket's file, if it is still ours.
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  // One of these, once. See HttpServer for what they take and return.
  base::Result<int> listen_tcp(const std::string& host, int port);
  base::Status listen_unix(const std::string& path);

  uv_stream_t* stream();
  bool is_unix() const { return !unix_path_.empty(); }

 private:
  struct Handle;

  int start_listening();

  Loop& loop_;
  Callback<void(Listener&)> on_connection_;
  Handle* handle_ = nullptr;  // closed by the destructor, freed by the loop
  std::string unix_path_;
  dev_t unix_device_ = 0;
  ino_t unix_inode_ = 0;
};

}  // namespace sojourn::uv
