// What happened in a simulated run, as one hash over all of it and the newest lines to read.
// Same seed, same hash: nothing that depends on an address, on the machine's time or on the
// order of a hash map may get in.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include "base/instant.h"
#include "tests/sim/agenda.h"

namespace sojourn::sim {

class Trace {
 public:
  Trace(const Agenda& agenda, std::size_t kept) : agenda_(agenda), kept_(kept) {}

  // Hashed with the time, and kept.
  void line(std::string text);
  // Hashed only: for what happens too often to be read.
  void mix(std::uint64_t number);
  void mix(std::string_view text);

  std::uint64_t hash() const { return hash_; }
  const std::deque<std::string>& newest() const { return newest_; }

 private:
  const Agenda& agenda_;
  const std::size_t kept_;
  std::uint64_t hash_ = 0;
  std::deque<std::string> newest_;
};

// "3d 04:05:06.789".
std::string since_start(base::Millis time);

}  // namespace sojourn::sim
