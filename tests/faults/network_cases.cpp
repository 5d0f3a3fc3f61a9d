// The way to the sink fails, while the daemon goes on, and comes back. What cannot have arrived is
// not in doubt; what may have is, and is sent again.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/faults/all_cases.h"
#include "tests/faults/drill.h"
#include "tests/faults/hostile_sink.h"
#include "tests/faults/network.h"

namespace sojourn::faults {
namespace {

constexpr const char* kImpatient = "look_up_after_seconds = 0\ntimeout_seconds = 1";
// Times that the daemon tries again while the fault lasts.
constexpr int kRetries = 2;

enum class Doubt { kNone, kSome };

// Everybody signs up while the fault is on; after some attempts in vain it ends, and the same
// daemon goes on.
template <typename Restore>
void live_through(Context& context, Drill& drill, const e2e::Words& before, Restore restore,
                  Doubt doubt, const std::string& run) {
  const auto daemon = drill.start(before);
  ASSERT_NE(daemon->port(), 0) << daemon->process().err();
  EXPECT_EQ(drill.send(*daemon), 0U) << "what comes in does not depend on what can go out";
  const std::size_t received = context.sandbox().messages(context.stage().last_message).size();
  for (int retry = 0; retry < kRetries; ++retry) {
    const auto clock = daemon->settle();
    ASSERT_TRUE(clock) << daemon->process().err();
    ASSERT_TRUE(clock->next_due) << "it would try again";
    daemon->jump_to(*clock->next_due);
  }
  if (doubt == Doubt::kNone) {
    EXPECT_EQ(received, 0U) << "the fault was on";
  }
  restore();
  EXPECT_TRUE(drill.run_to_the_end(*daemon)) << daemon->process().err();
  EXPECT_EQ(daemon->stop(), 0);
  const std::uint64_t doubts = context.tally().in_doubt;
  drill.finish(run);
  if (doubt == Doubt::kNone) {
    EXPECT_EQ(context.tally().in_doubt, doubts) << "nothing had left";
  } else {
    EXPECT_GT(context.tally().in_doubt, doubts) << "it had left, and no answer came";
  }
}

// A sink in a network of its own, and a drill that sends there.
struct FarSink {
  explicit FarSink(Context& context)
      : sink(context.sandbox().port(), network.address(), network.name()),
        drill(context, {.iterable = kImpatient,
                        .base_url = fmt::format("http://{}:{}", network.address(), sink.port())}) {}

  Network network;
  HostileSink sink;
  Drill drill;
};

void filtered(Context& context, const std::string& rule, Doubt doubt) {
  FarSink far(context);
  far.network.filter(rule);
  live_through(context, far.drill, {}, [&] { far.network.clear_filter(); }, doubt, rule);
}

void link_down(Context& context) {
  FarSink far(context);
  far.network.set_link(false);
  live_through(
      context, far.drill, {}, [&] { far.network.set_link(true); }, Doubt::kNone, "link down");
}

// The daemon has /etc/hosts and /etc/resolv.conf of its own; there is no name server.
void no_name(Context& context) {
  constexpr const char* kName = "sink.faults.example";
  HostileSink sink(context.sandbox().port());
  Drill drill(context, {.iterable = kImpatient,
                        .base_url = fmt::format("http://{}:{}", kName, sink.port())});
  const e2e::Project& project = drill.project();
  project.write("hosts", "127.0.0.1 localhost\n");
  project.write("resolv.conf", "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n");
  const std::string folder = project.folder().string();
  const e2e::Words before{"unshare",
                          "--mount",
                          "sh",
                          "-ec",
                          fmt::format("mount --bind {0}/hosts /etc/hosts;"
                                      "mount --bind {0}/resolv.conf /etc/resolv.conf; exec \"$@\"",
                                      folder),
                          "sh"};
  live_through(
      context, drill, before,
      [&] { project.write("hosts", fmt::format("127.0.0.1 localhost {}\n", kName)); }, Doubt::kNone,
      "no name");
}

Case filter_case(const char* name, const char* injected, const char* rule, Doubt doubt) {
  return {.name = name,
          .injected = injected,
          .needs = {Means::kRoot, Means::kNetworkNamespace, Means::kPacketFilter},
          .is_quick = false,
          .run = [rule, doubt](Context& context) { filtered(context, rule, doubt); }};
}

}  // namespace

void add_network_cases(Cases& cases) {
  cases.push_back(filter_case("network.refused", "every connection is refused, in a namespace",
                              "-A INPUT -p tcp -j REJECT --reject-with tcp-reset", Doubt::kNone));
  cases.push_back(filter_case("network.black_hole", "no packet arrives, in a namespace",
                              "-A INPUT -j DROP", Doubt::kNone));
  cases.push_back(filter_case("network.answers_lost",
                              "messages arrive and answers do not, in a namespace",
                              "-A OUTPUT -p tcp --tcp-flags PSH PSH -j DROP", Doubt::kSome));
  cases.push_back({.name = "network.link_down",
                   .injected = "the link is down, in a namespace",
                   .needs = {Means::kRoot, Means::kNetworkNamespace},
                   .is_quick = false,
                   .run = link_down});
  cases.push_back({.name = "network.no_name",
                   .injected = "the sink's name cannot be resolved, in a mount namespace",
                   .needs = {Means::kRoot, Means::kMountNamespace},
                   .is_quick = false,
                   .run = no_name});
}

}  // namespace sojourn::faults
