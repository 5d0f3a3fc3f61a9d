#include "bench/wire/poller.h"

#include <array>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/check.h"

namespace sojourn::bench {
namespace {

constexpr int kMaxReady = 512;

void control(int epoll_fd, int operation, int fd, Watcher* watcher, std::uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = watcher;
  SOJOURN_CHECK(epoll_ctl(epoll_fd, operation, fd, &event) == 0,
                "the descriptor is open and its place in the epoll set is known");
}

}  // namespace

Poller::Poller() : epoll_(epoll_create1(EPOLL_CLOEXEC)), ready_(kMaxReady) {
  SOJOURN_CHECK(epoll_.fd() >= 0, "an epoll set can be made");
}

void Poller::add(const Socket& socket, Watcher* watcher) {
  control(epoll_.fd(), EPOLL_CTL_ADD, socket.fd(), watcher, EPOLLIN);
}

void Poller::want_writable(const Socket& socket, Watcher* watcher, bool wanted) {
  control(epoll_.fd(), EPOLL_CTL_MOD, socket.fd(), watcher, wanted ? EPOLLIN | EPOLLOUT : EPOLLIN);
}

void Poller::remove(const Socket& socket) {
  control(epoll_.fd(), EPOLL_CTL_DEL, socket.fd(), nullptr, 0);
}

void Poller::wait(int timeout_ms) {
  ready_count_ = epoll_wait(epoll_.fd(), ready_.data(), kMaxReady, timeout_ms);
}

void Poller::tell() {
  for (int i = 0; i < ready_count_; ++i) {
    const std::uint32_t events = ready_[i].events;
    auto* watcher = static_cast<Watcher*>(ready_[i].data.ptr);
    // A hang-up is learnt by reading.
    watcher->on_ready((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0, (events & EPOLLOUT) != 0);
  }
}

StopSignal::StopSignal(Poller& poller) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  SOJOURN_CHECK(sigprocmask(SIG_BLOCK, &set, nullptr) == 0, "signals can be blocked");
  signals_ = Socket(signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC));
  poller.add(signals_, this);
}

void StopSignal::on_ready(bool, bool) {
  signalfd_siginfo info;
  asked_ = ::read(signals_.fd(), &info, sizeof info) == sizeof info || asked_;
}

}  // namespace sojourn::bench
