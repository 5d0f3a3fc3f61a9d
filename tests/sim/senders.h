// The people of a run and those who speak for them: each person's sender says one thing after
// another, and says it again with the same id until it was taken. One thread.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tests/sim/agenda.h"
#include "tests/sim/chance.h"
#include "tests/sim/fan_out_watch.h"
#include "tests/sim/known.h"
#include "tests/sim/said.h"
#include "tests/sim/trace.h"

namespace sojourn::sim {

class Senders {
 public:
  // Gives a request to the daemon, under a ticket that its answer will name; false: nobody listens.
  using Door = std::function<bool(const Post&, std::uint64_t ticket)>;

  Senders(Agenda& agenda, Chance& chance, Trace& trace, Known& known, FanOutWatch& fan_outs,
          Door door)
      : agenda_(agenda),
        chance_(chance),
        trace_(trace),
        known_(known),
        fan_outs_(fan_outs),
        door_(std::move(door)) {}

  // Plans what is said of `people` people within `span`. `often_erased`: more of them are erased,
  // and come again, or turn out to be one.
  void plan(std::size_t people, base::Millis span, bool often_erased);
  // Told of each event for many that was committed.
  void tell(std::function<void()> said_to_many) { said_to_many_ = std::move(said_to_many); }

  // Of the item of the request, while its sender waits: how the store recognises it.
  void recognised_as(std::uint64_t ticket, std::uint64_t seen_hash);
  // What was said in the request is durable by this commit; nothing of it was refused.
  void durable(std::uint64_t ticket, std::uint64_t commit);
  // Its sender is answered.
  void answered(std::uint64_t ticket, int status);

  // Somebody has something that was not taken yet.
  bool is_waiting() const;
  std::size_t people() const { return people_.size(); }
  std::uint64_t said() const { return said_; }
  std::uint64_t repeats() const { return repeats_; }
  std::uint64_t refused() const { return refused_; }

 private:
  struct Person {
    std::deque<Said> to_say;
    bool is_speaking = false;  // waits for an answer, or for the next try
    bool is_gone = false;      // became somebody else
    bool is_known = false;
    std::vector<std::string> orders;  // placed and not paid
  };
  struct Ticket {
    std::size_t person = 0;
    Said said;
    bool is_repeat = false;
  };

  void think(std::size_t person, std::optional<Said::What> of);
  void stir(const Said& said);
  Said::What choose(const Person& person);
  bool choose_other(Said& said);
  void come_again(std::size_t person);
  void put(Said said);
  void speak(std::size_t person);
  void say(std::size_t person);
  void again(std::size_t person);
  void over(std::size_t person, bool was_taken);
  void perhaps_repeat(const Said& said);
  std::uint64_t knock(Ticket ticket);

  Agenda& agenda_;
  Chance& chance_;
  Trace& trace_;
  Known& known_;
  FanOutWatch& fan_outs_;
  const Door door_;
  std::function<void()> said_to_many_;
  std::vector<Person> people_;
  bool often_erased_ = false;
  std::map<std::uint64_t, Ticket> tickets_;
  std::uint64_t next_ticket_ = 1;
  std::uint64_t next_ref_ = 1;
  std::int64_t next_score_ = 1;
  std::uint64_t said_ = 0;
  std::uint64_t repeats_ = 0;
  std::uint64_t refused_ = 0;
};

}  // namespace sojourn::sim
