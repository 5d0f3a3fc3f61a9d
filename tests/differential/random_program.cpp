#include "tests/differential/random_program.h"

#include <utility>
#include <vector>

#include "tests/differential/random_steps.h"

namespace sojourn::differential {
namespace {

// What messages say is named otherwise than what a profile holds: of a profile that has just been
// changed the change travels with a message, and cannot be told from what the message says.
constexpr std::string_view kWorld = R"(user {
  plan     "free" | "trial" | "pro"
  seats    integer = 1
  score    integer
  active   boolean
  endsAt   timestamp
  bornOn   date
  tags     [string]
  nickname string = "friend"
}
event signup { plan string, seats integer, code string? }
event login
event purchase { amount integer, currency "eur" | "usd" }
event click { item string, n integer? }
event order { items [{ name string, price integer }] }
event shared { n integer, tag string } for users where user.tags contains event.tag up to 9
event planned { n integer, plan string } for users where user.plan == event.plan up to 9
webhook scoring = "https://scores.example.com/one" { returns { score integer, due timestamp? } }
webhook ping    = "https://scores.example.com/two" { method GET }
message_type news    = 41 marketing opt_in
message_type promo   = 42 marketing opt_out channel 7
message_type account = 43 transactional opt_out
message_type asked   = 44 marketing double_opt_in
campaign mail_a = 101 email news { data { tier string?, n integer? } }
campaign mail_b = 102 email account { data { places integer? } }
campaign push_a = 103 push promo
campaign sms_a  = 104 sms account
campaign once_a = 105 email promo { once }
list vips = 7
segment big = user.seats >= 5 and in list vips
segment keen = in segment big or any login within 2d
let holidays = [2026-03-30, 2026-04-06, 2026-10-26]
fragment chase(question: campaign, pause: duration) {
  asked: send question again
  wait for login up to pause {} timeout {
    again_now: send question again
  }
}
fragment sort_out(most: integer) {
  if user.seats > most { wait 6h } else { update user { score: most } }
}
)";

class ProgramWriter {
 public:
  ProgramWriter(base::Random& random, bool received)
      : chance_(random), conditions_(chance_, out_.constructs, received) {}

  RandomProgram write() {
    out_.text = kWorld;
    policy();
    has_paces_ = chance_.one_in(2);
    const std::uint64_t count = 2 + chance_.below(3);
    for (std::uint64_t i = 1; i <= count; ++i) names_.push_back(Text{"j{}", i});
    for (std::size_t i = 0; i < count; ++i) entries_by_api_.push_back(chance_.one_in(3));
    for (std::size_t i = 0; i < count; ++i) journey(i);
    return std::move(out_);
  }

 private:
  void line(const std::string& text) { out_.text += text + "\n"; }
  void met(const std::string& construct) { ++out_.constructs[construct]; }

  std::string quiet_range() {
    return chance_.pick<5>(
        {"21:00..08:00", "12:00..14:00", "22:30..06:30", "00:00..09:00", "18:00..02:30"});
  }

  void policy() {
    line("policy {");
    line(chance_.one_in(4) ? "  timezone \"America/New_York\""
                           : "  timezone user.timeZone default \"Europe/Berlin\"");
    line("  workdays monday..friday except holidays");
    if (chance_.one_in(3)) {
      met("deadline of the policy");
      line(Text{"  deadline {}", conditions_.elapsed()});
    }
    if (chance_.one_in(3)) {
      met("keep");
      line(Text{"  keep {} for {}", chance_.pick<2>({"login", "shared"}), conditions_.elapsed()});
    }
    if (chance_.one_in(3)) {
      met("quiet of the policy");
      line(Text{"  quiet {} {}{} defer up to {} else drop",
                chance_.pick<3>({"marketing", "email", "account"}), quiet_range(),
                chance_.one_in(3) ? ", sunday, holidays" : "", conditions_.elapsed()});
    }
    if (chance_.one_in(3)) {
      met("cap");
      line(Text{"  cap {} {} per {}{} defer up to {} else drop",
                chance_.pick<3>({"marketing", "email", "news"}), chance_.between(1, 2),
                conditions_.elapsed(), chance_.one_in(3) ? ", 3 per 9d" : "",
                conditions_.elapsed()});
    }
    if (chance_.one_in(8)) {
      met("holdout of the policy");
      line("  holdout 30% left_alone");
    }
    line("}");
  }

  void journey(std::size_t index) {
    Readable readable;
    for (std::size_t i = 0; i < names_.size(); ++i) {
      if (i != index) readable.journeys.push_back(names_[i]);
    }
    line(Text{"journey {} {{", names_[index]});
    line("  owner \"lifecycle@example.com\"");
    if (chance_.one_in(3)) {
      met("timezone of a journey");
      line(Text{"  timezone {}",
                chance_.pick<4>({"\"America/New_York\"", "\"Australia/Lord_Howe\"",
                                 "user.timeZone default \"Asia/Tokyo\"", "\"UTC\""})});
    }
    entries(index, readable);
    again();
    if (chance_.one_in(3)) {
      met("data of a journey");
      line("  data { places: user.seats }");
    }
    rules(readable);
    StepWriter steps(chance_, conditions_, out_, readable);
    for (std::size_t i = index + 1; i < names_.size(); ++i) {
      if (entries_by_api_[i]) steps.may_start(names_[i]);
    }
    steps.block(2, 0);
    line("}");
  }

  void entries(std::size_t index, Readable& readable) {
    Readable nobody = readable;
    nobody.entry = false;
    nobody.journeys.clear();
    std::vector<std::string> fields;
    const std::uint64_t lines = entries_by_api_[index] ? chance_.below(2) : 1 + chance_.below(2);
    for (std::uint64_t i = 0; i < lines; ++i) fields = entry(nobody);
    if (entries_by_api_[index]) {
      met("enter on api");
      line("  enter on api { n integer? }");
    }
    if (lines != 1 || entries_by_api_[index] || fields.empty()) return;
    readable.numbers.push_back("entry." + fields.front());
    if (chance_.one_in(3)) {
      met("one per");
      line(Text{"  one per entry.{}", fields.back()});
    }
  }

  // The fields of the entry that are always there, first one that is a number.
  std::vector<std::string> entry(const Readable& nobody) {
    switch (chance_.below(14)) {
      case 12:
      case 13: {
        met("enter on an event for many");
        const std::string event = chance_.pick<2>({"shared", "planned"});
        line(Text{"  enter on {}{}", event, conditions_.where(event, nobody)});
        return {"n", event == "shared" ? "tag" : "plan"};
      }
      case 10:
        met("enter every day for a segment");
        line(Text{"  enter every {} at {:02}:30 for big",
                  chance_.pick<5>({"day", "workday", "monday", "day", "month on day 31"}),
                  chance_.below(24)});
        return {};
      case 11:
        met("enter at a time for a segment");
        line(Text{"  enter at 2026-{}T10:00[Europe/Berlin] for big",
                  chance_.pick<3>({"03-10", "04-01", "10-26"})});
        return {};
      case 0:
        met("enter on change");
        line(chance_.one_in(2) ? "  enter on user.plan changed where event.to == \"pro\""
                               : "  enter on user.seats changed");
        return {};
      case 1:
        met("enter on a date");
        line(Text{"  enter on user.endsAt{}{}", chance_.pick<3>({" - 2d", " + 1d", ""}), at()});
        return {};
      case 2:
        met("enter every year");
        line(Text{"  enter every year on user.bornOn{}{}", chance_.pick<3>({" - 1w", " + 2d", ""}),
                  at()});
        return {};
      case 3:
        met("enter when");
        line(Text{"  enter when {}", conditions_.condition(nobody)});
        return {};
      case 4:
        met("enter on list");
        line("  enter on list vips");
        return {};
      case 5:
        met("enter on engagement");
        line(Text{"  enter on {} {}", chance_.pick<2>({"opened", "clicked"}),
                  chance_.pick<2>({"mail_a", "any"})});
        return {};
      case 6:
      case 7:
        met("enter on event");
        line(Text{"  enter on purchase{}", conditions_.where("purchase", nobody)});
        return {"amount", "currency"};
      default:
        met("enter on event");
        line(Text{"  enter on signup{}", conditions_.where("signup", nobody)});
        return {"seats", "plan"};
    }
  }

  std::string at() { return chance_.one_in(2) ? Text{" at {:02}:30", chance_.below(24)}.text : ""; }

  void again() {
    switch (chance_.below(4)) {
      case 0:
        break;
      case 1:
        met("reenter after");
        line(Text{"  reenter after {}{}", conditions_.elapsed(),
                  chance_.one_in(2) ? " up to 2 times" : ""});
        break;
      default:
        met("reenter always");
        line(chance_.one_in(3) ? "  reenter after 1h up to 2 times" : "  reenter always");
    }
    if (has_paces_ && chance_.one_in(2)) {
      met("pace");
      line(Text{"  pace {} per {}{}", chance_.between(1, 2), conditions_.elapsed(),
                chance_.one_in(3) ? "" : " up to 12h else drop"});
    }
    switch (chance_.below(5)) {
      case 0:
        met("while enrolled update");
        line("  while enrolled update");
        break;
      case 1:
        met("while enrolled restart");
        line(Text{"  while enrolled restart up to {} times", chance_.between(1, 2)});
        break;
      default:
        break;
    }
  }

  void rules(Readable& readable) {
    if (chance_.one_in(3)) {
      met("exit on event");
      const std::string event =
          chance_.pick<5>({"purchase", "click", "order", "shared", "planned"});
      line(Text{"  exit on {}{} as gone", event, conditions_.where(event, readable)});
    }
    if (chance_.one_in(4)) {
      met("exit on change");
      line("  exit on user.plan changed where event.to == \"pro\" as moved_up");
    }
    if (chance_.one_in(6)) {
      met("exit on engagement");
      line(Text{"  exit on {} as looked", chance_.pick<2>({"opened mail_a", "clicked any"})});
    }
    if (chance_.one_in(6)) {
      met("exit without a reason of its own");
      line("  exit on signup");
    }
    if (chance_.one_in(2)) {
      const bool held = chance_.one_in(3);
      met(held ? "exit when for" : "exit when");
      line(Text{"  exit when {}{} as so", conditions_.condition(readable),
                held ? " for " + conditions_.elapsed() : ""});
    }
    if (chance_.one_in(3)) {
      const bool and_exit = chance_.one_in(3);
      met(and_exit ? "goal and exit" : "goal");
      readable.goal = true;
      line(Text{"  goal bought on purchase{} within {} value event.amount{}",
                conditions_.where("purchase", readable), conditions_.elapsed(),
                and_exit ? " and exit" : ""});
    }
    if (chance_.one_in(4)) {
      met("goal on engagement");
      line(Text{"  goal read_it on opened mail_a within {}", conditions_.elapsed()});
    }
    if (chance_.one_in(3)) {
      met("priority");
      line(Text{"  priority {}", chance_.pick<2>({"low", "high"})});
    }
    if (chance_.one_in(6)) {
      met("quiet of a journey");
      line(Text{"  quiet marketing {} defer up to {} else drop", quiet_range(),
                conditions_.elapsed()});
    }
    if (chance_.one_in(8)) {
      met("holdout of a journey");
      line("  holdout 40%");
    }
  }

  Chance chance_;
  RandomProgram out_;
  Conditions conditions_;
  std::vector<std::string> names_;
  std::vector<bool> entries_by_api_;
  // A place that one person takes is none for another, so a second one cannot live beside them.
  bool has_paces_ = false;
};

}  // namespace

RandomProgram random_program(base::Random& random, bool received) {
  return ProgramWriter(random, received).write();
}

}  // namespace sojourn::differential
