// Many connections to one server that say nothing, or little and slowly, and how long somebody else
// waits there meanwhile. On the machine's clock; one thread.
#pragma once

#include <cstddef>
#include <netinet/in.h>
#include <string>
#include <vector>

namespace sojourn::e2e {

// As many descriptors as the system lets this process have, up to `wanted`, also for programs that
// it starts. Returns how many there are.
std::size_t raise_files(std::size_t wanted);

class Crowd {
 public:
  // `says`: what each of them says at once.
  Crowd(int port, std::string says);
  ~Crowd();
  Crowd(const Crowd&) = delete;
  Crowd& operator=(const Crowd&) = delete;

  // One more; false when the system has no more.
  bool grow();
  // One more byte of each `every`-th, if they say anything at all. Those who were thrown out are
  // not heard any more.
  void drip(std::size_t from, std::size_t every);
  std::size_t size() const { return peers_.size(); }

 private:
  sockaddr_in address_{};
  const std::string says_;
  std::vector<int> peers_;
};

// GET /healthz so many times, each on a connection of its own, while the crowd goes on. The
// milliseconds that each took, in order of their size; `failures` counts those that were no 200.
struct Probes {
  std::vector<double> millis;
  int failures = 0;

  double at(double share) const;  // 0.5: the median
};
Probes probe_health(int port, Crowd& crowd, int count);

}  // namespace sojourn::e2e
