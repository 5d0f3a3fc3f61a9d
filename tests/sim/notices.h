// Iterable's way back: of messages that it took it tells by notices, at once, hours later, twice or
// never, and again until one was answered or it gives up. Knows what was told for certain. One
// thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "tests/sim/agenda.h"
#include "tests/sim/chance.h"
#include "tests/sim/invariants.h"
#include "tests/sim/known.h"
#include "tests/sim/sent_record.h"
#include "tests/sim/trace.h"

namespace sojourn::sim {

class Notices {
 public:
  struct Counts {
    std::uint64_t told = 0;
    std::uint64_t taken = 0;
    std::uint64_t repeated = 0;
    std::uint64_t given_up = 0;
    std::uint64_t opt_outs = 0;  // taken
    std::uint64_t in_time = 0;   // that a message was sent, before its own answer was committed
    void add(const Counts& more);
  };
  // Gives a body to the daemon, under a ticket that its answer will name; false: nobody listens.
  using Door = std::function<bool(const std::string& body, std::uint64_t ticket)>;

  Notices(Agenda& agenda, Chance& chance, Trace& trace, Known& known, Found found, Door door)
      : agenda_(agenda),
        chance_(chance),
        trace_(trace),
        known_(known),
        found_(std::move(found)),
        door_(std::move(door)) {}

  // Until then the project has no webhook.
  void begin() { has_webhook_ = true; }
  // Tickets of notices are not those of senders.
  static bool is_ticket(std::uint64_t ticket) { return ticket >= kFirstTicket; }

  // Iterable took the message.
  void accepted(const Message& message);
  // How the store recognises what the ticket is of.
  void recognised_as(std::uint64_t ticket, std::uint64_t seen_hash);
  // It is committed; `became` as the daemon counts it.
  void durable(std::uint64_t ticket, std::string_view became, std::uint64_t commit);
  void answered(std::uint64_t ticket, int status);
  // A message is claimed by this commit.
  void claimed(const Message& message, std::uint64_t commit) const;
  // An outcome of the message has been committed.
  void settled(const std::string& key) { settled_.insert(key); }

  const Counts& counts() const { return counts_; }

 private:
  static constexpr std::uint64_t kFirstTicket = std::uint64_t{1} << 40U;
  enum class What : std::uint8_t { kSent, kOpened, kUnsubscribed, kHardBounce };
  struct Notice {
    What what = What::kSent;
    Message message;
    std::uint64_t number = 0;  // of the message, as Iterable counts
    base::Millis at;
    int tries = 0;
    bool is_repeat = false;
    std::optional<std::uint64_t> seen_hash;
  };
  static std::string body_of(const Notice& notice);
  void happens(What what, const Message& message, base::Millis in);
  void tell(Notice notice);
  void again(Notice notice);

  Agenda& agenda_;
  Chance& chance_;
  Trace& trace_;
  Known& known_;
  const Found found_;
  const Door door_;
  bool has_webhook_ = false;
  std::map<std::uint64_t, Notice> tickets_;
  std::map<std::string, std::uint64_t> sent_;  // keys that were told of: the commit
  std::set<std::string> settled_;              // keys
  std::uint64_t next_ticket_ = kFirstTicket;
  std::uint64_t messages_ = 0;
  Counts counts_;
};

}  // namespace sojourn::sim
