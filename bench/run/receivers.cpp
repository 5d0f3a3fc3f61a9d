#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "bench/run/system.h"
#include "bench/wire/http_channel.h"

namespace sojourn::bench {
namespace {

// The sink sorts its whole ledger for /stats.
constexpr int kAnswerTimeoutMs = 60'000;

base::Result<nlohmann::json> get_json(std::uint16_t port, std::string_view target) {
  std::string request;
  append_request(request, "GET", target, "bench-iterable-key", "");
  auto reply = http_exchange(port, request, kAnswerTimeoutMs);
  if (!reply) return tl::unexpected(reply.error());
  auto json = nlohmann::json::parse(reply->body, nullptr, false);
  if (reply->status != 200 || !json.is_object()) {
    return base::failure(
        base::Error::Kind::kInvalid,
        fmt::format("`{}` was answered {}: {}", target, reply->status, reply->body.substr(0, 300)));
  }
  return json;
}

base::Error not_as_expected(std::uint64_t people, std::uint64_t complete, std::uint64_t doubled) {
  return {base::Error::Kind::kInvalid,
          fmt::format("{} people were to get messages, {} got all of them, {} messages came twice",
                      people, complete, doubled),
          {}};
}

class BareSink : public Receiver {
 public:
  explicit BareSink(std::filesystem::path program) : program_(std::move(program)) {}

  base::Status start(const std::filesystem::path& dir) override {
    auto port = process_.start_server({program_.string()}, dir / "sink.log");
    if (!port) return tl::unexpected(port.error());
    port_ = *port;
    return {};
  }

  base::Result<std::uint64_t> messages() override {
    auto json = get_json(port_, "/count");
    if (!json) return tl::unexpected(json.error());
    return json->value("count", std::uint64_t{0});
  }

  base::Result<Receipt> check(std::uint64_t people, int messages_each) override {
    auto json = get_json(port_, "/stats");
    if (!json) return tl::unexpected(json.error());
    const auto complete = json->value(messages_each == 1 ? "people" : "complete", std::uint64_t{0});
    const auto doubled = json->value("doubled", std::uint64_t{0});
    if (complete != people || doubled != 0) {
      return tl::unexpected(not_as_expected(people, complete, doubled));
    }
    return Receipt{json->value("gap_ms_p50", -1.0), json->value("gap_ms_p99", -1.0),
                   json->value("seconds", -1.0), json->value("connections", -1.0)};
  }

  base::Status check_asked(std::uint64_t events) override {
    auto json = get_json(port_, "/stats");
    if (!json) return tl::unexpected(json.error());
    const auto asked = json->value("events", std::uint64_t{0});
    const auto doubled = json->value("doubled_events", std::uint64_t{0});
    if (asked == events && doubled == 0) return {};
    return base::failure(base::Error::Kind::kInvalid,
                         fmt::format("{} events were to be asked about, {} were, {} of them again",
                                     events, asked, doubled));
  }

 private:
  std::filesystem::path program_;
};

class Sandbox : public Receiver {
 public:
  explicit Sandbox(std::filesystem::path program) : program_(std::move(program)) {}

  base::Status start(const std::filesystem::path& dir) override {
    auto port = process_.start_server(
        {program_.string(), "sandbox", "--port", "0", "--record", (dir / "sandbox.db").string()},
        dir / "sandbox.log");
    if (!port) return tl::unexpected(port.error());
    port_ = *port;
    return {};
  }

  base::Result<std::uint64_t> messages() override {
    auto json = get_json(port_, "/sandbox/summary");
    if (!json) return tl::unexpected(json.error());
    return json->value("received", std::uint64_t{0});
  }

  base::Result<Receipt> check(std::uint64_t people, int messages_each) override {
    const auto each = static_cast<std::uint64_t>(messages_each);
    auto json = get_json(port_, "/sandbox/summary");
    if (!json) return tl::unexpected(json.error());
    const auto received = json->value("received", std::uint64_t{0});
    const auto repeats = json->value("repeats", std::uint64_t{0});
    if (received != each * people || repeats != 0) {
      return tl::unexpected(not_as_expected(people, (received - repeats) / each, repeats));
    }
    return Receipt{};
  }

  base::Status check_asked(std::uint64_t) override {
    return base::failure(base::Error::Kind::kInvalid,
                         "only the bare sink notes the events that it was asked about");
  }

 private:
  std::filesystem::path program_;
};

}  // namespace

std::unique_ptr<Receiver> make_sink(const std::filesystem::path& program) {
  return std::make_unique<BareSink>(program);
}

std::unique_ptr<Receiver> make_sandbox(const std::filesystem::path& program) {
  return std::make_unique<Sandbox>(program);
}

}  // namespace sojourn::bench
