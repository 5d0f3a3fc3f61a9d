#include "runtime/uv/service_manager.h"

#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <utility>

namespace sojourn::uv {
namespace {

using Kind = base::Error::Kind;

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

base::Result<std::int64_t> whole_number(const char* name, const std::string& text) {
  std::int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  if (read.ec == std::errc{} && read.ptr == end && number > 0) return number;
  return base::failure(Kind::kInvalid,
                       fmt::format("{} is `{}`, which is no whole number above 0", name, text),
                       "the service manager sets it; start without it to run unsupervised");
}

base::Result<std::optional<base::Millis>> watchdog_of(const ServiceManager::Words& words) {
  if (words.watchdog_usec.empty()) return std::nullopt;
  if (!words.watchdog_pid.empty()) {
    const auto pid = whole_number("WATCHDOG_PID", words.watchdog_pid);
    if (!pid) return tl::unexpected(pid.error());
    if (*pid != ::getpid()) return std::nullopt;  // meant for whoever started us
  }
  const auto micros = whole_number("WATCHDOG_USEC", words.watchdog_usec);
  if (!micros) return tl::unexpected(micros.error());
  return base::Millis{*micros / 1000};
}

base::Result<std::string> address_of(const std::string& text) {
  const bool is_abstract = text.starts_with('@');
  if (!is_abstract && !text.starts_with('/')) {
    return base::failure(
        Kind::kInvalid,
        fmt::format("NOTIFY_SOCKET is `{}`, which is neither a path nor an abstract address", text),
        "it begins with `/` or `@`; start without it to run unsupervised");
  }
  if (text.size() < 2 || text.size() >= sizeof(sockaddr_un::sun_path)) {
    return base::failure(
        Kind::kInvalid,
        fmt::format("NOTIFY_SOCKET `{}` has {} bytes; a socket's address has 2 to {}", text,
                    text.size(), sizeof(sockaddr_un::sun_path) - 1));
  }
  std::string address = text;
  if (is_abstract) address.front() = '\0';
  return address;
}

}  // namespace

ServiceManager::Words ServiceManager::words_of_environment() {
  return {variable("NOTIFY_SOCKET"), variable("WATCHDOG_USEC"), variable("WATCHDOG_PID")};
}

base::Result<std::optional<ServiceManager>> ServiceManager::from(const Words& words) {
  if (words.notify_socket.empty()) return std::nullopt;
  auto address = address_of(words.notify_socket);
  if (!address) return tl::unexpected(address.error());
  const auto watchdog = watchdog_of(words);
  if (!watchdog) return tl::unexpected(watchdog.error());
  const int fd = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) {
    return base::failure(
        Kind::kFatal,
        fmt::format("cannot make a socket for the service manager: {}", std::strerror(errno)));
  }
  return ServiceManager(fd, std::move(*address), *watchdog);
}

ServiceManager::ServiceManager(int socket, std::string address,
                               std::optional<base::Millis> watchdog)
    : socket_(socket), address_(std::move(address)), watchdog_(watchdog) {}

ServiceManager::ServiceManager(ServiceManager&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)),
      address_(std::move(other.address_)),
      watchdog_(other.watchdog_) {}

ServiceManager::~ServiceManager() {
  if (socket_ >= 0) ::close(socket_);
}

bool ServiceManager::say(std::string_view lines) const {
  sockaddr_un to{};
  to.sun_family = AF_UNIX;
  std::memcpy(to.sun_path, address_.data(), address_.size());
  // The length counts: what follows the name of an abstract address would be part of it.
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address_.size());
  const ssize_t sent = ::sendto(socket_, lines.data(), lines.size(), MSG_NOSIGNAL,
                                reinterpret_cast<const sockaddr*>(&to), size);
  return sent == static_cast<ssize_t>(lines.size());
}

}  // namespace sojourn::uv
