// A sink that takes messages and answers badly, or is not who it should be. Each message of a drill
// meets the trick once or twice; then the sink behaves, and every message has to come through:
// once, or more often where it is listed in doubt.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/faults/all_cases.h"
#include "tests/faults/drill.h"
#include "tests/faults/hostile_sink.h"
#include "tests/faults/process_use.h"

namespace sojourn::faults {
namespace {

// Of an attempt; shorter than what the tricks take that want patience.
constexpr const char* kImpatient = "look_up_after_seconds = 0\ntimeout_seconds = 1";
// However large an answer is or would become, the daemon keeps no more than a megabyte of each.
constexpr std::int64_t kMostGrowthKilobytes = 64 * 1024;

void play(Context& context, Trick trick) {
  const int rounds = context.is_quick() ? 1 : 3;
  for (int times = 1; times <= rounds; ++times) {
    HostileSink sink(context.sandbox().port());
    DrillOptions options;
    options.base_url = fmt::format("http://127.0.0.1:{}", sink.port());
    options.iterable = kImpatient;
    Drill drill(context, options);
    sink.play(trick, times * options.people);
    const auto daemon = drill.start();
    ASSERT_NE(daemon->port(), 0) << daemon->process().err();
    const std::int64_t before = most_resident_kilobytes(daemon->process().pid());
    EXPECT_GT(before, 0);
    EXPECT_EQ(drill.send(*daemon), 0U);
    EXPECT_TRUE(drill.run_to_the_end(*daemon)) << daemon->process().err();
    EXPECT_GE(sink.played(), options.people);
    const std::int64_t grown = most_resident_kilobytes(daemon->process().pid()) - before;
    EXPECT_LT(grown, kMostGrowthKilobytes) << "kB more resident";
    EXPECT_EQ(daemon->stop(), 0);
    drill.finish(fmt::format("{} times each, {} kB more resident", times, grown));
  }
}

// A certificate for `name` and its key, as NAME.pem and NAME.key in `folder`.
bool make_certificate(const std::filesystem::path& folder, const std::string& name) {
  const std::string file = (folder / name).string();
  return e2e::run_to_end(
             {"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
              "-nodes", "-days", "1", "-subj", "/CN=" + name, "-addext",
              "subjectAltName=IP:127.0.0.1", "-keyout", file + ".key", "-out", file + ".pem"},
             folder / "openssl")
             .code == 0;
}

// Waits until `openssl s_server` says where it listens; 0 when it does not.
int port_of_peer(const e2e::Process& peer) {
  constexpr int kMostLooks = 10'000;
  constexpr std::string_view kLine = "ACCEPT 127.0.0.1:";
  for (int look = 0; look < kMostLooks; ++look) {
    const std::string text = peer.out();
    const std::size_t at = text.find(kLine);
    if (at != std::string::npos && text.find('\n', at) != std::string::npos) {
      return std::stoi(text.substr(at + kLine.size()));
    }
    if (peer.ended_within(1)) return 0;
  }
  return 0;
}

// Nothing may be sent to whoever cannot show who they are; and nothing is in doubt by it.
void show_a_wrong_certificate(Context& context) {
  DrillOptions options;
  Drill drill(context, options);
  const auto& folder = drill.project().folder();
  ASSERT_TRUE(make_certificate(folder, "shown"));
  ASSERT_TRUE(make_certificate(folder, "trusted"));
  const e2e::Process peer(
      {"openssl", "s_server", "-accept", "127.0.0.1:0", "-cert", (folder / "shown.pem").string(),
       "-key", (folder / "shown.key").string(), "-www"},
      folder / "peer");
  const int port = port_of_peer(peer);
  ASSERT_NE(port, 0) << peer.err();
  DrillOptions hostile = options;
  hostile.base_url = fmt::format("https://127.0.0.1:{}", port);
  hostile.iterable =
      fmt::format("look_up_after_seconds = 0\nca_file = \"{}\"", (folder / "trusted.pem").string());
  drill.configure(hostile);
  const auto daemon = drill.start();
  ASSERT_NE(daemon->port(), 0) << daemon->process().err();
  EXPECT_EQ(drill.send(*daemon), 0U);
  // It tries again and again, so there is no end to come to.
  const auto clock = daemon->settle();
  ASSERT_TRUE(clock && clock->next_due);
  daemon->jump_to(*clock->next_due);
  daemon->kill9();
  drill.configure(options);
  drill.finish("wrong certificate");
  EXPECT_EQ(context.tally().in_doubt, 0U) << "nothing had left";
}

struct TrickCase {
  const char* name;
  const char* injected;
  Trick trick;
  bool is_quick;
};

constexpr TrickCase kTricks[] = {
    {"sink.accept_then_reset", "takes a message, then resets the connection", Trick::kReset, true},
    {"sink.reset", "resets the connection before taking anything", Trick::kCutBefore, true},
    {"sink.reset_mid_answer", "takes a message, then resets the connection within its answer",
     Trick::kResetMidAnswer, true},
    {"sink.late", "answers 3 s after taking, 2 s after the timeout", Trick::kLate, false},
    {"sink.twice", "answers twice, the second a refusal of whatever comes next", Trick::kTwice,
     true},
    {"sink.error_after_accept", "takes a message, then answers 500", Trick::kServerError, true},
    {"sink.drip", "answers a byte a second, against a timeout of 1 s", Trick::kDrip, false},
    {"sink.endless_body", "a body that does not end", Trick::kEndless, true},
    {"sink.endless_header", "a header that does not end", Trick::kEndlessHeader, true},
    {"sink.short_body", "a Content-Length larger than what comes", Trick::kTooShort, true},
    {"sink.long_body", "a Content-Length smaller than what comes", Trick::kTooLong, true},
    {"sink.bomb", "gzip of 0.8 MiB that would become 128 MiB", Trick::kBomb, true},
    {"sink.not_http", "takes a message, then speaks another protocol", Trick::kNotHttp, true},
};

}  // namespace

void add_sink_cases(Cases& cases) {
  for (const TrickCase& one : kTricks) {
    cases.push_back({.name = one.name,
                     .injected = one.injected,
                     .needs = {},
                     .is_quick = one.is_quick,
                     .run = [trick = one.trick](Context& context) { play(context, trick); }});
  }
  cases.push_back({.name = "sink.wrong_certificate",
                   .injected = "TLS with a certificate of another authority",
                   .needs = {Means::kOpenssl},
                   .is_quick = false,
                   .run = show_a_wrong_certificate});
}

}  // namespace sojourn::faults
