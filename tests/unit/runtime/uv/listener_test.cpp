#include "runtime/uv/listener.h"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/runtime/uv/harness.h"

namespace sojourn::uv {
namespace {

using Kind = base::Error::Kind;

class ListenerTest : public testing::Test {
 protected:
  ListenerTest() {
    std::string pattern = testing::TempDir() + "sojourn-XXXXXX";
    directory_ = mkdtemp(pattern.data());
  }
  ~ListenerTest() override { std::filesystem::remove_all(directory_); }

  std::string path(const char* name) const { return directory_ + "/" + name; }

  base::Status listen(const std::string& path) {
    return server_.thread().call([&] { return server_.server()->listen_unix(path); });
  }
  base::Result<int> listen_tcp(const std::string& host, int port) {
    return server_.thread().call([&] { return server_.server()->listen_tcp(host, port); });
  }

  std::string directory_;
  TestServer server_;
};

TEST_F(ListenerTest, ServesAUnixSocketThatOnlyItsOwnerMayUse) {
  ASSERT_TRUE(listen(path("s")));
  struct stat made{};
  ASSERT_EQ(stat(path("s").c_str(), &made), 0);
  EXPECT_TRUE(S_ISSOCK(made.st_mode));
  EXPECT_EQ(made.st_mode & 0777, 0600u);
  Peer peer(path("s"));
  peer.send("GET /status HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(summary(peer.read_message()), "200 GET /status []");
}

TEST_F(ListenerTest, ListensToNobodyElseWhateverTheFileLetsIn) {
  HttpServerOptions options;
  for (const bool is_ours : {true, false}) {
    options.unix_users = {{geteuid() + (is_ours ? 0U : 1U)}};
    TestServer server(options);
    const std::string socket = path(is_ours ? "ours" : "theirs");
    ASSERT_TRUE(server.thread().call([&] { return server.server()->listen_unix(socket); }));
    Peer peer(socket);
    if (is_ours) peer.send("GET /status HTTP/1.1\r\nHost: localhost\r\n\r\n");
    EXPECT_EQ(is_ours ? summary(peer.read_message()) : peer.read_all(),
              is_ours ? "200 GET /status []" : "");
    EXPECT_EQ(server.stats().requests, is_ours ? 1U : 0U);
  }
}

TEST_F(ListenerTest, RemovesItsSocketFileWhenItCloses) {
  ASSERT_TRUE(listen(path("s")));
  server_.close();
  EXPECT_FALSE(std::filesystem::exists(path("s")));
}

TEST_F(ListenerTest, LeavesAFileThatTookItsPlace) {
  ASSERT_TRUE(listen(path("s")));
  std::filesystem::remove(path("s"));
  std::ofstream(path("s")) << "mine";
  server_.close();
  EXPECT_TRUE(std::filesystem::exists(path("s")));
}

TEST_F(ListenerTest, ReplacesASocketOnWhichNobodyListens) {
  {
    TestServer dead;
    ASSERT_TRUE(dead.thread().call([&] { return dead.server()->listen_unix(path("s")); }));
    // A killed process leaves its file behind.
    std::filesystem::create_hard_link(path("s"), path("left"));
  }
  ASSERT_TRUE(std::filesystem::exists(path("left")));
  ASSERT_TRUE(listen(path("left")));
  Peer peer(path("left"));
  peer.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(summary(peer.read_message()), "200 GET / []");
}

TEST_F(ListenerTest, DoesNotTakeALiveSocket) {
  ASSERT_TRUE(listen(path("s")));
  const base::Status second = listen(path("s"));
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, Kind::kConflict);
  EXPECT_EQ(second.error().message, "cannot listen on `" + path("s") + "`: another process does");
  Peer peer(path("s"));
  peer.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(summary(peer.read_message()), "200 GET / []");
}

TEST_F(ListenerTest, DoesNotRemoveAFileThatIsNoSocket) {
  std::ofstream(path("s")) << "precious";
  const base::Status listening = listen(path("s"));
  ASSERT_FALSE(listening);
  EXPECT_EQ(listening.error().message,
            "cannot listen on `" + path("s") + "`: a file that is no socket is there");
  EXPECT_TRUE(std::filesystem::is_regular_file(path("s")));
}

TEST_F(ListenerTest, RefusesAPathThatDoesNotFit) {
  const base::Status listening = listen("/" + std::string(200, 's'));
  ASSERT_FALSE(listening);
  EXPECT_EQ(listening.error().kind, Kind::kInvalid);
  EXPECT_NE(listening.error().message.find("has 1 to 107 bytes"), std::string::npos);
}

TEST_F(ListenerTest, ListensOnAddressesOnly) {
  EXPECT_TRUE(listen_tcp("localhost", 0));
  for (const auto& [host, port] :
       {std::pair("example.com", 0), std::pair("127.0.0.1", 65'536), std::pair("", 0)}) {
    const base::Result<int> listening = listen_tcp(host, port);
    ASSERT_FALSE(listening) << host;
    EXPECT_EQ(listening.error().kind, Kind::kInvalid);
  }
}

TEST_F(ListenerTest, SaysThatAPortIsTaken) {
  const base::Result<int> listening = listen_tcp("127.0.0.1", server_.port());
  ASSERT_FALSE(listening);
  EXPECT_EQ(listening.error().kind, Kind::kConflict);
  EXPECT_NE(listening.error().message.find("address already in use"), std::string::npos);
}

}  // namespace
}  // namespace sojourn::uv
