// The bare sink: answers 200 in Iterable's envelope to every POST and remembers
// what came, messages and events. `GET /count` tells how many messages, `GET /stats` sums the
// ledger up.
#include <CLI/CLI.hpp>
#include <cstdint>
#include <cstdlib>
#include <fmt/format.h>

#include "bench/sink/ledger.h"
#include "bench/wire/clock.h"
#include "bench/wire/http_server.h"

namespace {

using namespace sojourn::bench;

std::string stats_text(const LedgerSummary& s, std::size_t most_senders) {
  return fmt::format(R"({{"messages":{},"unreadable":{},"people":{},"complete":{},"doubled":{},)"
                     R"("gap_ms_p50":{:.3f},"gap_ms_p99":{:.3f},"seconds":{:.6f},)"
                     R"("connections":{},"events":{},"doubled_events":{}}})",
                     s.messages, s.unreadable, s.people, s.complete, s.doubled, s.gap_ms_p50,
                     s.gap_ms_p99, s.seconds, most_senders, s.events, s.doubled_events);
}

void answer_request(Ledger& ledger, const HttpServer& server, const HttpMessage& request,
                    std::string& answer) {
  if (request.first_word == "POST" && request.second_word == "/api/events/track") {
    const auto id = ledger.add_event(request.body);
    append_response(answer, "200 OK",
                    fmt::format(R"({{"msg":"Event with id: {0} tracked.","code":"Success",)"
                                R"("params":{{"id":"{0}"}}}})",
                                id));
  } else if (request.first_word == "POST") {
    ledger.add(request.body, monotonic_micros());
    append_response(answer, "200 OK", R"({"msg":"","code":"Success","params":null})");
  } else if (request.second_word == "/count") {
    append_response(answer, "200 OK", fmt::format(R"({{"count":{}}})", ledger.messages()));
  } else if (request.second_word == "/stats") {
    append_response(answer, "200 OK", stats_text(ledger.summary(), server.most_senders()));
  } else {
    append_response(answer, "404 Not Found", R"({"msg":"ask for /count or /stats"})");
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::uint16_t listen_port = 0;
  CLI::App app{"takes every message and remembers it", "bench-sink"};
  app.add_option("--listen", listen_port, "port on 127.0.0.1; 0 lets the system choose");
  CLI11_PARSE(app, argc, argv);

  Poller poller;
  StopSignal stop(poller);
  Ledger ledger;
  HttpServer server(poller, [&](const HttpMessage& request, std::string& answer) {
    answer_request(ledger, server, request, answer);
  });
  if (auto listening = server.listen(listen_port); !listening) {
    fmt::print(stderr, "sink: {}\n", listening.error().message);
    return EXIT_FAILURE;
  }
  fmt::print("listening http=127.0.0.1:{}\n", server.port());
  std::fflush(stdout);
  while (!stop.asked()) {
    poller.turn(-1);
    server.flush();
  }
  return EXIT_SUCCESS;
}
