// The service manager that started this process, told by datagrams how the process is: the
// protocol that sd_notify(3) documents as stable, so no library is needed for it. A value; used
// on one thread. Sending never waits.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/instant.h"
#include "base/result.h"

namespace sojourn::uv {

class ServiceManager {
 public:
  // What a service manager puts into the environment; empty: it is not there.
  struct Words {
    std::string notify_socket;  // NOTIFY_SOCKET: a path, or `@` and an abstract name
    std::string watchdog_usec;  // WATCHDOG_USEC
    std::string watchdog_pid;   // WATCHDOG_PID: of whom life signs are wanted
  };
  static Words words_of_environment();

  // Nothing when no service manager listens. An error (kInvalid) when a word cannot be meant.
  static base::Result<std::optional<ServiceManager>> from(const Words& words);

  ServiceManager(ServiceManager&& other) noexcept;
  ServiceManager& operator=(ServiceManager&& other) = delete;
  ~ServiceManager();

  // `lines`: one or more of NAME=VALUE, a line each. False when nobody took them: the manager is
  // away, or its queue is full.
  bool say(std::string_view lines) const;

  // It wants a life sign at least so often; nothing: it wants none.
  std::optional<base::Millis> watchdog() const { return watchdog_; }

 private:
  ServiceManager(int socket, std::string address, std::optional<base::Millis> watchdog);

  int socket_;
  std::string address_;  // as the kernel wants it: an abstract one begins with a NUL
  std::optional<base::Millis> watchdog_;
};

}  // namespace sojourn::uv
