#include "bench/wire/socket.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/core.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace sojourn::bench {
namespace {

constexpr std::size_t kReadBytes = 16384;
constexpr int kBacklog = 1024;

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

tl::unexpected<base::Error> system_failure(const char* what, std::uint16_t port) {
  return base::failure(base::Error::Kind::kUnavailable,
                       fmt::format("{} 127.0.0.1:{}: {}", what, port, std::strerror(errno)));
}

}  // namespace

Socket& Socket::operator=(Socket&& other) noexcept {
  if (this != &other) {
    close();
    fd_ = std::exchange(other.fd_, -1);
  }
  return *this;
}

void Socket::close() {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

base::Result<Socket> listen_on_loopback(std::uint16_t port) {
  Socket socket(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (socket.fd() < 0) return system_failure("cannot open a socket for", port);
  const int on = 1;
  setsockopt(socket.fd(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  const sockaddr_in address = loopback(port);
  if (::bind(socket.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(socket.fd(), kBacklog) != 0) {
    return system_failure("cannot listen on", port);
  }
  return socket;
}

base::Result<std::uint16_t> bound_port(const Socket& socket) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  if (getsockname(socket.fd(), reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    return system_failure("cannot read the port of", 0);
  }
  return ntohs(address.sin_port);
}

base::Result<Socket> connect_to_loopback(std::uint16_t port) {
  Socket socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (socket.fd() < 0) return system_failure("cannot open a socket for", port);
  const sockaddr_in address = loopback(port);
  if (::connect(socket.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return system_failure("cannot connect to", port);
  }
  const int on = 1;
  setsockopt(socket.fd(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  fcntl(socket.fd(), F_SETFL, O_NONBLOCK);
  return socket;
}

Io InBuffer::read_from(const Socket& socket) {
  make_room(kReadBytes);
  ssize_t size = 0;
  do {
    size = ::recv(socket.fd(), data_.get() + end_, capacity_ - kSlackBytes - end_, 0);
  } while (size < 0 && errno == EINTR);
  if (size > 0) end_ += static_cast<std::size_t>(size);
  const bool would_block = size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
  return size > 0 || would_block ? Io::kOk : Io::kClosed;
}

void InBuffer::consume(std::size_t size) {
  begin_ += size;
  if (begin_ == end_) begin_ = end_ = 0;
}

void InBuffer::make_room(std::size_t size) {
  if (capacity_ >= end_ + size + kSlackBytes) return;
  const std::size_t held = end_ - begin_;
  const std::size_t wanted = std::max(capacity_, 2 * held + size + kSlackBytes);
  std::unique_ptr<char[]> larger(new char[wanted]());
  if (held > 0) std::memcpy(larger.get(), data_.get() + begin_, held);
  data_ = std::move(larger);
  capacity_ = wanted;
  begin_ = 0;
  end_ = held;
}

Io write_to(const Socket& socket, std::string& out) {
  std::size_t written = 0;
  while (written < out.size()) {
    const ssize_t size =
        ::send(socket.fd(), out.data() + written, out.size() - written, MSG_NOSIGNAL);
    if (size >= 0) {
      written += static_cast<std::size_t>(size);
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      break;
    } else if (errno != EINTR) {
      return Io::kClosed;
    }
  }
  out.erase(0, written);
  return Io::kOk;
}

}  // namespace sojourn::bench
