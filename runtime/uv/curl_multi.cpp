#include "runtime/uv/curl_multi.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <netinet/in.h>
#include <span>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

#include "base/check.h"
#include "connectors/webhook/public_address.h"
#include "runtime/uv/loop.h"

namespace sojourn::uv {
namespace {

// Rounds of immediate work before the loop gets its turn.
constexpr int kRoundsPerDrive = 8;

// The bytes of an address lie behind the struct's own end for families longer than the
// oldest; `addrlen` says how many there are.
template <typename Address>
Address read_as(const curl_sockaddr& address) {
  Address out{};
  const char* bytes = reinterpret_cast<const char*>(&address) + offsetof(curl_sockaddr, addr);
  std::memcpy(&out, bytes, std::min<std::size_t>(sizeof out, address.addrlen));
  return out;
}

// Of families that we do not know, no.
bool is_public(const curl_sockaddr& address) {
  std::array<std::uint8_t, 16> bytes{};
  if (address.family == AF_INET) {
    const auto v4 = read_as<sockaddr_in>(address);
    std::memcpy(bytes.data(), &v4.sin_addr, 4);
    return connectors::webhook::is_public(std::span(bytes).first(4));
  }
  if (address.family != AF_INET6) return false;
  const auto v6 = read_as<sockaddr_in6>(address);
  std::memcpy(bytes.data(), &v6.sin6_addr, 16);
  return connectors::webhook::is_public(bytes);
}

}  // namespace

struct CurlMulti::Watch {
  uv_poll_t poll{};
  CurlMulti* owner = nullptr;
  curl_socket_t fd = CURL_SOCKET_BAD;
  // Opened through on_open, so on_close will be told of its end. Curl has others (of
  // its resolver) whose end nobody announces: those are never watched unasked.
  bool is_connection = false;
  int wanted = 0;   // uv_poll events that curl waits for
  int watched = 0;  // those that libuv watches
};

CurlMulti::CurlMulti(Loop& loop, std::size_t max_connections,
                     Callback<void(CURL*, CURLcode)> on_done)
    : on_done_(std::move(on_done)),
      loop_(loop),
      multi_(curl_multi_init()),
      timer_(loop, [this] { act(CURL_SOCKET_TIMEOUT, 0); }),
      report_timer_(loop, [this] { report_done(); }) {
  SOJOURN_CHECK(multi_ != nullptr, "curl has memory for a multi handle");
  const long connections = static_cast<long>(max_connections);
  curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, on_socket);
  curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, on_timer);
  curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_MAX_TOTAL_CONNECTIONS, connections);
  curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, connections);
}

CurlMulti::~CurlMulti() {
  curl_multi_cleanup(multi_);
  while (!watches_.empty()) drop(watches_.begin()->first);
}

void CurlMulti::adopt(CURL* easy, Gate& gate) {
  gate.owner = this;
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_open);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, &gate);
  curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, on_close);
  curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, this);
}

void CurlMulti::add(CURL* easy) {
  const CURLMcode added = curl_multi_add_handle(multi_, easy);
  SOJOURN_CHECK(added == CURLM_OK, "a handle is in one multi at a time");
  ++handles_;
}

void CurlMulti::remove(CURL* easy) {
  curl_multi_remove_handle(multi_, easy);
  --handles_;
}

void CurlMulti::drive() {
  int running = handles_;
  for (int round = 0; due_now_ && round < kRoundsPerDrive; ++round) {
    due_now_ = false;
    curl_multi_socket_action(multi_, CURL_SOCKET_TIMEOUT, 0, &running);
  }
  if (due_now_) timer_.start(base::Millis{0});
  if (running < handles_) report_timer_.start(base::Millis{0});
}

void CurlMulti::act(curl_socket_t fd, int flags) {
  int running = 0;
  curl_multi_socket_action(multi_, fd, flags, &running);
  report_done();
}

void CurlMulti::report_done() {
  int left = 0;
  while (CURLMsg* message = curl_multi_info_read(multi_, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    CURL* easy = message->easy_handle;
    const CURLcode code = message->data.result;
    remove(easy);
    on_done_(easy, code);
  }
}

int CurlMulti::on_timer(CURLM*, long timeout_millis, void* self_pointer) {
  auto* self = static_cast<CurlMulti*>(self_pointer);
  self->due_now_ = timeout_millis == 0;
  if (timeout_millis > 0) {
    self->timer_.start(base::Millis{timeout_millis});
  } else {
    self->timer_.stop();
  }
  return 0;
}

int CurlMulti::on_socket(CURL*, curl_socket_t fd, int what, void* self_pointer, void*) {
  auto* self = static_cast<CurlMulti*>(self_pointer);
  int wanted = 0;
  if (what == CURL_POLL_IN || what == CURL_POLL_INOUT) wanted |= UV_READABLE;
  if (what == CURL_POLL_OUT || what == CURL_POLL_INOUT) wanted |= UV_WRITABLE;
  self->set_wanted(self->watch_of(fd), wanted);
  return 0;
}

curl_socket_t CurlMulti::on_open(void* gate_pointer, curlsocktype, curl_sockaddr* address) {
  auto* gate = static_cast<Gate*>(gate_pointer);
  if (gate->public_addresses_only && !is_public(*address)) {
    gate->refused = true;
    return CURL_SOCKET_BAD;
  }
  const int fd = ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
  if (fd >= 0) gate->owner->watch_of(fd).is_connection = true;
  return fd;
}

int CurlMulti::on_close(void* self_pointer, curl_socket_t fd) {
  static_cast<CurlMulti*>(self_pointer)->drop(fd);
  return ::close(fd);
}

CurlMulti::Watch& CurlMulti::watch_of(curl_socket_t fd) {
  Watch*& watch = watches_[fd];
  if (watch == nullptr) {
    watch = new Watch;
    watch->owner = this;
    watch->fd = fd;
    const int made = uv_poll_init_socket(loop_.handle(), &watch->poll, fd);
    SOJOURN_CHECK(made == 0, "a socket of curl's is watched once");
    watch->poll.data = watch;
  }
  return *watch;
}

void CurlMulti::set_wanted(Watch& watch, int events) {
  watch.wanted = events;
  if (events == 0 && !watch.is_connection) {
    drop(watch.fd);
    return;
  }
  // Being told of what is not wanted does no harm for reading (it happens once), but
  // an idle socket is always writable.
  const bool missing = (events & ~watch.watched) != 0;
  const bool noisy = (watch.watched & ~events & UV_WRITABLE) != 0;
  if (!missing && !noisy) return;
  watch.watched = events;
  if (events == 0) {
    uv_poll_stop(&watch.poll);
    return;
  }
  uv_poll_start(&watch.poll, events, [](uv_poll_t* poll, int status, int ready) {
    auto* ready_watch = static_cast<Watch*>(poll->data);
    ready_watch->owner->on_ready(*ready_watch, status, ready);
  });
}

void CurlMulti::on_ready(Watch& watch, int status, int events) {
  if (watch.wanted == 0) {
    uv_poll_stop(&watch.poll);
    watch.watched = 0;
    return;
  }
  int flags = status < 0 ? CURL_CSELECT_ERR : 0;
  if ((events & UV_READABLE) != 0) flags |= CURL_CSELECT_IN;
  if ((events & UV_WRITABLE) != 0) flags |= CURL_CSELECT_OUT;
  act(watch.fd, flags);
}

void CurlMulti::drop(curl_socket_t fd) {
  const auto found = watches_.find(fd);
  if (found == watches_.end()) return;
  Watch* watch = found->second;
  watches_.erase(found);
  uv_poll_stop(&watch->poll);
  uv_close(reinterpret_cast<uv_handle_t*>(&watch->poll),
           [](uv_handle_t* closed) { delete static_cast<Watch*>(closed->data); });
}

}  // namespace sojourn::uv
