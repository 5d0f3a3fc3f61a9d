#include "bench/micro/big_project.h"

#include <array>
#include <fmt/format.h>
#include <iterator>
#include <string_view>

#include "base/check.h"

namespace sojourn::bench {
namespace {

constexpr std::string_view kWorld = R"(event login
message_type news = 1 transactional opt_out
campaign hello = 101 email news
policy { timezone "Etc/UTC" }
segment s0 = at least 3 login within 30d
segment s1 = at least 2 login within 1d
segment s2 = at least 5 login within 90d
journey j0 {
  enter when in segment s0
  send hello
}
journey j1 {
  enter on login where in segment s1
  reenter after 7d
  wait 3d
  send hello
}
journey j2 {
  enter when in segment s2
  wait 30d
  send hello
}
)";

constexpr std::size_t kOtherFields = 100;

std::size_t event_of(std::size_t number) {
  return number % kOtherEvents;
}

void append_segment(std::string& out, std::size_t number) {
  const auto to = std::back_inserter(out);
  if (number % 2 == 0) {
    fmt::format_to(to, "segment s{} = user.seats >= {}\n", number, number / 2 % kSeats);
  } else {
    fmt::format_to(to, "segment s{} = at least 3 e{} within {}d\n", number, event_of(number),
                   30 + number % 60);
  }
}

// By turns on a segment becoming true, and on an event of somebody in the segment.
void append_journey(std::string& out, std::size_t number, std::size_t segment) {
  const auto to = std::back_inserter(out);
  fmt::format_to(to, "journey j{} {{\n", number);
  if (number % 5 < 2) {
    fmt::format_to(to, "  enter when in segment s{}\n", segment);
  } else {
    fmt::format_to(to, "  enter on e{} where in segment s{} and user.seats < 0\n", event_of(number),
                   segment);
  }
  out += "  send hello\n}\n";
}

void append_user(std::string& out, std::uint64_t number) {
  fmt::format_to(std::back_inserter(out), R"("userId":"u{:07}")", number);
}

template <typename Append>
std::string request(std::string_view items, std::size_t count, Append append) {
  std::string body = fmt::format(R"({{"{}":[)", items);
  for (std::size_t i = 0; i < count; ++i) {
    body += i == 0 ? "{" : ",{";
    append(body, i);
    body += '}';
  }
  return body + "]}";
}

}  // namespace

std::string project_text(std::size_t journeys, std::size_t segments) {
  SOJOURN_CHECK(journeys >= kReadersOfLogin && segments >= kReadersOfLogin,
                "a project has its readers of `login`");
  std::string text = "user {\n  seats integer\n";
  for (std::size_t i = 0; i < kOtherFields; ++i) {
    fmt::format_to(std::back_inserter(text), "  f{} string\n", i);
  }
  text.append("}\n").append(kWorld);
  for (std::size_t i = 0; i < kOtherEvents; ++i) {
    fmt::format_to(std::back_inserter(text), "event e{}\n", i);
  }
  for (std::size_t i = kReadersOfLogin; i < segments; ++i) append_segment(text, i);
  for (std::size_t i = kReadersOfLogin; i < journeys; ++i) {
    append_journey(text, i, kReadersOfLogin + i % (segments - kReadersOfLogin));
  }
  return text;
}

std::string updates_of(std::uint64_t first, std::size_t count, base::SeededRandom& random) {
  return request("users", count, [&](std::string& out, std::size_t i) {
    append_user(out, first + i);
    fmt::format_to(std::back_inserter(out), R"(,"dataFields":{{"seats":{}}})",
                   random.next() % kSeats);
  });
}

std::string other_events_of(std::uint64_t first, std::size_t count, base::SeededRandom& random) {
  return request("events", count, [&](std::string& out, std::size_t i) {
    append_user(out, first + i);
    fmt::format_to(std::back_inserter(out), R"(,"eventName":"e{}")", random.next() % kOtherEvents);
  });
}

std::string logins_of_some(std::uint64_t users, std::size_t count, base::SeededRandom& random) {
  return request("events", count, [&](std::string& out, std::size_t) {
    append_user(out, random.next() % users);
    out += R"(,"eventName":"login")";
  });
}

std::string logins_of(std::uint64_t first, std::size_t count) {
  return request("events", count, [&](std::string& out, std::size_t i) {
    append_user(out, first + i);
    out += R"(,"eventName":"login")";
  });
}

}  // namespace sojourn::bench
