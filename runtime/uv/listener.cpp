#include "runtime/uv/listener.h"

#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "runtime/uv/loop.h"

namespace sojourn::uv {
namespace {

using Kind = base::Error::Kind;

constexpr int kBacklog = 1024;

// A file descriptor that is closed unless it is given away.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }
  void release() { fd_ = -1; }

 private:
  int fd_;
};

int new_unix_socket() {
  return ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

tl::unexpected<base::Error> unix_failure(const std::string& path, const char* what) {
  return base::failure(
      Kind::kFatal, fmt::format("cannot listen on `{}`: {}: {}", path, what, std::strerror(errno)));
}

base::Result<sockaddr_un> unix_address(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof address.sun_path) {
    return base::failure(
        Kind::kInvalid,
        fmt::format("cannot listen on `{}`: a Unix socket's path has 1 to {} bytes", path,
                    sizeof address.sun_path - 1),
        "choose a shorter path");
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

// Removes a socket file on which nobody listens any more.
base::Status remove_stale_socket(const std::string& path, const sockaddr_un& address) {
  struct stat found{};
  if (::lstat(path.c_str(), &found) != 0) return {};
  if (!S_ISSOCK(found.st_mode)) {
    return base::failure(
        Kind::kConflict,
        fmt::format("cannot listen on `{}`: a file that is no socket is there", path),
        "choose another path, or move that file away");
  }
  const Descriptor probe(new_unix_socket());
  if (::connect(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
    return base::failure(Kind::kConflict,
                         fmt::format("cannot listen on `{}`: another process does", path),
                         "stop that process first");
  }
  // Anything but a refusal (no permission, a full backlog) says that it may be alive.
  if (errno != ECONNREFUSED) return unix_failure(path, "a socket is there already");
  if (::unlink(path.c_str()) != 0) return unix_failure(path, "removing a stale socket failed");
  return {};
}

base::Result<sockaddr_storage> ip_address(const std::string& host, int port) {
  sockaddr_storage storage{};
  const std::string literal = host == "localhost" ? "127.0.0.1" : host;
  if (port >= 0 && port <= 65'535) {
    if (uv_ip4_addr(literal.c_str(), port, reinterpret_cast<sockaddr_in*>(&storage)) == 0 ||
        uv_ip6_addr(literal.c_str(), port, reinterpret_cast<sockaddr_in6*>(&storage)) == 0) {
      return storage;
    }
  }
  return base::failure(
      Kind::kInvalid,
      fmt::format("cannot listen on `{}` port {}: not an IP address and a port", host, port),
      "write an address such as 127.0.0.1 or ::1, and a port from 0 to 65535");
}

}  // namespace

struct Listener::Handle {
  union {
    uv_handle_t handle;
    uv_stream_t stream;
    uv_tcp_t tcp;
    uv_pipe_t pipe;
  } uv{};
};

Listener::Listener(Loop& loop, Callback<void(Listener&)> on_connection)
    : loop_(loop), on_connection_(std::move(on_connection)) {}

Listener::~Listener() {
  struct stat now{};
  if (is_unix() && ::lstat(unix_path_.c_str(), &now) == 0 && now.st_dev == unix_device_ &&
      now.st_ino == unix_inode_) {
    ::unlink(unix_path_.c_str());
  }
  if (handle_ == nullptr) return;
  handle_->uv.handle.data = handle_;
  uv_close(&handle_->uv.handle,
           [](uv_handle_t* closed) { delete static_cast<Handle*>(closed->data); });
}

uv_stream_t* Listener::stream() {
  return &handle_->uv.stream;
}

int Listener::start_listening() {
  handle_->uv.handle.data = this;
  return uv_listen(&handle_->uv.stream, kBacklog, [](uv_stream_t* stream, int status) {
    auto* listener = static_cast<Listener*>(stream->data);
    if (status == 0) listener->on_connection_(*listener);
  });
}

base::Result<int> Listener::listen_tcp(const std::string& host, int port) {
  base::Result<sockaddr_storage> address = ip_address(host, port);
  if (!address) return tl::unexpected(address.error());
  handle_ = new Handle;
  uv_tcp_t* tcp = &handle_->uv.tcp;
  uv_tcp_init(loop_.handle(), tcp);
  // Without this an IPv6 address would also take IPv4 connections.
  const unsigned flags = address->ss_family == AF_INET6 ? UV_TCP_IPV6ONLY : 0;
  int error = uv_tcp_bind(tcp, reinterpret_cast<sockaddr*>(&*address), flags);
  if (error == 0) error = start_listening();
  if (error != 0) {
    return base::failure(Kind::kConflict, fmt::format("cannot listen on `{}` port {}: {}", host,
                                                      port, uv_strerror(error)));
  }
  sockaddr_storage bound{};
  int size = sizeof bound;
  uv_tcp_getsockname(tcp, reinterpret_cast<sockaddr*>(&bound), &size);
  return ntohs(bound.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6*>(&bound)->sin6_port
                                           : reinterpret_cast<sockaddr_in*>(&bound)->sin_port);
}

base::Status Listener::listen_unix(const std::string& path) {
  const base::Result<sockaddr_un> address = unix_address(path);
  if (!address) return tl::unexpected(address.error());
  if (base::Status removed = remove_stale_socket(path, *address); !removed) return removed;
  Descriptor socket(new_unix_socket());
  // The file takes the socket's mode, so it is never open to others, even for a moment.
  if (socket.get() < 0 || ::fchmod(socket.get(), 0600) != 0 ||
      ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&*address), sizeof *address) != 0) {
    return unix_failure(path, "binding failed");
  }
  unix_path_ = path;
  struct stat made{};
  ::lstat(path.c_str(), &made);
  unix_device_ = made.st_dev;
  unix_inode_ = made.st_ino;

  handle_ = new Handle;
  uv_pipe_init(loop_.handle(), &handle_->uv.pipe, 0);
  int error = uv_pipe_open(&handle_->uv.pipe, socket.get());
  if (error == 0) socket.release();
  if (error == 0) error = start_listening();
  if (error == 0) return {};
  return base::failure(Kind::kFatal,
                       fmt::format("cannot listen on `{}`: {}", path, uv_strerror(error)));
}

}  // namespace sojourn::uv
