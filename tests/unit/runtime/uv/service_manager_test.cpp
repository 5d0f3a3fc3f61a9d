#include "runtime/uv/service_manager.h"

#include <cstring>
#include <filesystem>
#include <gtest/gtest.h>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace sojourn::uv {
namespace {

// A socket at this address, as a service manager has one.
class Listening {
 public:
  explicit Listening(const std::string& address)
      : fd_(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
    sockaddr_un at{};
    at.sun_family = AF_UNIX;
    std::memcpy(at.sun_path, address.data(), address.size());
    if (address.front() == '@') at.sun_path[0] = '\0';
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address.size());
    EXPECT_EQ(bind(fd_, reinterpret_cast<const sockaddr*>(&at), size), 0) << std::strerror(errno);
  }
  ~Listening() { close(fd_); }
  Listening(const Listening&) = delete;
  Listening& operator=(const Listening&) = delete;

  // Empty when there is none.
  std::string next() const {
    char buffer[4096];
    const ssize_t size = recv(fd_, buffer, sizeof buffer, 0);
    return size < 0 ? "" : std::string(buffer, static_cast<std::size_t>(size));
  }

 private:
  int fd_;
};

ServiceManager at(const std::string& address) {
  auto manager = ServiceManager::from({address, "", ""});
  EXPECT_TRUE(manager && *manager);
  return std::move(**manager);
}

std::string message_of(const ServiceManager::Words& words) {
  const auto manager = ServiceManager::from(words);
  return manager ? "" : manager.error().message;
}

std::string unused_path() {
  std::string folder = (std::filesystem::temp_directory_path() / "sojourn-notify-XXXXXX").string();
  EXPECT_NE(mkdtemp(folder.data()), nullptr);
  return folder + "/notify";
}

TEST(ServiceManager, IsToldAtAPath) {
  const std::string path = unused_path();
  const Listening listening(path);
  const ServiceManager manager = at(path);
  EXPECT_TRUE(manager.say("READY=1\nSTATUS=running"));
  EXPECT_TRUE(manager.say("WATCHDOG=1"));
  EXPECT_EQ(listening.next(), "READY=1\nSTATUS=running");
  EXPECT_EQ(listening.next(), "WATCHDOG=1");
  std::filesystem::remove_all(std::filesystem::path(path).parent_path());
}

TEST(ServiceManager, IsToldAtAnAbstractAddress) {
  const std::string address = "@sojourn-notify-" + std::to_string(getpid());
  const Listening listening(address);
  EXPECT_TRUE(at(address).say("READY=1"));
  EXPECT_EQ(listening.next(), "READY=1");
}

TEST(ServiceManager, ThatIsAwayOrFullIsNoticedAndNotWaitedFor) {
  const std::string path = unused_path();
  const ServiceManager manager = at(path);
  EXPECT_FALSE(manager.say("READY=1")) << "nobody is there";
  const Listening listening(path);
  EXPECT_TRUE(manager.say("READY=1"));
  // The kernel keeps a bounded number for a reader that does not read.
  int taken = 0;
  while (taken < 1'000'000 && manager.say("WATCHDOG=1")) ++taken;
  EXPECT_LT(taken, 1'000'000);
  EXPECT_EQ(listening.next(), "READY=1");
  EXPECT_TRUE(manager.say("WATCHDOG=1"));
  std::filesystem::remove_all(std::filesystem::path(path).parent_path());
}

TEST(ServiceManager, IsNotThereWithoutItsVariable) {
  const auto manager = ServiceManager::from({"", "5000000", ""});
  ASSERT_TRUE(manager);
  EXPECT_FALSE(manager->has_value());
}

TEST(ServiceManager, WantsLifeSignsOnlyOfTheProcessThatItNames) {
  const std::string mine = std::to_string(getpid());
  const std::string other = std::to_string(getppid());
  EXPECT_EQ((*ServiceManager::from({"@a", "5000000", ""}))->watchdog(), base::seconds(5));
  EXPECT_EQ((*ServiceManager::from({"@a", "5000000", mine}))->watchdog(), base::seconds(5));
  EXPECT_EQ((*ServiceManager::from({"@a", "5000000", other}))->watchdog(), std::nullopt);
  EXPECT_EQ((*ServiceManager::from({"@a", "", ""}))->watchdog(), std::nullopt);
}

TEST(ServiceManager, WhatCannotBeMeantIsRefused) {
  EXPECT_EQ(message_of({"run/notify", "", ""}),
            "NOTIFY_SOCKET is `run/notify`, which is neither a path nor an abstract address");
  const std::string long_path = "/" + std::string(107, 'x');
  EXPECT_EQ(message_of({long_path, "", ""}),
            "NOTIFY_SOCKET `" + long_path + "` has 108 bytes; a socket's address has 2 to 107");
  EXPECT_EQ(message_of({"@", "", ""}),
            "NOTIFY_SOCKET `@` has 1 bytes; a socket's address has 2 to 107");
  for (const std::string bad : {"0", "-1", "5s", "99999999999999999999", " 5"}) {
    EXPECT_EQ(message_of({"@a", bad, ""}),
              "WATCHDOG_USEC is `" + bad + "`, which is no whole number above 0");
    EXPECT_EQ(message_of({"@a", "5000000", bad}),
              "WATCHDOG_PID is `" + bad + "`, which is no whole number above 0");
  }
}

}  // namespace
}  // namespace sojourn::uv
