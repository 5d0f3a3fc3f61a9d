// The steps of random journeys that do something.

#include "tests/differential/random_steps.h"

namespace sojourn::differential {

void StepWriter::send(std::size_t indent, int depth) {
  const std::string name = label();
  const std::string campaign =
      chance_.pick<7>({"mail_a", "mail_a", "mail_b", "push_a", "sms_a", "once_a", "mail_b"});
  std::string text = Text{"{}: send {}", name, campaign};
  met(campaign == "once_a" ? "send of a campaign that is once" : "send");
  if (campaign == "mail_a" && chance_.one_in(2)) {
    met("data of a send");
    text += Text{" with {{ tier: user.plan, n: {} }}",
                 chance_.one_in(2) ? "user.seats" : "count(login since entry)"};
  }
  if (chance_.one_in(4)) {
    met("at best time");
    text += " at best time";
  }
  if (chance_.one_in(3)) {
    met("within");
    text += Text{" within {}", conditions_.elapsed()};
  } else if (chance_.one_in(3)) {
    met("before");
    text +=
        chance_.one_in(2) ? " before (user.endsAt default now)" : " before entry.createdAt + 1d";
  }
  text += " again";
  if (depth < kDeepest && chance_.one_in(4)) {
    met("else of a send");
    arm(indent, depth, text + " else");
    line(indent, "}");
  } else {
    line(indent, text);
  }
  readable_.steps.push_back(name);
}

// The data is read when the step is reached; what is answered, when it is.
void StepWriter::call(std::size_t indent, int depth) {
  const std::string up_to = chance_.pick<3>({"30s", "12h", "26h"});
  if (chance_.one_in(4)) {
    met("call of a GET without an answer to read");
    line(indent, Text{"{}: call ping up to {}", label(), up_to});
    return;
  }
  met("call");
  const std::string name = label();
  const std::string reply = Text{"r{}", ++labels_};
  line(indent,
       Text{"{}: call scoring with {{ n: {}, plan: user.plan default \"free\" }} as {} up to {} {{",
            name, chance_.pick<2>({"user.seats", "count(login)"}), reply, up_to});
  switch (chance_.below(3)) {
    case 0:
      met("as reply");
      line(indent + 2, Text{"if {}.score > 5 {{ exit as scored }}", reply});
      break;
    case 1:
      met("as reply");
      line(indent + 2,
           Text{"{}: wait until {}.due past continue missing continue", label(), reply});
      break;
    default:
      break;
  }
  block(indent + 2, depth + 1);
  arm(indent, depth, "} else");
  line(indent, "}");
  if (chance_.one_in(3)) {
    met("reply after the block");
    line(indent, Text{"{}: send mail_a with {{ n: {}.score }} again", label(), reply});
  }
  readable_.steps.push_back(name);
}

void StepWriter::collect(std::size_t indent) {
  if (chance_.one_in(4)) return collect_engagement(indent);
  met("collect");
  const std::string name = Text{"c{}", ++labels_};
  const std::string event = chance_.pick<2>({"click", "purchase"});
  line(indent, Text{"collect {}{} as {} for {}{}", event, conditions_.where(event, readable_), name,
                    conditions_.elapsed(), chance_.one_in(2) ? " keep 2" : ""});
  const std::string of_field =
      event == "click" ? "count(" + name + ")" : Text{"sum({}.amount)", name};
  line(indent, Text{"{}: send mail_a with {{ tier: \"${{count({})}}\", n: {} }} again", label(),
                    name, of_field});
}

void StepWriter::collect_engagement(std::size_t indent) {
  met("collect of engagement");
  const std::string name = Text{"c{}", ++labels_};
  line(indent, Text{"collect {} as {} for {}", chance_.pick<2>({"opened any", "clicked mail_a"}),
                    name, conditions_.elapsed()});
  line(indent, Text{"{}: send mail_a with {{ n: count({}) }} again", label(), name});
}

void StepWriter::write(std::size_t indent) {
  if (chance_.one_in(3)) {
    const bool of_list = chance_.one_in(2);
    met(of_list ? "add to and remove from a list" : "subscribe and unsubscribe");
    line(indent, of_list ? chance_.pick<2>({"add to list vips", "remove from list vips"})
                         : chance_.pick<5>({"subscribe to news", "unsubscribe from news",
                                            "unsubscribe from marketing", "subscribe to promo",
                                            "subscribe to asked"}));
    return;
  }
  if (chance_.one_in(3)) {
    met("track");
    line(indent,
         chance_.one_in(2) ? "track click { item: \"x\", n: user.seats }" : "track login {}");
    return;
  }
  if (chance_.one_in(4)) {
    met("track of an event for many");
    line(indent, chance_.pick<3>({"track shared { tag: \"a\", n: user.seats }",
                                  "track shared { tag: \"c\", n: 3 }",
                                  "track planned { plan: \"trial\", n: 5 }"}));
    return;
  }
  met("update user");
  constexpr std::array<std::string_view, 7> kFields{
      "seats: user.seats + 1", "plan: \"trial\"",      "active: true",        "score: missing",
      "endsAt: now + 3d",      "nickname: \"xavier\"", "tags: [\"b\", \"c\"]"};
  line(indent, Text{"update user {{ {} }}", chance_.pick(kFields)});
}

void StepWriter::use(std::size_t indent) {
  met("fragment");
  const std::string name = label();
  if (chance_.one_in(2)) {
    line(indent, Text{"{}: use chase({}, {})", name, chance_.pick<2>({"mail_b", "push_a"}),
                      conditions_.elapsed()});
  } else {
    line(indent, Text{"{}: use sort_out({})", name, chance_.between(1, 8)});
  }
}

void StepWriter::small(std::size_t indent) {
  if (chance_.one_in(4)) return use(indent);
  if (!may_start_.empty() && chance_.one_in(2)) {
    met("start");
    line(indent,
         Text{"start {} with {{ n: user.seats }}", may_start_[chance_.below(may_start_.size())]});
  } else if (chance_.one_in(4)) {
    met("exit");
    line(indent, Text{"if {} {{ exit as enough }}", conditions_.condition(readable_)});
  } else {
    met("let");
    const std::string name = Text{"v{}", ++labels_};
    if (chance_.one_in(3)) return read_event(indent, name);
    line(indent, Text{"let {} = {}", name,
                      chance_.pick<3>({"user.seats * 2", "count(purchase)",
                                       "sum(purchase.amount since entry)"})});
    line(indent, Text{"if {} > {} {{ exit as much }}", name, chance_.between(3, 30)});
  }
}

// One event, or the values of a field of several.
void StepWriter::read_event(std::size_t indent, const std::string& name) {
  const std::string where = conditions_.where("purchase", readable_);
  switch (chance_.below(3)) {
    case 0:
      met("first last");
      line(indent,
           Text{"let {} = {}(purchase{})", name, chance_.pick<2>({"first", "last"}), where});
      line(indent, Text{"if {0} is set and {0}.amount > 7 {{ exit as one }}", name});
      break;
    case 1:
      met("list of a field");
      line(indent, Text{"let {} = list(purchase.amount first 2{})", name,
                        chance_.one_in(2) ? " since entry" : ""});
      line(indent, Text{"if sum({}) > {} {{ exit as listed }}", name, chance_.between(2, 20)});
      break;
    default:
      met("if then else");
      line(indent,
           Text{"let {} = if user.seats > {} then user.seats else 3", name, chance_.between(1, 8)});
      line(indent, Text{"if {} in [3, 4, 7] {{ exit as chosen }}", name});
  }
}

}  // namespace sojourn::differential
