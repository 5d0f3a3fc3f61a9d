#include "tests/tidy/banned_calls.h"

#include <algorithm>
#include <ostream>

namespace sojourn::tidy {
namespace {

std::regex code(const char* pattern) {
  return std::regex(pattern, std::regex::ECMAScript | std::regex::optimize);
}

}  // namespace

void PrintTo(const HouseRule& rule, std::ostream* out) {
  *out << rule.name;
}

const std::vector<HouseRule>& house_rules() {
  static const std::vector<HouseRule> rules{
      {"wall-clock-call",
       code(
           R"((^|[^\w.>])(std::)?(time\s*\(\s*(0|NULL|nullptr|&)|(gettimeofday|clock_gettime|timespec_get|ftime)\s*\())"),
       {"runtime/uv/"},
       "take `now` as an argument, or a base::Clock",
       "const auto t = std::time(nullptr);",
       "const Value t = time(argument) + start_time(0);"},
      {"chrono-clock",
       code(R"(\b(system_clock|steady_clock|high_resolution_clock|utc_clock)\b)"),
       {"runtime/uv/", "bench/", "tests/e2e/"},
       "take `now` as an argument, or a base::Clock",
       "const auto t = std::chrono::steady_clock::now();",
       "const SystemClock system_clock_of_loop;"},
      {"local-time-call",
       code(
           R"((^|[^\w.>])(std::)?(localtime|localtime_r|gmtime|gmtime_r|mktime|timegm|tzset)\s*\()"),
       {},
       "use calendar::Zone for local time and base/civil.h for dates",
       "const tm* parts = localtime(&seconds);",
       "const LocalTime t = zone.localtime(instant);"},
      {"chance",
       code(
           R"((^|[^\w.>])(std::)?(rand|srand|rand_r|drand48|lrand48|arc4random|getrandom|getentropy)\s*\(|\b(random_device|mt19937|mt19937_64|default_random_engine)\b)"),
       {"runtime/uv/"},
       "take a base::Random; its seed is printed by whoever makes it",
       "const int n = rand() % 6;",
       "const auto n = operand(0) + source.rand();"},
      {"libuv",
       code(R"(\buv_\w+|<uv\.h>)"),
       {"runtime/uv/"},
       "use the classes of runtime/uv",
       "uv_timer_start(&timer, wake, 10, 0);",
       "uv::Loop loop; const int my_uv_index = 0;"},
      {"sqlite",
       code(R"(\bsqlite3\w*\b|<sqlite3\.h>)"),
       {"runtime/store/", "bench/floor/", "bench/run/", "tests/unit/runtime/store/",
        "tests/unit/bench/"},
       "use runtime/store; outside it the store is bytes and index keys",
       "sqlite3_exec(db, sql, nullptr, nullptr, nullptr);",
       "const auto my_sqlite3_path = folder;"},
      {"pegtl",
       code(R"(\bpegtl\b)"),
       {"dsl/lexer", "dsl/grammar_", "dsl/syntax.cpp"},
       "ask for dsl/parse.h; the grammars are compiled once each",
       "#include <tao/pegtl.hpp>",
       "const int pegtlike = 0;"},
      {"cctz",
       code(R"(\bcctz\b)"),
       {"calendar/tzdata/", "tests/unit/calendar/tzdata/"},
       "take a calendar::ZoneSource; tzdata::SystemZones is the real one",
       "#include <cctz/time_zone.h>",
       "const int cctz_like = 0;"},
      {"heavy-header",
       code(R"(#\s*include\s*<(CLI/|valijson/|toml))"),
       {"app/command_line.cpp", "app/toml_file.cpp", "sandbox/schemas.cpp", "bench/"},
       "these headers take seconds to compile: each is seen by one .cpp, which hands out plain "
       "structs",
       "#include <CLI/CLI.hpp>",
       "#include <climits>"},
      {"sleep",
       code(R"((^|[^\w.>])(sleep|usleep|nanosleep)\s*\(|\bsleep_(for|until)\b)"),
       {"bench/", "tests/e2e/", "tests/unit/bench/"},
       "wait for the thing itself: a timer of the loop, a condition variable, a latch",
       "std::this_thread::sleep_for(10ms);",
       "const auto t = timer.sleep(d) + oversleep(1);"},
  };
  return rules;
}

std::vector<std::string> find_offences(const HouseRule& rule, const SourceFile& file) {
  const bool exempt = std::ranges::any_of(
      rule.allowed, [&](const std::string& begin) { return file.path.starts_with(begin); });
  if (exempt) return {};
  std::vector<std::string> found;
  const std::vector<std::string> lines = lines_of(code_only(file.text));
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (!std::regex_search(lines[i], rule.pattern)) continue;
    found.push_back(file.path + ":" + std::to_string(i + 1) + ": " + rule.name + ": " +
                    rule.instead);
  }
  return found;
}

}  // namespace sojourn::tidy
