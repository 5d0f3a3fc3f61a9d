// The floor: the least that a durable welcome journey can cost on this machine.
// An event comes in by HTTP, message 1 goes out by HTTP, a durable wait, message
// 2 by plan, the end. Any other event is a row. One thread, one SQLite file, one transaction per
// turn of the loop, answers after the commit. It keeps no history, retries nothing, knows no
// profile, identity, consent or repeated event: an upper bound to compare with, not something to
// run.
//
// One turn: read what the sockets hold -> take what is due -> commit -> answer
// the senders of events -> hand messages to idle connections. A message leaves
// only after the commit of the turn that asked for it. After a crash, people
// whose message was under way are sent it again.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "base/instant.h"
#include "base/result.h"
#include "bench/floor/event_intake.h"
#include "bench/floor/floor_store.h"
#include "bench/wire/http_channel.h"
#include "bench/wire/http_server.h"

namespace sojourn::bench {

struct FloorOptions {
  std::string database_path;
  std::uint16_t listen_port = 0;
  std::uint16_t sink_port = 0;
  std::size_t sink_connections = 64;
  base::Millis hold;   // wait before message 1; zero: none
  base::Millis delay;  // wait before message 2
  // Its clock is so far behind that of the machine: so that people are due at a later start.
  base::Millis behind;
};

class Floor : public ChannelOwner {
 public:
  Floor(Poller& poller, const FloorOptions& options);
  base::Status start();
  std::uint16_t port() const { return server_.port(); }

  void turn();

 private:
  struct Sender {
    std::unique_ptr<HttpChannel> channel;
    Person person;
  };

  void begin_journey(std::string_view email, std::string_view plan);
  void wait(Person person, base::Millis time);
  base::Instant clock() const;
  void on_response(std::size_t channel, const HttpMessage& response) override;
  void on_broken(std::size_t channel) override;
  void refill();
  void send();
  int milliseconds_to_sleep() const;

  Poller& poller_;
  FloorOptions options_;
  FloorStore store_;
  EventIntake intake_;
  HttpServer server_;
  std::vector<Sender> senders_;
  std::vector<std::size_t> idle_senders_;

  // People to send to, at most kMaxQueued: whoever does not fit is found on
  // disk later, behind the cursors.
  std::deque<Person> queue_;
  std::vector<Person> taken_;
  std::int64_t entered_cursor_ = -1;
  bool entered_behind_ = true;  // `entered` holds people after the cursor
  base::Instant due_cursor_;
  std::int64_t due_cursor_id_ = -1;
  base::Instant next_due_;  // no one waiting after the cursor is due earlier

  base::Instant now_;
  std::string request_;
};

}  // namespace sojourn::bench
