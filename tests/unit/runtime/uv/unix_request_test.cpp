#include "runtime/uv/unix_request.h"

#include <filesystem>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/unit/runtime/uv/harness.h"

namespace sojourn::uv {
namespace {

class UnixRequestTest : public testing::Test {
 protected:
  UnixRequestTest() {
    std::string pattern = testing::TempDir() + "sojourn-XXXXXX";
    directory_ = mkdtemp(pattern.data());
  }
  ~UnixRequestTest() override { std::filesystem::remove_all(directory_); }

  std::string socket() const { return directory_ + "/s"; }

  std::string directory_;
};

TEST_F(UnixRequestTest, AsksADaemonAndReadsItsAnswer) {
  TestServer server;
  ASSERT_TRUE(server.thread().call([&] { return server.server()->listen_unix(socket()); }));
  const base::Result<UnixReply> got = unix_request(socket(), "/status?journey=welcome");
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->status, 200);
  EXPECT_EQ(got->body, "GET /status?journey=welcome []");
  EXPECT_EQ(unix_request(socket(), "/stop", "{}")->body, "POST /stop [{}]");
}

TEST_F(UnixRequestTest, HandsOverAnyStatus) {
  TestServer server({}, [](HttpRequest&&, Responder responder) {
    HttpResponse response;
    response.status = 404;
    responder.answer(response);
  });
  ASSERT_TRUE(server.thread().call([&] { return server.server()->listen_unix(socket()); }));
  EXPECT_EQ(unix_request(socket(), "/")->status, 404);
}

TEST_F(UnixRequestTest, SaysThatNobodyAnswers) {
  const base::Result<UnixReply> got = unix_request(socket(), "/status");
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().kind, base::Error::Kind::kUnavailable);
  EXPECT_NE(got.error().message.find("no answer from `" + socket() + "`"), std::string::npos);
  EXPECT_EQ(got.error().hint, "is the daemon running?");
}

// Nobody is there, and somebody does not answer, are two things: who revokes a key has to know.
TEST_F(UnixRequestTest, TellsSomebodyWhoDoesNotAnswerFromNobody) {
  {
    TestServer server({}, [](HttpRequest&&, Responder responder) { responder.reset(); });
    ASSERT_TRUE(server.thread().call([&] { return server.server()->listen_unix(socket()); }));
    EXPECT_EQ(unix_request(socket(), "/").error().kind, base::Error::Kind::kConflict);
  }
  const int left_behind = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = socket() + ".left";
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  ASSERT_EQ(::bind(left_behind, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  ::close(left_behind);
  EXPECT_EQ(unix_request(path, "/").error().kind, base::Error::Kind::kUnavailable);
  ::unlink(path.c_str());
}

}  // namespace
}  // namespace sojourn::uv
