#include "tests/differential/random_history.h"

#include <algorithm>
#include <fmt/core.h>

#include "base/civil.h"
#include "graph/built_in.h"

namespace sojourn::differential {
namespace {

using graph::Value;
using oracle::Fields;
using oracle::Input;

Value integer(std::int64_t value) {
  return Value(value);
}

// Of the message type `promo` (random_program.cpp).
constexpr std::int64_t kPromoChannel = 7;

class HistoryWriter {
 public:
  HistoryWriter(base::Random& random, const std::vector<std::string>& by_api, Coverage& constructs)
      : chance_(random), by_api_(by_api), constructs_(constructs) {
    // Around the changes of the clock.
    constexpr std::array<std::string_view, 3> kStarts{"2026-03-01T09:00Z", "2026-03-24T21:30Z",
                                                      "2026-10-15T06:00Z"};
    start_ = *base::parse_timestamp(chance_.pick(kStarts));
  }

  History write() {
    History out;
    out.profile = profile();
    base::Instant at = start_;
    const std::uint64_t count = 6 + chance_.below(20);
    for (std::uint64_t i = 0; i < count; ++i) {
      if (!chance_.one_in(6)) at = at + base::minutes(chance_.between(1, 3 * 24 * 60));
      out.inputs.push_back(input(at));
    }
    out.end = at + base::days24(20);
    return out;
  }

 private:
  Value day() {
    // Days of many years, near the day and month of the beginning.
    const auto today = static_cast<std::int32_t>(start_.millis / 86'400'000);
    const auto near = base::civil_from_days(today + chance_.between(-3, 20));
    const std::int64_t year = chance_.one_in(2) ? near.year : near.year - chance_.between(1, 30);
    return Value(graph::Date{static_cast<std::int32_t>(
        base::days_from_civil({year, near.month, std::min(near.day, 28)}))});
  }

  Value time(base::Instant around) {
    return Value(around + base::minutes(15 * chance_.between(-2 * 96, 12 * 96)));
  }

  Value tags() {
    graph::List tags{Value(chance_.pick<2>({"a", "b"}))};
    if (chance_.one_in(3)) tags.emplace_back("c");
    return Value(std::move(tags));
  }

  graph::Field field(base::Instant at) {
    switch (chance_.below(9)) {
      case 0:
        return {"plan", Value(chance_.pick<3>({"free", "trial", "pro"}))};
      case 1:
      case 2:
        return {"seats", integer(chance_.between(0, 9))};
      case 3:
        return {"score", chance_.one_in(4) ? Value() : integer(chance_.between(0, 9))};
      case 4:
        return {"active", Value(chance_.one_in(2))};
      case 5:
        return {"endsAt", chance_.one_in(5) ? Value() : time(at)};
      case 6:
        return {"bornOn", chance_.one_in(6) ? Value() : day()};
      case 7:
        return {"nickname", chance_.one_in(3) ? Value() : Value(chance_.pick<2>({"fred", "xa"}))};
      default:
        return {"tags", tags()};
    }
  }

  graph::Field consent() {
    if (chance_.one_in(4)) {
      graph::List off;
      if (!chance_.one_in(3)) off.push_back(integer(kPromoChannel));
      return {std::string(graph::kUnsubscribedChannelIds), Value(std::move(off))};
    }
    const bool of_news = chance_.one_in(2);
    graph::List ids;
    if (!chance_.one_in(3)) ids.push_back(integer(of_news ? 41 : chance_.between(42, 43)));
    return {std::string(of_news ? graph::kSubscribedIds : graph::kUnsubscribedIds),
            Value(std::move(ids))};
  }

  graph::Field zone() {
    const std::string name = chance_.pick<5>(
        {"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "nonsense"});
    return {"timeZone", chance_.one_in(8) ? Value() : Value(name)};
  }

  Fields profile() {
    Fields out;
    if (!chance_.one_in(8)) out.emplace_back("email", Value("ada@example.com"));
    if (chance_.one_in(2)) out.emplace_back("phoneNumber", Value("+491700000000"));
    if (!chance_.one_in(4)) {
      out.emplace_back(graph::kSubscribedIds, Value(graph::List{integer(41)}));
    }
    out.push_back(zone());
    for (int i = 0; i < 6; ++i) {
      graph::Field each = field(start_);
      const bool known = std::ranges::find(out, each.first, &graph::Field::first) != out.end();
      if (!known && !each.second.is_missing()) out.push_back(std::move(each));
    }
    return out;
  }

  Input input(base::Instant at) {
    Input out;
    out.at = at;
    switch (chance_.below(12)) {
      case 0:
      case 1:
        out.kind = Input::Kind::kChange;
        out.fields.push_back(chance_.one_in(5) ? consent() : field(at));
        ++constructs_["a change of the profile"];
        break;
      case 2:
        out.kind = Input::Kind::kChange;
        out.fields.push_back(zone());
        ++constructs_["a move to another zone"];
        break;
      case 3:
        out.kind = chance_.one_in(3) ? Input::Kind::kLeft : Input::Kind::kJoined;
        out.name = "vips";
        ++constructs_["a list"];
        break;
      case 4:
      case 5:
        out.kind = Input::Kind::kEngaged;
        out.name = chance_.pick<4>({"mail_a", "mail_b", "push_a", "mail_a"});
        out.engagement =
            chance_.one_in(2) ? graph::Engagement::kOpened : graph::Engagement::kClicked;
        if (chance_.one_in(6)) {
          out.engagement = graph::Engagement::kUnsubscribed;
          ++constructs_["an opt-out by engagement"];
        }
        ++constructs_["engagement"];
        break;
      case 6:
        if (!by_api_.empty()) {
          out.kind = Input::Kind::kEnter;
          out.name = by_api_[chance_.below(by_api_.size())];
          if (chance_.one_in(2)) out.fields.emplace_back("n", integer(chance_.between(0, 9)));
          ++constructs_["an entry by the API"];
          break;
        }
        [[fallthrough]];
      default:
        event(out);
    }
    return out;
  }

  void event(Input& out) {
    out.name = chance_.pick<10>({"signup", "signup", "purchase", "purchase", "login", "click",
                                 "order", "shared", "shared", "planned"});
    if (out.name == "signup") {
      out.fields = {{"plan", Value(chance_.pick<2>({"free", "pro"}))},
                    {"seats", integer(chance_.between(1, 10))}};
      if (chance_.one_in(3)) out.fields.emplace_back("code", Value("friend"));
    } else if (out.name == "purchase") {
      out.fields = {{"amount", integer(chance_.between(0, 12))},
                    {"currency", Value(chance_.pick<2>({"eur", "usd"}))}};
    } else if (out.name == "click") {
      out.fields = {{"item", Value(chance_.pick<2>({"x", "y"}))}};
    } else if (out.name == "shared") {
      ++constructs_["an event for many"];
      out.fields = {{"n", integer(chance_.between(0, 9))},
                    {"tag", Value(chance_.pick<3>({"a", "b", "c"}))}};
    } else if (out.name == "planned") {
      ++constructs_["an event for many"];
      out.fields = {{"n", integer(chance_.between(0, 9))},
                    {"plan", Value(chance_.pick<3>({"free", "trial", "pro"}))}};
    } else if (out.name == "order") {
      graph::List items;
      for (std::uint64_t i = chance_.below(3); i > 0; --i) {
        items.emplace_back(
            graph::Object{{"name", Value("thing")}, {"price", integer(chance_.between(0, 12))}});
      }
      out.fields = {{"items", Value(std::move(items))}};
    }
    out.created_at = out.at;
    if (chance_.one_in(5)) {
      out.created_at = out.at - base::minutes(chance_.between(1, 6 * 24 * 60));
      ++constructs_["a late event"];
    } else if (chance_.one_in(20)) {
      out.created_at = out.at + base::minutes(chance_.between(1, 48 * 60));
      ++constructs_["an event of the future"];
    }
  }

  Chance chance_;
  const std::vector<std::string>& by_api_;
  Coverage& constructs_;
  base::Instant start_;
};

}  // namespace

History random_history(base::Random& random, const std::vector<std::string>& by_api,
                       Coverage& constructs) {
  return HistoryWriter(random, by_api, constructs).write();
}

std::string to_string(const oracle::Input& input) {
  constexpr std::array<std::string_view, 6> kKinds{"event", "update",  "joined",
                                                   "left",  "engaged", "enter"};
  std::string out = fmt::format("{}  {} {} {}", base::to_iso8601(input.at),
                                kKinds[static_cast<std::size_t>(input.kind)], input.name,
                                oracle::text_of(input.fields));
  if (input.kind == Input::Kind::kEngaged) {
    out += fmt::format("({})", graph::to_string(input.engagement));
  }
  for (const auto& [name, value] : input.fields) {
    if (value.is_missing()) out += fmt::format(" {}: missing", name);
  }
  if (input.kind == Input::Kind::kEvent && input.created_at != input.at) {
    out += " of " + base::to_iso8601(input.created_at);
  }
  return out;
}

}  // namespace sojourn::differential
