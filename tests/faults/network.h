// A network of its own: a namespace that a pair of veth joins to this one, gone with the object.
// The daemon reaches what listens there by `address`; what the network does to its packets is said
// with iptables and ip inside, so nothing outside of it changes but for the one link. Needs
// Means::kNetworkNamespace. Main thread.
#pragma once

#include <string>

namespace sojourn::faults {

class Network {
 public:
  Network();
  ~Network();
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  const std::string& name() const { return name_; }  // as `ip netns` has it
  std::string address() const;

  // `iptables WORDS` inside. A refusal is a failed expectation.
  void filter(const std::string& words) const;
  void clear_filter() const { filter("-F"); }
  // The far end of the link.
  void set_link(bool is_up) const;

 private:
  std::string name_;
  int number_;  // of the subnet
};

}  // namespace sojourn::faults
