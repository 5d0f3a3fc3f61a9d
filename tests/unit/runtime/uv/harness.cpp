#include "tests/unit/runtime/uv/harness.h"

#include <arpa/inet.h>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/check.h"

namespace sojourn::uv {
namespace {

[[noreturn]] void give_up(const char* what) {
  std::fprintf(stderr, "test: %s: %s\n", what, std::strerror(errno));
  std::abort();
}

void limit_waiting(int fd) {
  const timeval limit{20, 0};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
}

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

// Content-Length of a head, 0 without one.
std::size_t body_size(std::string_view head) {
  constexpr std::string_view kName = "\r\nContent-Length: ";
  const std::size_t at = head.find(kName);
  if (at == std::string_view::npos) return 0;
  return std::strtoul(std::string(head.substr(at + kName.size(), 20)).c_str(), nullptr, 10);
}

}  // namespace

void answer_with_what_was_seen(HttpRequest&& request, Responder responder) {
  HttpResponse response;
  response.content_type = "text/plain";
  response.body = fmt::format("{} {}", request.method(), request.path());
  if (!request.query().empty()) response.body += fmt::format("?{}", request.query());
  response.body += fmt::format(" [{}]", request.body());
  responder.answer(response);
}

TestServer::TestServer(HttpServerOptions options, Handler handler) {
  port_ = thread_.call([&] {
    server_ =
        std::make_unique<HttpServer>(thread_.loop(), options, HttpHandlers{std::move(handler), {}});
    return server_->listen_tcp("127.0.0.1", 0).value();
  });
}

TestServer::~TestServer() {
  destroy();
}

HttpServerStats TestServer::stats() {
  return thread_.call([&] { return server_->stats(); });
}

void TestServer::destroy() {
  thread_.call([&] { server_.reset(); });
}

void TestServer::close() {
  std::promise<void> closed;
  thread_.call([&] { server_->close([&] { closed.set_value(); }); });
  closed.get_future().wait();
}

Peer::Peer(int port) : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
  limit_waiting(fd_);
  const sockaddr_in address = loopback(port);
  if (::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    give_up("connect");
  }
}

Peer::Peer(const std::string& unix_path) : fd_(::socket(AF_UNIX, SOCK_STREAM, 0)) {
  limit_waiting(fd_);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  SOJOURN_CHECK(unix_path.size() < sizeof address.sun_path, "the path fits");
  std::memcpy(address.sun_path, unix_path.data(), unix_path.size());
  if (::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    give_up("connect");
  }
}

Peer::Peer(Adopted adopted) : fd_(adopted.fd) {
  limit_waiting(fd_);
}

Peer::Peer(Peer&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), unread_(std::move(other.unread_)) {}

Peer::~Peer() {
  if (fd_ >= 0) ::close(fd_);
}

void Peer::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    // The other side may hang up in the middle: what it said is what counts.
    if (sent < 0 && (errno == EPIPE || errno == ECONNRESET)) return;
    if (sent < 0) give_up("send");
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void Peer::half_close() {
  ::shutdown(fd_, SHUT_WR);
}

void Peer::reset() {
  const linger at_once{1, 0};
  setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  ::close(std::exchange(fd_, -1));
}

// False: the connection has ended.
bool Peer::receive() {
  char buffer[65536];
  const ssize_t size = ::recv(fd_, buffer, sizeof buffer, 0);
  if (size < 0 && errno != ECONNRESET) give_up("receive");
  if (size <= 0) return false;
  unread_.append(buffer, static_cast<std::size_t>(size));
  return true;
}

std::string Peer::read_all() {
  while (receive()) {
  }
  return std::exchange(unread_, {});
}

std::string Peer::read_message() {
  std::size_t end = std::string::npos;
  while ((end = unread_.find("\r\n\r\n")) == std::string::npos) {
    if (!receive()) return std::exchange(unread_, {});
  }
  const std::size_t size = end + 4 + body_size(std::string_view(unread_).substr(0, end + 2));
  while (unread_.size() < size) {
    if (!receive()) return std::exchange(unread_, {});
  }
  std::string message = unread_.substr(0, size);
  unread_.erase(0, size);
  return message;
}

bool Peer::at_end() {
  return unread_.empty() && !receive();
}

HandServer::HandServer() : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
  limit_waiting(fd_);
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  if (::bind(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(fd_, 64) != 0 ||
      ::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    give_up("listen");
  }
  port_ = ntohs(address.sin_port);
}

HandServer::~HandServer() {
  close();
}

Peer HandServer::accept() {
  const int fd = ::accept(fd_, nullptr, nullptr);
  if (fd < 0) give_up("accept");
  return Peer::adopt(fd);
}

void HandServer::close() {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

std::string summary(std::string_view responses) {
  std::string out;
  while (!responses.empty()) {
    const std::size_t end = responses.find("\r\n\r\n");
    if (!responses.starts_with("HTTP/1.1 ") || end == std::string_view::npos) {
      return out + fmt::format("(not a response: {})", responses);
    }
    const std::size_t size = body_size(responses.substr(0, end + 2));
    std::string_view body = responses.substr(end + 4, size);
    if (body.ends_with('\n')) body.remove_suffix(1);
    if (!out.empty()) out += " | ";
    out += responses.substr(9, 3);
    if (!body.empty()) out += fmt::format(" {}", body);
    responses.remove_prefix(std::min(responses.size(), end + 4 + size));
  }
  return out;
}

}  // namespace sojourn::uv
