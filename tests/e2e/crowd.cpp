#include "tests/e2e/crowd.h"

#include <algorithm>
#include <arpa/inet.h>
#include <chrono>
#include <cstdint>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

#include "tests/e2e/http.h"

namespace sojourn::e2e {
namespace {

// Each says something about once in so many probes.
constexpr std::size_t kRounds = 20;

void say(int peer, const std::string& text) {
  if (!text.empty()) send(peer, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
}

}  // namespace

std::size_t raise_files(std::size_t wanted) {
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  const rlimit more{std::max<rlim_t>(files.rlim_cur, wanted),
                    std::max<rlim_t>(files.rlim_max, wanted)};
  const rlimit all{files.rlim_max, files.rlim_max};
  if (setrlimit(RLIMIT_NOFILE, &more) != 0) setrlimit(RLIMIT_NOFILE, &all);
  getrlimit(RLIMIT_NOFILE, &files);
  return files.rlim_cur;
}

Crowd::Crowd(int port, std::string says) : says_(std::move(says)) {
  address_.sin_family = AF_INET;
  address_.sin_port = htons(static_cast<std::uint16_t>(port));
  address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
}

Crowd::~Crowd() {
  for (const int peer : peers_) close(peer);
}

bool Crowd::grow() {
  const int peer = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (peer < 0) return false;
  peers_.push_back(peer);
  if (connect(peer, reinterpret_cast<const sockaddr*>(&address_), sizeof address_) != 0) {
    return false;
  }
  say(peer, says_);
  return true;
}

void Crowd::drip(std::size_t from, std::size_t every) {
  if (says_.empty()) return;
  for (std::size_t i = from; i < peers_.size(); i += every) say(peers_[i], "x");
}

double Probes::at(double share) const {
  const auto index = static_cast<std::size_t>(share * static_cast<double>(millis.size()));
  return millis.empty() ? 0 : millis[std::min(index, millis.size() - 1)];
}

Probes probe_health(int port, Crowd& crowd, int count) {
  Probes probes;
  for (int i = 0; i < count; ++i) {
    crowd.drip(static_cast<std::size_t>(i) % kRounds, kRounds);
    const auto begin = std::chrono::steady_clock::now();
    Http http(port);
    if (http.get("/healthz").status != 200) ++probes.failures;
    const auto end = std::chrono::steady_clock::now();
    probes.millis.push_back(std::chrono::duration<double, std::milli>(end - begin).count());
  }
  std::ranges::sort(probes.millis);
  return probes;
}

}  // namespace sojourn::e2e
