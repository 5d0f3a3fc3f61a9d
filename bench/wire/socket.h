// Loopback TCP sockets and the bytes that arrive on them. A `Socket` owns its
// descriptor. `InBuffer` holds what was read and not yet used.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace sojourn::bench {

class Socket {
 public:
  Socket() = default;
  explicit Socket(int fd) : fd_(fd) {}
  Socket(Socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Socket& operator=(Socket&& other) noexcept;
  ~Socket() { close(); }

  int fd() const { return fd_; }
  void close();

 private:
  int fd_ = -1;
};

// Non-blocking, on 127.0.0.1. Port 0 lets the system choose; `bound_port` tells.
base::Result<Socket> listen_on_loopback(std::uint16_t port);
base::Result<std::uint16_t> bound_port(const Socket& socket);
// Connects before it returns; the socket is non-blocking from then on.
base::Result<Socket> connect_to_loopback(std::uint16_t port);

enum class Io { kOk, kClosed };

// Bytes read and not yet consumed. At least kSlackBytes readable bytes always
// follow `bytes()`, so that a JSON parser may read past its end in words.
class InBuffer {
 public:
  static constexpr std::size_t kSlackBytes = 64;

  // Reads once. kClosed means end of stream or a broken connection.
  Io read_from(const Socket& socket);
  std::string_view bytes() const { return {data_.get() + begin_, end_ - begin_}; }
  void consume(std::size_t size);

 private:
  void make_room(std::size_t size);

  std::unique_ptr<char[]> data_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

// Writes as much of `out` as the socket takes and drops that from `out`.
Io write_to(const Socket& socket, std::string& out);

}  // namespace sojourn::bench
