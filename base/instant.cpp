#include "base/instant.h"

#include <array>
#include <fmt/core.h>

namespace sojourn::base {
namespace {

struct Civil {
  std::int64_t year;
  int month, day, hour, minute, second, millis;
};

// Days since 1970-01-01 of a proleptic Gregorian date, by counting in eras of
// 400 years that begin on 1 March.
std::int64_t days_from_civil(std::int64_t year, int month, int day) {
  year -= month <= 2 ? 1 : 0;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146'097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year -
         719'468;
}

Civil civil_from_instant(Instant t) {
  std::int64_t days = t.millis / 86'400'000;
  std::int64_t rest = t.millis % 86'400'000;
  if (rest < 0) {
    rest += 86'400'000;
    --days;
  }
  days += 719'468;
  const std::int64_t era = (days >= 0 ? days : days - 146'096) / 146'097;
  const std::int64_t doe = days - era * 146'097;
  const std::int64_t yoe = (doe - doe / 1460 + doe / 36'524 - doe / 146'096) / 365;
  const std::int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
  const std::int64_t mp = (5 * doy + 2) / 153;
  const int day = static_cast<int>(doy - (153 * mp + 2) / 5 + 1);
  const int month = static_cast<int>(mp < 10 ? mp + 3 : mp - 9);
  return Civil{yoe + era * 400 + (month <= 2 ? 1 : 0),
               month,
               day,
               static_cast<int>(rest / 3'600'000),
               static_cast<int>(rest / 60'000 % 60),
               static_cast<int>(rest / 1000 % 60),
               static_cast<int>(rest % 1000)};
}

// Reads text left to right; every `take` either consumes what it names or marks
// the whole reading as failed.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  int digits(std::size_t count) {
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (text_.empty() || text_[0] < '0' || text_[0] > '9') return fail();
      value = value * 10 + (text_[0] - '0');
      text_.remove_prefix(1);
    }
    return value;
  }
  bool skip(char c) {
    if (text_.empty() || text_[0] != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  void expect(char c) {
    if (!skip(c)) fail();
  }
  // Fraction of a second, cut to milliseconds.
  int fraction() {
    int millis = 0;
    int scale = 100;
    if (text_.empty() || text_[0] < '0' || text_[0] > '9') return fail();
    while (!text_.empty() && text_[0] >= '0' && text_[0] <= '9') {
      millis += (text_[0] - '0') * scale;
      scale /= 10;
      text_.remove_prefix(1);
    }
    return millis;
  }
  // "Z" or "+hh:mm"; minutes east of Greenwich.
  int zone() {
    if (skip('Z')) return 0;
    const int sign = skip('-') ? -1 : 1;
    if (sign == 1) expect('+');
    const int h = digits(2);
    skip(':');
    const int m = digits(2);
    if (h > 18 || m > 59) fail();
    return sign * (h * 60 + m);
  }
  bool done() const { return ok_ && text_.empty(); }

 private:
  int fail() {
    ok_ = false;
    return 0;
  }
  std::string_view text_;
  bool ok_ = true;
};

bool valid(const Civil& c) {
  static constexpr std::array<int, 12> kDays{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (c.month < 1 || c.month > 12 || c.day < 1 || c.hour > 23 || c.minute > 59 || c.second > 59) {
    return false;
  }
  const bool leap = (c.year % 4 == 0 && c.year % 100 != 0) || c.year % 400 == 0;
  const int last = kDays[static_cast<std::size_t>(c.month - 1)] + (c.month == 2 && leap ? 1 : 0);
  return c.day <= last;
}

}  // namespace

std::string to_iso8601(Instant t) {
  const Civil c = civil_from_instant(t);
  std::string out = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", c.year, c.month, c.day,
                                c.hour, c.minute, c.second);
  if (c.millis != 0) out += fmt::format(".{:03}", c.millis);
  return out + "Z";
}

std::string to_iterable_time(Instant t) {
  const Civil c = civil_from_instant(t);
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02} +00:00", c.year, c.month, c.day, c.hour,
                     c.minute, c.second);
}

std::optional<Instant> parse_timestamp(std::string_view text) {
  Scanner scan(text);
  Civil c{};
  c.year = scan.digits(4);
  scan.expect('-');
  c.month = scan.digits(2);
  scan.expect('-');
  c.day = scan.digits(2);
  const bool spaced = scan.skip(' ');
  if (!spaced) scan.expect('T');
  c.hour = scan.digits(2);
  scan.expect(':');
  c.minute = scan.digits(2);
  if (scan.skip(':')) {
    c.second = scan.digits(2);
    if (scan.skip('.')) c.millis = scan.fraction();
  }
  if (spaced) scan.expect(' ');
  const int offset = scan.zone();
  if (!scan.done() || !valid(c)) return std::nullopt;
  const std::int64_t day = days_from_civil(c.year, c.month, c.day);
  return Instant{day * 86'400'000 + c.hour * 3'600'000LL + (c.minute - offset) * 60'000LL +
                 c.second * 1000LL + c.millis};
}

}  // namespace sojourn::base
