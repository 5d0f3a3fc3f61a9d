#include "tests/differential/random_steps.h"

namespace sojourn::differential {
namespace {

constexpr int kMostSteps = 30;

}  // namespace

void StepWriter::block(std::size_t indent, int depth) {
  const std::uint64_t length = depth == 0 ? 3 + chance_.below(4) : chance_.below(3);
  for (std::uint64_t i = 0; i < length && steps_ < kMostSteps; ++i) step(indent, depth);
}

void StepWriter::step(std::size_t indent, int depth) {
  ++steps_;
  const bool flat = depth >= kDeepest;
  switch (chance_.below(flat ? 9 : 20)) {
    case 0:
    case 1:
    case 2:
      return send(indent, depth);
    case 3:
    case 4:
      return wait(indent);
    case 5:
      return wait_until_time(indent);
    case 6:
      return collect(indent);
    case 7:
      return write(indent);
    case 8:
      return small(indent);
    case 9:
    case 10:
      return wait_for(indent, depth);
    case 11:
      return wait_for_several(indent, depth);
    case 12:
      return wait_until(indent, depth);
    case 13:
      return schedule(indent, depth);
    case 14:
      return branch(indent, depth);
    case 15:
      return chance_.one_in(2) ? match(indent, depth) : branch(indent, depth);
    case 16:
      return split(indent, depth);
    case 17:
    case 18:
      return call(indent, depth);
    default:
      return repeat(indent, depth);
  }
}

std::string StepWriter::label() {
  return Text{"s{}", ++labels_};
}

std::string StepWriter::at() {
  if (!chance_.one_in(3)) return "";
  return chance_.one_in(3) ? " at 02:30" : Text{" at {:02}:00", chance_.below(24)}.text;
}

std::string StepWriter::length() {
  return chance_.pick<9>({"1h", "6h", "24h", "1d", "2d", "3d", "1w", "1d12h", "1mo"});
}

std::string StepWriter::some_time() {
  switch (chance_.below(4)) {
    case 0:
      return "entry.createdAt + 2d";
    case 1:
      return "user.endsAt - 1d";
    default:
      return "user.endsAt";
  }
}

std::string StepWriter::otherwise() {
  return chance_.pick<3>({"continue", "exit", "exit as no_time"});
}

void StepWriter::wait(std::size_t indent) {
  const std::string name = label();
  const std::string time = at();
  met(time.empty() ? "wait" : "wait at");
  line(indent, Text{"{}: wait {}{}", name, length(), time});
  readable_.steps.push_back(name);
}

void StepWriter::wait_until_time(std::size_t indent) {
  const std::string day = chance_.pick<6>({"", "", "monday ", "workday ", "day 31 ", "sunday "});
  if (chance_.one_in(2)) {
    met("wait until a time of day");
    line(indent, Text{"wait until {}{}", day, chance_.pick<3>({"09:00", "02:30", "23:45"})});
  } else {
    met("wait until a window");
    line(indent, Text{"wait until {}{}", day,
                      chance_.pick<3>({"09:00..17:00", "22:00..04:00", "02:00..03:00"})});
  }
}

void StepWriter::wait_until(std::size_t indent, int depth) {
  met("wait until T");
  std::string text = Text{"wait until {}{}", some_time(), at()};
  if (!chance_.one_in(3)) text += Text{" up to {}", chance_.pick<4>({"1d", "5d", "12h", "20d"})};
  text += Text{" past {}", otherwise()};
  if (chance_.one_in(2)) {
    line(indent, Text{"{} missing {}", text, otherwise()});
  } else {
    arm(indent, depth, text + " missing");
    line(indent, "}");
  }
}

void StepWriter::wait_for(std::size_t indent, int depth) {
  std::string text = Text{"{}: wait for ", label()};
  switch (chance_.below(4)) {
    case 0:
      met("wait for a condition");
      text += conditions_.condition(readable_);
      break;
    case 1:
      met("wait for engagement");
      text += chance_.pick<4>({"opened mail_a", "clicked mail_b", "opened any", "clicked mail_a"});
      break;
    default: {
      met("wait for an event");
      const std::string event = chance_.pick<5>({"login", "purchase", "click", "order", "shared"});
      text += event + conditions_.where(event, readable_);
      switch (chance_.below(4)) {
        case 0:
          met("wait since here");
          text += " since here";
          break;
        case 1:
          if (readable_.steps.empty()) break;
          met("wait since step");
          text += " since " + readable_.steps[chance_.below(readable_.steps.size())];
          break;
        default:
          break;
      }
    }
  }
  arm(indent, depth, Text{"{} up to {}", text, conditions_.elapsed()});
  arm(indent, depth, "} timeout");
  line(indent, "}");
}

void StepWriter::wait_for_several(std::size_t indent, int depth) {
  met("wait for several");
  line(indent, Text{"{}: wait up to {} {{", label(), conditions_.elapsed()});
  const std::uint64_t arms = 2 + chance_.below(2);
  for (std::uint64_t i = 0; i < arms; ++i) {
    if (chance_.one_in(2)) {
      arm(indent + 2, depth, Text{"when {}", conditions_.condition(readable_)});
    } else {
      const std::string event =
          chance_.pick<5>({"login", "purchase", "click", "user.plan changed", "planned"});
      const std::string where =
          event == "user.plan changed" ? "" : conditions_.where(event, readable_);
      if (event == "purchase") {
        met("bound event");
        const std::string bound = Text{"e{}", ++labels_};
        line(indent + 2, Text{"on {}{} as {} {{", event, where, bound});
        line(indent + 4, Text{"if {}.amount > 5 {{ exit as big }}", bound});
        line(indent + 2, "}");
        continue;
      }
      arm(indent + 2, depth, Text{"on {}{}", event, where});
    }
    line(indent + 2, "}");
  }
  arm(indent + 2, depth, "timeout");
  line(indent + 2, "}");
  line(indent, "}");
}

void StepWriter::schedule(std::size_t indent, int depth) {
  met("schedule");
  const std::string up_to = chance_.one_in(4) ? "" : " up to 30d";
  line(indent, Text{"{}: schedule around {}{} missing {} {{", label(),
                    chance_.one_in(2) ? "user.endsAt" : "user.endsAt + 2d", up_to, otherwise()});
  constexpr std::string_view kRungs[] = {"7d before",         "3d before at 10:00", "30h before",
                                         "2h before",         "0d after",           "12h after",
                                         "1d after at 12:00", "3d after",           "1w after"};
  bool any = false;
  for (const std::string_view rung : kRungs) {
    if (!chance_.one_in(3) && (any || rung != "1w after")) continue;
    any = true;
    arm(indent + 2, depth, std::string(rung));
    line(indent + 2, "}");
  }
  line(indent, "}");
}

void StepWriter::branch(std::size_t indent, int depth) {
  met("if");
  arm(indent, depth, Text{"if {}", conditions_.condition(readable_)});
  if (chance_.one_in(3)) {
    arm(indent, depth, Text{"}} else if {}", conditions_.condition(readable_)});
  }
  if (chance_.one_in(2)) arm(indent, depth, "} else");
  line(indent, "}");
}

void StepWriter::match(std::size_t indent, int depth) {
  if (chance_.one_in(2)) return match_text(indent, depth);
  met("match");
  line(indent, "match user.seats {");
  arm(indent + 2, depth, "1");
  line(indent + 2, "}");
  arm(indent + 2, depth, "2..5");
  line(indent + 2, "}");
  arm(indent + 2, depth, "else");
  line(indent + 2, "}");
  line(indent, "}");
}

void StepWriter::match_text(std::size_t indent, int depth) {
  met("match of texts");
  line(indent, "match user.plan {");
  arm(indent + 2, depth, "\"free\"");
  line(indent + 2, "}");
  arm(indent + 2, depth, "\"pro\"");
  line(indent + 2, "}");
  arm(indent + 2, depth, "else");
  line(indent + 2, "}");
  line(indent, "}");
}

void StepWriter::split(std::size_t indent, int depth) {
  const bool by = chance_.one_in(3);
  met(by ? "split by" : "split");
  line(indent, Text{"split x{}{} {{", ++labels_, by ? " by user.nickname" : ""});
  // What is counted of it changes nobody's way.
  if (!chance_.one_in(3)) {
    met("measured split");
    const bool of_goal = readable_.goal && !chance_.one_in(4);
    if (of_goal) met("measured by a goal");
    line(indent + 2,
         Text{"measure {} within {}", of_goal ? "bought" : chance_.pick<2>({"opened", "clicked"}),
              chance_.pick<3>({"2d", "1w", "30d"})});
  }
  arm(indent + 2, depth, "40% a");
  line(indent + 2, "}");
  arm(indent + 2, depth, "40% b");
  line(indent + 2, "}");
  line(indent + 2, "20% holdout");
  line(indent, "}");
}

void StepWriter::repeat(std::size_t indent, int depth) {
  met("repeat");
  std::string text = Text{"{}: repeat up to {} times", label(), chance_.between(1, 4)};
  if (chance_.one_in(2)) {
    met("repeat until");
    text += Text{" until {}", conditions_.condition(readable_)};
  }
  line(indent, text + " {");
  block(indent + 2, depth + 1);
  wait(indent + 2);
  line(indent, "}");
}

}  // namespace sojourn::differential
