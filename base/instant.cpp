#include "base/instant.h"

#include <fmt/core.h>

#include "base/civil.h"

namespace sojourn::base {
namespace {

struct Civil {
  CivilDay date;
  int hour, minute, second, millis;
};

Civil civil_from_instant(Instant t) {
  std::int64_t days = t.millis / 86'400'000;
  std::int64_t rest = t.millis % 86'400'000;
  if (rest < 0) {
    rest += 86'400'000;
    --days;
  }
  return Civil{civil_from_days(days), static_cast<int>(rest / 3'600'000),
               static_cast<int>(rest / 60'000 % 60), static_cast<int>(rest / 1000 % 60),
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
  const CivilDay& d = c.date;
  return d.month >= 1 && d.month <= 12 && d.day >= 1 && d.day <= days_in_month(d.year, d.month) &&
         c.hour <= 23 && c.minute <= 59 && c.second <= 59;
}

}  // namespace

std::string to_iso8601(Instant t) {
  const Civil c = civil_from_instant(t);
  std::string out = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", c.date.year, c.date.month,
                                c.date.day, c.hour, c.minute, c.second);
  if (c.millis != 0) out += fmt::format(".{:03}", c.millis);
  return out + "Z";
}

std::string to_iterable_time(Instant t) {
  const Civil c = civil_from_instant(t);
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02} +00:00", c.date.year, c.date.month,
                     c.date.day, c.hour, c.minute, c.second);
}

std::optional<Instant> parse_timestamp(std::string_view text) {
  Scanner scan(text);
  Civil c{};
  c.date.year = scan.digits(4);
  scan.expect('-');
  c.date.month = scan.digits(2);
  scan.expect('-');
  c.date.day = scan.digits(2);
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
  const std::int64_t day = days_from_civil(c.date);
  return Instant{day * 86'400'000 + c.hour * 3'600'000LL + (c.minute - offset) * 60'000LL +
                 c.second * 1000LL + c.millis};
}

}  // namespace sojourn::base
