// What is asked about the enrollment's own messages (`opened welcome`) where none has been
// sent, or before people have had the time to do anything with it.
#include <algorithm>
#include <fmt/core.h>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "dsl/lint_journey.h"
#include "graph/engagement.h"
#include "graph/expression_text.h"
#include "graph/operation.h"
#include "graph/walk.h"
#include "proof/own_messages.h"

namespace sojourn::dsl {
namespace {

using graph::ExprId;
using graph::StepIndex;

// People open a message over hours, and the news of it takes its way through webhooks.
// What is asked sooner than this is asked of those who look at a mail as it comes.
constexpr base::Millis kSettling = base::hours(1);

// Of what people do with a message, and not what becomes of it by itself.
bool takes_people(const graph::Expression& question) {
  const auto is = [&](graph::Engagement kind) {
    return question.name == graph::event_of(kind).name;
  };
  return is(graph::Engagement::kOpened) || is(graph::Engagement::kClicked);
}

class OwnMessageLint {
 public:
  OwnMessageLint(JourneyLint& lint, const proof::ValueFlow& flow)
      : lint_(lint), flow_(flow), messages_(lint.graph, lint.program.world.catalog) {}

  void look_at_clauses() {
    for (std::size_t i = 0; i < lint_.graph.exits.size(); ++i) {
      const auto& exit = lint_.graph.exits[i];
      if (const auto* on = std::get_if<graph::ExitOnEvent>(&exit)) {
        look_at_whole_journey(on->event, on->where, lint_.exit_line(i));
      } else {
        for (const ExprId id : messages_.questions_of(std::get<graph::ExitWhen>(exit).condition)) {
          const graph::Expression& question = lint_.graph.expressions[id];
          if (sends_any(messages_.meant_by(graph::condition_of(question)))) continue;
          never_in_journey(question.names[0], lint_.exit_line(i), graph::kCompleted);
        }
      }
    }
    for (std::size_t i = 0; i < lint_.graph.goals.size(); ++i) {
      const graph::Goal& goal = lint_.graph.goals[i];
      look_at_whole_journey(goal.event, goal.where, lint_.goal_line(i));
    }
  }

  void look_at_steps() {
    for (at_ = 0; at_ < lint_.graph.steps.size(); ++at_) {
      if (!flow_.reaches(at_)) continue;
      const graph::Step& step = lint_.graph.steps[at_];
      if (const auto* wait = std::get_if<graph::WaitFor>(&step.action)) look_at_events(*wait);
      // It goes on gathering behind its step, so what is sent there counts too.
      if (const auto* collect = std::get_if<graph::Collect>(&step.action)) {
        look_at_whole_journey(collect->event, collect->where, lint_.place_of(at_), at_);
        continue;
      }
      look_at_questions(step);
    }
  }

 private:
  static bool sends_any(const std::vector<bool>& sends) {
    return std::ranges::find(sends, true) != sends.end();
  }

  // `opened welcome`. What a trigger's event is about stands where its target is written,
  // and before what its `where` says.
  std::string words_of(const std::string& event, ExprId where) const {
    const graph::Expression& condition = lint_.graph.expressions[where];
    if (condition.op == graph::Op::kAnd) where = condition.arguments.front();
    const std::string_view target = lint_.text_of(lint_.span_of(where));
    return fmt::format("{} {}", graph::told(event), target);
  }

  // `step` is the one that says it; kCompleted when a clause does.
  void never_in_journey(const std::string& words, Span place, StepIndex step) {
    lint_.report(diagnose(messages::kNotSentBefore, place, words,
                          "in this journey, which sends no such message"),
                 step);
  }

  void look_at_whole_journey(const std::string& event, ExprId where, Span line,
                             StepIndex step = graph::kCompleted) {
    if (!graph::is_engagement(event) || sends_any(messages_.meant_by(where))) return;
    never_in_journey(words_of(event, where), line, step);
  }

  void look_at_events(const graph::WaitFor& wait) {
    for (const auto& arm : wait.arms) {
      const auto* on = std::get_if<graph::EventArm>(&arm);
      if (on == nullptr || !graph::is_engagement(on->event)) continue;
      if (messages_.may_be_sent_before(messages_.meant_by(on->where), at_)) continue;
      not_sent_before(words_of(on->event, on->where), lint_.place_of(at_));
    }
  }

  void look_at_questions(const graph::Step& step) {
    const bool is_branch = std::holds_alternative<graph::Branch>(step.action);
    for (const ExprId condition : graph::expressions_of(step)) {
      if (condition == graph::kNoExpr || is_about_events(step, condition)) continue;
      for (const ExprId id : messages_.questions_of(condition)) {
        const graph::Expression& question = lint_.graph.expressions[id];
        const auto sends = messages_.meant_by(graph::condition_of(question));
        const Span place = lint_.place_of(at_, id);
        const auto since = messages_.longest_since(sends, at_);
        if (!since) {
          not_sent_before(question.names[0], place);
        } else if (is_branch && takes_people(question) && *since < kSettling) {
          too_soon(question.names[0], place, *since);
        }
      }
    }
  }

  // The condition of an arm `on EVENT`, which was looked at with its event.
  static bool is_about_events(const graph::Step& step, ExprId condition) {
    const auto* wait = std::get_if<graph::WaitFor>(&step.action);
    if (wait == nullptr) return false;
    return std::ranges::any_of(wait->arms, [&](const auto& arm) {
      const auto* on = std::get_if<graph::EventArm>(&arm);
      return on != nullptr && on->where == condition;
    });
  }

  void not_sent_before(const std::string& words, Span place) {
    lint_.report(diagnose(messages::kNotSentBefore, place, words,
                          "here: no way to this place sends such a message")
                     .help("ask behind the send; of what was sent before this enrollment ask "
                           "with `within D` or `ever`"),
                 at_);
  }

  void too_soon(const std::string& words, Span place, base::Millis since) {
    const std::string when = since == base::Millis{0}
                                 ? "right behind"
                                 : fmt::format("at most {} after", graph::to_string(since));
    lint_.report(
        diagnose(messages::kAskedTooSoon, place, words, when)
            .help(fmt::format("wait first: `wait for {} up to 2d {{ … }} timeout {{ … }}`", words)),
        at_);
  }

  JourneyLint& lint_;
  const proof::ValueFlow& flow_;
  proof::OwnMessages messages_;
  StepIndex at_ = 0;
};

}  // namespace

void lint_own_messages(JourneyLint& lint, const proof::ValueFlow& flow) {
  OwnMessageLint own(lint, flow);
  own.look_at_clauses();
  own.look_at_steps();
}

}  // namespace sojourn::dsl
