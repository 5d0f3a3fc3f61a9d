// A sink that takes messages and then behaves badly: it stands between the daemon and the sandbox,
// passes on what it is asked, so the sandbox has recorded the message, and makes of the answer what
// its trick says. Threads of its own; everything here may be called from any.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace sojourn::faults {

enum class Trick : std::uint8_t {
  kNone,            // the sandbox's answer
  kReset,           // cuts the connection instead of an answer
  kResetMidAnswer,  // the same within the answer
  kCutBefore,       // the same, and passes nothing on
  kLate,            // the answer comes when nobody waits any more
  kTwice,           // the answer, and behind it one that refuses: of whatever is asked next
  kServerError,     // a 500 of no application
  kDrip,            // begins an answer and goes on with a byte a second
  kEndless,         // a body that does not end
  kTooShort,        // says a longer Content-Length than comes
  kTooLong,         // says a shorter one
  kBomb,            // less than a megabyte, of which a decoder would make 128
  kNotHttp,         // says something else
  kEndlessHeader,   // a header that does not end
  // Two that no daemon can see through, for the tests of the join: it has to.
  kLie,        // says that it was taken, and passes nothing on
  kTakeTwice,  // passes it on twice
};

class HostileSink {
 public:
  // Passes on to 127.0.0.1:`upstream_port`. Listens on `address`, in the network namespace of this
  // name where there is one (as `ip netns` names it).
  explicit HostileSink(int upstream_port, const std::string& address = "127.0.0.1",
                       const std::string& name_space = {});
  ~HostileSink();
  HostileSink(const HostileSink&) = delete;
  HostileSink& operator=(const HostileSink&) = delete;

  int port() const { return port_; }
  // What is done with the next `times` messages; later ones are answered well.
  void play(Trick trick, int times);
  // How often it has been played since.
  int played() const { return played_; }

 private:
  struct Request {
    std::string head;
    std::string body;
  };

  void accept_all();
  void serve(int connection);
  // False when the connection is over.
  bool read_request(int connection, std::string& buffer, Request& out) const;
  bool answer(int connection, const Request& request);
  bool give(int connection, Trick trick, const std::string& honest);
  std::string pass_on(const Request& request) const;
  Trick trick_for(const Request& request);
  bool send(int connection, std::string_view bytes) const;
  bool send_without_end(int connection, std::string_view begin) const;
  // False when the sink ends, or the peer has gone, before that.
  bool wait(int connection, int milliseconds) const;

  const int upstream_port_;
  int listener_ = -1;
  int port_ = 0;
  int end_read_ = -1;  // readable once the sink is to end
  int end_write_ = -1;

  std::mutex mutex_;
  Trick trick_ = Trick::kNone;
  int times_ = 0;
  std::atomic<int> played_ = 0;
  std::vector<std::thread> connections_;
  std::thread acceptor_;
};

}  // namespace sojourn::faults
