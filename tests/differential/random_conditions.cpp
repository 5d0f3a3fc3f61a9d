#include "tests/differential/random_conditions.h"

namespace sojourn::differential {

std::string Conditions::elapsed() {
  return chance_.pick<8>({"1h", "12h", "24h", "1d", "2d", "36h", "3d", "1w"});
}

std::string Conditions::condition(const Readable& readable) {
  std::string out = part(readable);
  while (chance_.one_in(3)) {
    const bool both = chance_.one_in(2);
    out = Text{"({}) {} ({})", out, both ? "and" : "or", part(readable)};
  }
  return chance_.one_in(8) ? Text{"not ({})", out} : out;
}

std::string Conditions::part(const Readable& readable) {
  switch (chance_.below(9)) {
    case 0:
    case 1:
    case 2:
      return of_profile();
    case 3:
    case 4:
      return of_history(readable);
    case 5:
      return of_messages(readable);
    case 6:
      return of_membership(readable);
    case 7:
      return of_time();
    default:
      if (readable.numbers.empty()) return of_profile();
      return met("read entry",
                 Text{"{} > {}", readable.numbers[chance_.below(readable.numbers.size())],
                      chance_.between(0, 9)});
  }
}

std::string Conditions::of_profile() {
  switch (chance_.below(12)) {
    case 8:
      return met("in a choice", "user.plan in [\"free\", \"pro\"]");
    case 9:
      return met("ends with", "user.nickname ends with \"d\"");
    case 10:
      return met("functions of numbers", Text{"max(abs({} - user.seats), min(user.seats, 4)) > {}",
                                              number(), chance_.between(1, 6)});
    case 11:
      return met("question of a profile's list",
                 Text{"count(user.tags) > {}", chance_.between(0, 1)});
    case 0:
      return Text{"user.seats >= {}", number()};
    case 1:
      return Text{"user.plan == \"{}\"", chance_.pick<3>({"free", "trial", "pro"})};
    case 2:
      return "user.active is set and user.active";
    case 3:
      return Text{"user.score < {}", number()};
    case 4:
      return Text{"user.tags contains \"{}\"", chance_.pick<2>({"a", "b"})};
    case 5:
      return Text{"(user.score default 3) * 2 + user.seats > {}", chance_.between(4, 20)};
    case 6:
      return met("matches", Text{"user.nickname matches \"{}\"",
                                 chance_.pick<5>({"^fr", "d$", "r.e", "[xy]a", "^(xa|fred)$"})});
    default:
      return Text{"user.nickname starts with \"{}\"", chance_.pick<2>({"fr", "x"})};
  }
}

std::string Conditions::window(const Readable& readable) {
  switch (chance_.below(readable.entry ? 6 : 2)) {
    case 0:
      return "";
    case 1:
      return met("window within", " within " + elapsed());
    case 2:
    case 3:
      return met("window since entry", " since entry");
    case 4:
      return met("window before entry", " before entry");
    default:
      if (readable.steps.empty()) return "";
      return met("window since step",
                 " since " + readable.steps[chance_.below(readable.steps.size())]);
  }
}

std::string Conditions::where(const std::string& event, const Readable& readable) {
  if (chance_.one_in(3)) return "";
  if (event == "purchase") {
    if (readable.entry && !readable.numbers.empty() && chance_.one_in(3)) {
      return met("where of entry", Text{" where event.amount >= {}", readable.numbers.front()});
    }
    return chance_.one_in(2) ? Text{" where event.amount > {}", number()}
                             : Text{" where event.currency == \"eur\""};
  }
  if (event == "shared" || event == "planned") {
    return Text{" where event.n > {}", chance_.between(0, 7)};
  }
  if (event == "signup") return Text{" where event.seats < {}", chance_.between(3, 12)};
  if (event == "click") return Text{" where event.item == \"{}\"", chance_.pick<2>({"x", "y"})};
  if (event == "order") {
    if (chance_.one_in(2)) {
      return met("every", Text{" where (every event.items where it.price > {})", number()});
    }
    return met("question of a list",
               Text{" where (any event.items where it.price > {})", number()});
  }
  return "";
}

std::string Conditions::of_history(const Readable& readable) {
  const std::string event = chance_.pick<5>({"login", "purchase", "click", "order", "shared"});
  const std::string which = Text{"{}{}{}", event, where(event, readable), window(readable)};
  switch (chance_.below(7)) {
    case 0:
    case 1:
      return met("any", "any " + which);
    case 2:
      return met("no", "no " + which);
    case 3:
      return met("at least", Text{"at least {} {}", chance_.between(1, 3), which});
    case 4:
      return met("exactly", Text{"{} {} {}", chance_.pick<2>({"exactly", "at most"}),
                                 chance_.between(1, 3), which});
    case 5:
      return met("count", Text{"count({}) > {}", which, chance_.between(0, 3)});
    default: {
      const std::string function = chance_.pick<4>({"sum", "min", "max", "avg"});
      return met("sum min max avg", Text{"{}(purchase.amount{}) >= {}", function, window(readable),
                                         chance_.between(1, 15)});
    }
  }
}

std::string Conditions::of_messages(const Readable& readable) {
  const std::string verb =
      received_ && chance_.one_in(4) ? "received" : chance_.pick<3>({"opened", "clicked", "sent"});
  const std::string about =
      chance_.pick<7>({"mail_a", "mail_b", "push_a", "news", "email", "marketing", "any"});
  if (readable.entry && chance_.one_in(2)) {
    return met("engagement of the last message", Text{"{} {}", verb, about});
  }
  const bool ever = chance_.one_in(3);
  return met("engagement in a window",
             Text{"{} {} {} {}", chance_.pick<3>({"any", "no", "at least 2"}), verb, about,
                  ever ? "ever" : "within " + elapsed()});
}

std::string Conditions::of_membership(const Readable& readable) {
  switch (chance_.below(6)) {
    case 5:
      if (readable.journeys.empty()) return "in segment keen";
      return met("left journey as",
                 Text{"left {} as {}{}", readable.journeys[chance_.below(readable.journeys.size())],
                      chance_.pick<3>({"completed", "so", "gone"}),
                      chance_.one_in(2) ? "" : " within " + elapsed()});
    case 0:
      return met("in list", "in list vips");
    case 1:
      return met("in segment", chance_.one_in(2) ? "in segment big" : "in segment keen");
    case 2:
      return met("subscribed to", Text{"subscribed to {}", chance_.pick<2>({"news", "promo"})});
    case 3:
      if (readable.journeys.empty()) return "in list vips";
      return met("in journey",
                 Text{"in journey {}", readable.journeys[chance_.below(readable.journeys.size())]});
    default:
      if (readable.journeys.empty()) return "in segment big";
      return met("left journey",
                 Text{"left {}{}", readable.journeys[chance_.below(readable.journeys.size())],
                      chance_.one_in(2) ? "" : " within " + elapsed()});
  }
}

std::string Conditions::of_time() {
  switch (chance_.below(7)) {
    case 5:
      return met("days between", Text{"user.bornOn is set and days_between(user.bornOn, now) > {}",
                                      chance_.between(-3, 9)});
    case 6:
      return met("month and year of now",
                 Text{"month(now) == {} and year(now) == 2026", chance_.pick<3>({"3", "4", "10"})});
    case 0:
      return met("now passes a time", "now > user.endsAt");
    case 1:
      return met("now passes a time",
                 Text{"user.endsAt is set and now - user.endsAt >= {}", elapsed()});
    case 2:
      return met("now passes a date", "date(now) >= user.bornOn");
    case 3:
      return met("weekday of now",
                 Text{"weekday(now) == \"{}\"", chance_.pick<3>({"monday", "tuesday", "sunday"})});
    default:
      return Text{"day(now) > {}", chance_.between(5, 25)};
  }
}

}  // namespace sojourn::differential
