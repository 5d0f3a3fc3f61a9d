#include "dsl/literals.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace sojourn::dsl {
namespace {

tl::unexpected<LiteralFault> fault(MessageId message, std::string help = {},
                                   std::string better = {}) {
  return tl::unexpected<LiteralFault>({message, std::move(help), std::move(better)});
}

std::string without_underscores(std::string_view text) {
  std::string digits(text);
  std::erase(digits, '_');
  return digits;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Digits only; nullopt when there are none, others, or too many.
std::optional<std::int64_t> whole(std::string_view digits) {
  std::int64_t value = 0;
  const char* begin = digits.data();
  const char* end = begin + digits.size();
  const auto [at, error] = std::from_chars(begin, end, value);
  if (error != std::errc() || at != end || digits.empty() || !is_digit(digits[0])) {
    return std::nullopt;
  }
  return value;
}

struct Unit {
  std::string_view name;
  std::int64_t ast::Duration::* part;
  std::int64_t scale;
  std::int64_t most;  // of this unit in 1000 years
};
// Longest first.
constexpr std::array<Unit, 7> kUnits = {{{"y", &ast::Duration::months, 12, 1'000},
                                         {"mo", &ast::Duration::months, 1, 12'000},
                                         {"w", &ast::Duration::days, 7, 52'177},
                                         {"d", &ast::Duration::days, 1, 365'242},
                                         {"h", &ast::Duration::millis, 3'600'000, 8'765'820},
                                         {"m", &ast::Duration::millis, 60'000, 525'949'200},
                                         {"s", &ast::Duration::millis, 1'000, 31'556'952'000}}};

int days_in_month(int year, int month) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : kDays[month - 1];
}

// "09:00", "09:00:30", "09:00:30.250" as milliseconds of the day.
std::optional<std::int64_t> clock_value(std::string_view text) {
  const auto two = [&](std::size_t at, std::int64_t below) -> std::optional<std::int64_t> {
    if (at + 2 > text.size()) return std::nullopt;
    const auto value = whole(text.substr(at, 2));
    return value && *value < below ? value : std::nullopt;
  };
  const auto hours = two(0, 24);
  const auto minutes = two(3, 60);
  if (!hours || !minutes || text[2] != ':') return std::nullopt;
  std::int64_t millis = (*hours * 60 + *minutes) * 60'000;
  if (text.size() == 5) return millis;
  const auto seconds = two(6, 60);
  if (!seconds || text[5] != ':') return std::nullopt;
  millis += *seconds * 1'000;
  if (text.size() == 8) return millis;
  std::string fraction(text.substr(9));
  if (text[8] != '.' || fraction.empty() || fraction.size() > 3) return std::nullopt;
  fraction.append(3 - fraction.size(), '0');
  const auto value = whole(fraction);
  if (!value) return std::nullopt;
  return millis + *value;
}

// "+02:00" in minutes.
std::optional<int> offset_value(std::string_view text) {
  if (text.size() != 6) return std::nullopt;
  const auto millis = clock_value(text.substr(1));
  if (!millis) return std::nullopt;
  const int minutes = static_cast<int>(*millis / 60'000);
  return text[0] == '-' ? -minutes : minutes;
}

void append_code_point(std::string& out, std::uint32_t code) {
  const auto push = [&out](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (code < 0x80) {
    push(code);
  } else if (code < 0x800) {
    push(0xC0 | (code >> 6));
    push(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    push(0xE0 | (code >> 12));
    push(0x80 | ((code >> 6) & 0x3F));
    push(0x80 | (code & 0x3F));
  } else {
    push(0xF0 | (code >> 18));
    push(0x80 | ((code >> 12) & 0x3F));
    push(0x80 | ((code >> 6) & 0x3F));
    push(0x80 | (code & 0x3F));
  }
}

// Appends what the escape at the beginning of `text` stands for and returns its
// length; 0 when it is none.
std::size_t resolve_escape(std::string_view text, std::string& out) {
  if (text.size() < 2) return 0;
  switch (text[1]) {
    case 'n':
      out.push_back('\n');
      return 2;
    case 't':
      out.push_back('\t');
      return 2;
    case '"':
    case '\\':
      out.push_back(text[1]);
      return 2;
    case 'u':
      break;
    default:
      return 0;
  }
  const std::size_t close = text.find('}');
  if (!text.substr(2).starts_with('{') || close == text.npos || close > 9) return 0;
  std::uint32_t code = 0;
  const auto [at, error] = std::from_chars(text.data() + 3, text.data() + close, code, 16);
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (error != std::errc() || at != text.data() + close || surrogate || code > 0x10FFFF ||
      code == 0) {
    return 0;
  }
  append_code_point(out, code);
  return close + 1;
}

}  // namespace

Literal<std::int64_t> integer_value(std::string_view text) {
  if (const auto value = whole(without_underscores(text))) return *value;
  return fault(MessageId::kNumberTooLarge);
}

Literal<double> number_value(std::string_view text) {
  const std::string digits = without_underscores(text);
  double value = 0;
  const auto [at, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || at != digits.data() + digits.size()) {
    return fault(MessageId::kNumberTooLarge);
  }
  return value;
}

Literal<std::int64_t> percent_value(std::string_view text) {
  const std::string digits = without_underscores(text.substr(0, text.size() - 1));
  const std::size_t point = std::min(digits.find('.'), digits.size());
  std::string decimals = point < digits.size() ? digits.substr(point + 1) : std::string();
  if (decimals.size() > 2) return fault(MessageId::kBadPercent);
  decimals.append(2 - decimals.size(), '0');
  const auto percents = whole(digits.substr(0, point));
  const auto hundredths = whole(decimals);
  if (!percents || !hundredths || *percents > 100) return fault(MessageId::kBadPercent);
  const std::int64_t basis_points = *percents * 100 + *hundredths;
  if (basis_points > 10'000) return fault(MessageId::kBadPercent);
  return basis_points;
}

Literal<ast::Duration> duration_value(std::string_view text) {
  ast::Duration duration;
  std::size_t next_unit = 0;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && (is_digit(text[end]) || text[end] == '_')) ++end;
    std::size_t unit_end = end;
    while (unit_end < text.size() && !is_digit(text[unit_end])) ++unit_end;
    const std::string_view name = text.substr(end, unit_end - end);
    const auto unit =
        std::find_if(kUnits.begin(), kUnits.end(), [&](const Unit& u) { return u.name == name; });
    const auto index = static_cast<std::size_t>(unit - kUnits.begin());
    if (unit == kUnits.end() || index < next_unit) {
      return fault(MessageId::kBadDuration, "the units are, in this order: y mo w d h m s");
    }
    const auto count = whole(without_underscores(text.substr(at, end - at)));
    if (!count || *count > unit->most) return fault(MessageId::kDurationTooLong);
    duration.*(unit->part) += *count * unit->scale;
    next_unit = index + 1;
    at = unit_end;
  }
  return duration;
}

Literal<ast::TimeOfDay> time_of_day_value(std::string_view text) {
  if (text.size() == 4) {
    const std::string better = "0" + std::string(text);
    if (!clock_value(better)) return fault(MessageId::kBadTimeOfDay);
    return fault(MessageId::kBadTimeOfDay, "hours have two digits: `" + better + "`", better);
  }
  const auto millis = clock_value(text);
  if (!millis) return fault(MessageId::kBadTimeOfDay);
  return ast::TimeOfDay{static_cast<int>(*millis / 60'000)};
}

Literal<ast::Date> date_value(std::string_view text) {
  const auto year = whole(text.substr(0, 4));
  const auto month = whole(text.substr(5, 2));
  const auto day = whole(text.substr(8, 2));
  if (!year || !month || !day || *year < 1 || *month < 1 || *month > 12 || *day < 1 ||
      *day > days_in_month(static_cast<int>(*year), static_cast<int>(*month))) {
    return fault(MessageId::kBadDate);
  }
  return ast::Date{static_cast<int>(*year), static_cast<int>(*month), static_cast<int>(*day)};
}

Literal<ast::Timestamp> timestamp_value(std::string_view text) {
  ast::Timestamp stamp;
  const auto date = date_value(text.substr(0, 10));
  if (!date) return fault(MessageId::kBadDate);
  stamp.date = *date;
  const std::size_t zone_at = std::min(text.find_first_of("Z+-[", 11), text.size());
  const auto millis = clock_value(text.substr(11, zone_at - 11));
  if (!millis) return fault(MessageId::kBadTimestamp, "write it like `2026-03-01T09:00Z`");
  stamp.millis_of_day = *millis;
  const std::string_view zone = text.substr(zone_at);
  if (zone.starts_with('[')) {
    stamp.zone = ast::Timestamp::Zone::kNamed;
    stamp.zone_name.text = zone.substr(1, zone.size() - 2);
    if (stamp.zone_name) return stamp;
  } else if (zone == "Z") {
    return stamp;
  } else if (const auto minutes = offset_value(zone)) {
    stamp.offset_minutes = *minutes;
    return stamp;
  }
  return fault(MessageId::kBadTimestamp, "a timestamp ends with its zone: `" +
                                             std::string(text.substr(0, zone_at)) +
                                             "Z`, `…+02:00` or `…[Europe/Berlin]`");
}

std::string unescape(std::string_view inner, std::optional<BadEscape>& bad) {
  std::string out;
  for (std::size_t at = 0; at < inner.size();) {
    if (inner[at] != '\\') {
      out.push_back(inner[at++]);
      continue;
    }
    const std::size_t length = resolve_escape(inner.substr(at), out);
    if (length > 0) {
      at += length;
      continue;
    }
    std::size_t wrong = std::min<std::size_t>(2, inner.size() - at);
    while (at + wrong < inner.size() && (inner[at + wrong] & 0xC0) == 0x80) ++wrong;
    if (!bad) bad = BadEscape{at, wrong};
    out += inner.substr(at, wrong);
    at += wrong;
  }
  return out;
}

}  // namespace sojourn::dsl
