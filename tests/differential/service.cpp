#include "tests/differential/service.h"

#include <array>
#include <fmt/core.h>

#include "base/hash.h"

namespace sojourn::differential {

Served serve(std::string_view webhook, std::string_view data, base::Instant at) {
  std::uint64_t chance = base::stable_hash64(fmt::format("{} {} {}", webhook, data, at.millis));
  const auto below = [&](std::uint64_t bound) {
    const std::uint64_t drawn = chance % bound;
    chance /= bound;
    return drawn;
  };
  // Some are longer than any `up to` that a program has.
  constexpr std::array<base::Millis, 5> kDelays{base::seconds(7), base::seconds(17),
                                                base::seconds(10'817), base::seconds(40'027),
                                                base::seconds(108'017)};
  Served out;
  out.after = kDelays[below(kDelays.size())];
  out.status = 200;
  const auto score = static_cast<std::int64_t>(below(10));
  oracle::Fields fields{{"score", graph::Value(score)}};
  switch (below(9)) {
    case 0:
      out.status = 0;
      return out;
    case 1:
      out.status = 404;
      return out;
    case 2:
      // It does not fit what is declared.
      out.body = R"({"score":"many"})";
      if (webhook == "ping") out.reply.emplace();
      return out;
    case 3:
      out.busy_first = true;
      break;
    case 4:
    case 5:
      fields.insert(fields.begin(),
                    {"due", graph::Value(at + base::hours(static_cast<std::int64_t>(below(90))))});
      break;
    default:
      break;
  }
  out.body = oracle::text_of(fields);
  out.reply = webhook == "ping" ? oracle::Fields{} : std::move(fields);
  return out;
}

std::optional<oracle::Served> answer_of(std::string_view webhook, std::string_view data,
                                        base::Instant at) {
  Served served = serve(webhook, data, at);
  if (served.status == 0) return std::nullopt;
  return oracle::Served{served.after, std::move(served.reply)};
}

}  // namespace sojourn::differential
