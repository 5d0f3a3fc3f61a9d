// The way from the simulated daemon to Iterable and to the services that journeys ask, and what is
// at its end. Requests and answers are delayed, lost, come late or after the process that waited
// for them; the far side is busy, breaks down, or is away for hours. One thread.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "runtime/dispatcher.h"
#include "tests/sim/agenda.h"
#include "tests/sim/chance.h"
#include "tests/sim/forward_record.h"
#include "tests/sim/sent_record.h"
#include "tests/sim/trace.h"

namespace sojourn::sim {

enum class Weather : std::uint8_t {
  kFair,      // everything arrives
  kRough,     // some of everything that can go wrong
  kNoWay,     // nobody answers the door
  kBrokenUp,  // answers get lost
  kBusy,      // 429
  kDown,      // 503, 500 with and without a code
};
inline constexpr std::uint64_t kWeathers = 6;
std::string_view to_string(Weather weather);

class Network {
 public:
  Network(Agenda& agenda, Chance& chance, Trace& trace, SentRecord& record, ForwardRecord& forwards)
      : agenda_(agenda), chance_(chance), trace_(trace), record_(record), forwards_(forwards) {}

  void set_weather(Weather weather);
  Weather weather() const { return weather_; }

  // `life`: of the process that asks; `done` is not called after it.
  void send(const connectors::HttpRequest& request, const std::shared_ptr<int>& life,
            runtime::Transport::Done done);
  void call(const connectors::webhook::Request& request, const std::shared_ptr<int>& life,
            runtime::Transport::Done done);

  enum class Mishap : std::uint8_t {
    kNoConnection,
    kRequestLost,
    kAnswerLost,
    kTooLate,
    kRefused,
    kServerError
  };
  static constexpr std::size_t kMishaps = 6;
  const std::array<std::uint64_t, kMishaps>& mishaps() const { return mishaps_; }
  std::uint64_t requests() const { return requests_; }

 private:
  struct Flight;
  using Arrive = std::function<connectors::Response()>;
  void fly(const std::shared_ptr<Flight>& flight, base::Millis timeout, Arrive arrive);
  void arrive(const std::shared_ptr<Flight>& flight, const Arrive& arrive);
  void finish(Flight& flight, const connectors::Attempt& attempt);
  connectors::Response answer(const connectors::HttpRequest& request, Flight& flight);
  // What the far side says without having taken anything; status 0: it takes it.
  connectors::Response mood();
  // Whether it takes what a sender said; status 0: it does.
  connectors::Response refusal(const std::string& call);
  connectors::Response listed(std::string_view query);
  std::uint64_t& count(Mishap mishap) { return mishaps_.at(static_cast<std::size_t>(mishap)); }

  Agenda& agenda_;
  Chance& chance_;
  Trace& trace_;
  SentRecord& record_;
  ForwardRecord& forwards_;
  Weather weather_ = Weather::kFair;
  std::array<std::uint64_t, kMishaps> mishaps_{};
  std::uint64_t requests_ = 0;
};

// What a request says of the message that it is; without a key: it is none.
Message message_of(const connectors::HttpRequest& request);

}  // namespace sojourn::sim
