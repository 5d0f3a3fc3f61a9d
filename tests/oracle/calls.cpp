// `call`: a service is asked, and answers in its own time.
#include <algorithm>
#include <utility>

#include "tests/oracle/person.h"

namespace sojourn::oracle {

using graph::StepIndex;
using graph::Value;

// Nobody is asked about somebody who is held out.
std::optional<StepIndex> Person::ask_service(Enrolled& enrolled, const graph::Call& step) {
  if (step.bind) enrolled.locals[*step.bind] = Value();
  if (enrolled.held_out) {
    tell(enrolled.journey, "unanswered " + step.webhook);
    return step.otherwise;
  }
  const auto index = static_cast<std::size_t>(&enrolled - enrolled_.data());
  planned_calls_.push_back({index, enrolled.at, enrolled.visits.size(),
                            text_of(fields_of(asker(enrolled), step.fields))});
  return std::nullopt;
}

// Nobody is asked for somebody who has left, or gone on, in the same instant.
void Person::make_calls() {
  for (const PlannedCall& planned : std::exchange(planned_calls_, {})) {
    const Enrolled& enrolled = enrolled_[planned.enrolled];
    if (enrolled.exit || enrolled.visits.size() != planned.visit) continue;
    const auto& step = std::get<graph::Call>(graph_of(enrolled).steps[planned.step].action);
    tell(enrolled.journey, "call " + step.webhook + " " + planned.data);
    if (auto served = world_.service(step.webhook, planned.data, now_)) {
      calls_.push_back({planned.enrolled, planned.step, planned.visit, now_ + served->after,
                        std::move(served->reply)});
    }
  }
}

// Of several at one instant, to the call that was made first.
std::vector<OpenCall>::iterator Person::next_answer() {
  return std::ranges::min_element(calls_, {}, &OpenCall::due);
}

// An answer that nobody waits for any more changes nothing.
void Person::take_answer(std::vector<OpenCall>::iterator open) {
  const OpenCall call = std::move(*open);
  calls_.erase(open);
  now_ = call.due;
  Enrolled& enrolled = enrolled_[call.enrolled];
  const bool waits =
      !enrolled.exit && enrolled.at == call.step && enrolled.visits.size() == call.visit;
  if (!waits || leave_by_rule(call.enrolled, nullptr)) return;
  const auto& step = std::get<graph::Call>(graph_of(enrolled).steps[call.step].action);
  tell(enrolled.journey, (call.reply ? "answered " : "unanswered ") + step.webhook);
  if (call.reply && step.bind) {
    enrolled.locals[*step.bind] = Value(graph::Object(call.reply->begin(), call.reply->end()));
  }
  go(call.enrolled, call.reply ? step.next : step.otherwise);
  work_off();
  deliver_all();
}

}  // namespace sojourn::oracle
