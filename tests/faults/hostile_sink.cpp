#include "tests/faults/hostile_sink.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <charconv>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/check.h"
#include "tests/e2e/http.h"
#include "tests/faults/compressed.h"

namespace sojourn::faults {
namespace {

constexpr std::size_t kMostRequestBytes = 1 << 20;
constexpr int kLateMillis = 3'000;
constexpr int kDripMillis = 1'000;
constexpr std::size_t kBlockBytes = 64 * 1024;
constexpr std::size_t kMostEndlessBytes = std::size_t{1} << 30;
// Compressed it is below what a client may take as an answer, so its size alone says nothing.
constexpr std::size_t kBombBytes = std::size_t{128} << 20;

sockaddr_in address_of(const std::string& address) {
  sockaddr_in out{};
  out.sin_family = AF_INET;
  SOJOURN_CHECK(inet_pton(AF_INET, address.c_str(), &out.sin_addr) == 1, "an IPv4 address");
  return out;
}

// A socket stays in the namespace in which it was made. The calling thread goes there and stays:
// it must have been started for this.
int listening_socket(const std::string& address, const std::string& name_space) {
  if (!name_space.empty()) {
    const int there = open(("/run/netns/" + name_space).c_str(), O_RDONLY | O_CLOEXEC);
    SOJOURN_CHECK(there >= 0 && setns(there, CLONE_NEWNET) == 0, "the namespace can be entered");
    close(there);
  }
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in where = address_of(address);
  SOJOURN_CHECK(bind(listener, reinterpret_cast<const sockaddr*>(&where), sizeof where) == 0 &&
                    listen(listener, 256) == 0,
                "a test can listen");
  return listener;
}

int port_of(int listener) {
  sockaddr_in bound{};
  socklen_t size = sizeof bound;
  getsockname(listener, reinterpret_cast<sockaddr*>(&bound), &size);
  return ntohs(bound.sin_port);
}

// What stands behind `name` in a head, up to the end of its line.
std::string_view header(std::string_view head, std::string_view name) {
  const std::size_t at = head.find(name);
  if (at == std::string_view::npos) return {};
  std::string_view value = head.substr(at + name.size());
  value = value.substr(0, value.find("\r\n"));
  value.remove_prefix(std::min(value.size(), value.find_first_not_of(' ')));
  return value;
}

std::size_t body_bytes(std::string_view head) {
  const std::string_view text = header(head, "\r\nContent-Length:");
  std::size_t bytes = 0;
  std::from_chars(text.data(), text.data() + text.size(), bytes);
  return bytes;
}

std::string response(int status, std::string_view body, std::size_t said) {
  return fmt::format(
      "HTTP/1.1 {} .\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{}", status,
      said, body);
}

std::string response(int status, std::string_view body) {
  return response(status, body, body.size());
}

const std::string& bomb_answer() {
  static const std::string kAnswer = [] {
    const std::string body = compressed_zeros(kBombBytes);
    return fmt::format(
               "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
               "Content-Encoding: gzip\r\nContent-Length: {}\r\n\r\n",
               body.size()) +
           body;
  }();
  return kAnswer;
}

// Cuts with a reset: what was sent and not read yet is lost, too.
void reset(int connection) {
  const linger at_once{1, 0};
  setsockopt(connection, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

}  // namespace

HostileSink::HostileSink(int upstream_port, const std::string& address,
                         const std::string& name_space)
    : upstream_port_(upstream_port) {
  int ends[2];
  SOJOURN_CHECK(pipe2(ends, O_CLOEXEC) == 0, "a test can make a pipe");
  end_read_ = ends[0];
  end_write_ = ends[1];
  std::thread([&] { listener_ = listening_socket(address, name_space); }).join();
  port_ = port_of(listener_);
  acceptor_ = std::thread([this] { accept_all(); });
}

HostileSink::~HostileSink() {
  close(end_write_);  // whoever waits wakes, and every connection ends
  acceptor_.join();
  for (std::thread& connection : connections_) connection.join();
  close(listener_);
  close(end_read_);
}

void HostileSink::play(Trick trick, int times) {
  const std::scoped_lock lock(mutex_);
  trick_ = trick;
  times_ = times;
  played_ = 0;
}

void HostileSink::accept_all() {
  while (true) {
    pollfd waited[2]{{listener_, POLLIN, 0}, {end_read_, 0, 0}};
    poll(waited, 2, -1);
    if (waited[1].revents != 0) return;
    const int connection = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection >= 0) connections_.emplace_back([this, connection] { serve(connection); });
  }
}

void HostileSink::serve(int connection) {
  std::string buffer;
  Request request;
  while (read_request(connection, buffer, request) && answer(connection, request)) {
  }
  close(connection);
}

bool HostileSink::read_request(int connection, std::string& buffer, Request& out) const {
  while (true) {
    const std::size_t end = buffer.find("\r\n\r\n");
    const std::size_t head = end == std::string::npos ? 0 : end + 4;
    const std::size_t all = head + body_bytes(std::string_view(buffer).substr(0, head));
    if (head > 0 && buffer.size() >= all) {
      out = {buffer.substr(0, head), buffer.substr(head, all - head)};
      buffer.erase(0, all);
      return true;
    }
    pollfd waited[2]{{connection, POLLIN, 0}, {end_read_, 0, 0}};
    poll(waited, 2, -1);
    if (waited[1].revents != 0 || buffer.size() > kMostRequestBytes) return false;
    char block[4096];
    const ssize_t got = recv(connection, block, sizeof block, 0);
    if (got <= 0) return false;
    buffer.append(block, static_cast<std::size_t>(got));
  }
}

Trick HostileSink::trick_for(const Request& request) {
  const std::scoped_lock lock(mutex_);
  if (times_ == 0 || !request.head.starts_with("POST /api/email/target ")) return Trick::kNone;
  --times_;
  ++played_;
  return trick_;
}

bool HostileSink::answer(int connection, const Request& request) {
  const Trick trick = trick_for(request);
  if (trick == Trick::kCutBefore) {
    reset(connection);
    return false;
  }
  if (trick == Trick::kLie) return send(connection, response(200, R"({"code":"Success"})"));
  const std::string honest = pass_on(request);
  if (trick == Trick::kTakeTwice) pass_on(request);
  return give(connection, trick, honest);
}

std::string HostileSink::pass_on(const Request& request) const {
  const std::size_t blank = request.head.find(' ');
  const std::string target =
      request.head.substr(blank + 1, request.head.find(' ', blank + 1) - blank - 1);
  e2e::Http http(upstream_port_);
  const e2e::Answer answer =
      http.call(request.head.substr(0, blank), target, request.body,
                {fmt::format("Api-Key: {}", header(request.head, "\r\nApi-Key:")),
                 fmt::format("Content-Type: {}", header(request.head, "\r\nContent-Type:"))});
  return response(answer.status == 0 ? 502 : answer.status, answer.body);
}

bool HostileSink::give(int connection, Trick trick, const std::string& honest) {
  switch (trick) {
    case Trick::kNone:
    case Trick::kLie:
    case Trick::kTakeTwice:
      return send(connection, honest);
    case Trick::kCutBefore:
    case Trick::kReset:
      reset(connection);
      return false;
    case Trick::kResetMidAnswer:
      send(connection, honest.substr(0, honest.size() / 2));
      reset(connection);
      return false;
    case Trick::kLate:
      return wait(connection, kLateMillis) && send(connection, honest);
    case Trick::kTwice:
      return send(connection, honest + response(400, R"({"code":"BadParams","msg":"no"})"));
    case Trick::kServerError:
      return send(connection, response(500, "<html>no</html>"));
    case Trick::kDrip:
      for (std::size_t i = 0; i < honest.size(); ++i) {
        if (!send(connection, honest.substr(i, 1)) || !wait(connection, kDripMillis)) return false;
      }
      return true;
    case Trick::kEndless:
      return send_without_end(connection, "HTTP/1.1 200 OK\r\n\r\n");
    case Trick::kEndlessHeader:
      return send_without_end(connection, "HTTP/1.1 200 OK\r\nX: ");
    case Trick::kTooShort:
      send(connection, response(200, R"({"code":"Success")", 1'000));
      return false;
    case Trick::kTooLong:
      return send(connection, response(200, R"({"code":"Success","msg":"and so on"})", 2));
    case Trick::kBomb:
      return send(connection, bomb_answer());
    case Trick::kNotHttp:
      send(connection, "SSH-2.0-OpenSSH_9.2\r\n");
      return false;
  }
  return false;
}

bool HostileSink::send_without_end(int connection, std::string_view begin) const {
  const std::string block(kBlockBytes, 'x');
  std::size_t sent = 0;
  for (bool is_read = send(connection, begin); is_read && sent < kMostEndlessBytes;) {
    is_read = send(connection, block);
    sent += block.size();
  }
  return false;
}

bool HostileSink::send(int connection, std::string_view bytes) const {
  while (!bytes.empty()) {
    pollfd waited[2]{{connection, POLLOUT, 0}, {end_read_, 0, 0}};
    poll(waited, 2, -1);
    if (waited[1].revents != 0) return false;
    const ssize_t sent =
        ::send(connection, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno == EAGAIN) continue;
    if (sent < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool HostileSink::wait(int connection, int milliseconds) const {
  pollfd waited[2]{{connection, POLLRDHUP, 0}, {end_read_, 0, 0}};
  return poll(waited, 2, milliseconds) == 0;
}

}  // namespace sojourn::faults
