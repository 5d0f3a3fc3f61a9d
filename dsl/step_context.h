// What a journey's steps are checked in: one per journey, for one walk over its
// steps in the order written. Steps of the graph come out in that order too.
//
// While the walk goes on, a `next` holds a *label*, since the step it leads to may
// not exist yet; `resolve_labels` turns labels into indices at the end.
//
// Identity (language 11): a label; the campaign of an unlabelled send; else block,
// kind and number, counted per kind within the block: `wait 1`, `if 1.then.wait 2`,
// `remind.3d before.exit 1`. Inside a fragment all of them follow the name of its
// use and a point. What names a block stands beside each step's check.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dsl/engagement.h"
#include "dsl/expression_context.h"
#include "dsl/flow.h"

namespace sojourn::dsl {

// A place in the steps to come; graph::kCompleted is the end of the journey.
using StepLabel = graph::StepIndex;

// A block while it is walked: what unlabelled steps in it are called.
struct BlockName {
  std::string prefix;  // empty, or ends in `.`
  std::map<std::string, int, std::less<>> counts;
};

// A send that was checked.
struct SendSeen {
  std::string campaign;
  Span span;
  bool again = false;  // or a repeat was reported
};

// The fragment whose steps are being put in.
struct OpenUse {
  const ast::Fragment* fragment = nullptr;
  std::map<std::string, std::string, std::less<>> campaigns;  // by parameter
};

struct StepContext {
  ExpressionContext& expressions;
  graph::Graph& graph;
  std::vector<Span>& step_spans;
  std::vector<graph::StepIndex>& exhaustive;  // CompiledJourney::exhaustive
  const World& world;
  Report& report;
  const ast::Map* data = nullptr;                         // the journey's `data`
  std::map<std::string, Typed, std::less<>> data_values;  // of `data`, made at first use
  std::set<std::string, std::less<>> named_data;          // fields of the campaigns it sends
  bool all_campaigns_known = true;

  Flow flow;
  std::vector<SendSeen> sends;  // in the order written
  std::vector<OpenUse> uses;    // outermost first
  std::string use_prefix;       // before every name inside them; empty, or ends in `.`
  std::map<std::string, Span, std::less<>> identities;
  std::vector<ast::StepRef> references;       // to be looked up when all steps are known
  std::vector<graph::StepIndex> label_steps;  // by label
  // Labels that stand for others, where a use puts steps in.
  std::map<StepLabel, StepLabel> label_aliases;

  StepLabel new_label();
  // Appends a step, at which `label` then stands, and says where it is. The action
  // is set by the caller, after the steps inside it.
  graph::StepIndex open_step(StepLabel label, std::string identity, Span span);
  // No step stands at `label` itself: who goes there goes to `to`.
  void label_leads_to(StepLabel label, StepLabel to) { label_aliases[label] = to; }
  void resolve_labels();

  // The identity of a step that has no name of its own, unless it is labelled.
  std::string identify(const ast::Step& step, BlockName& block, std::string_view kind);
  // The campaign that `name` means here: it may be a parameter.
  std::string campaign_of(const ast::Name& name) const;
  // Reports when the name is taken.
  void claim_identity(const std::string& identity, Span span);

  // What expressions of a step may read when it is reached.
  Scope scope() const;
  // As scope(), for what is looked at again while time passes: facts about the
  // profile do not hold.
  Scope later_scope() const;
  void let_time_pass();

  // A new local; reports a name that is taken. Its slot.
  std::uint32_t bind(const ast::Name& name, graph::Type type, bool known);
};

// The first label of the block, or `next` when it is empty. Names bound in it end
// with it.
StepLabel check_block(StepContext& context, const ast::Block& block, std::string prefix,
                      StepLabel next);
// One step; check_steps.cpp chooses.
void check_step(StepContext& context, const ast::Step& step, BlockName& block, StepLabel label,
                StepLabel next);
// `continue`, `exit as r` or a block, from the flow at hand. `prefix` names the block.
StepLabel check_otherwise(StepContext& context, const ast::Otherwise& otherwise, std::string prefix,
                          StepLabel next);

// A step while it is checked: where it stands and what follows it.
struct StepPlace {
  const ast::Step& step;
  BlockName& block;
  StepLabel label;
  StepLabel next;
};

// One per construct, in step_….cpp.
void check_send(StepContext& context, const StepPlace& place, const ast::Send& send);
void check_wait(StepContext& context, const StepPlace& place, const ast::WaitFor& wait);
void check_wait_until(StepContext& context, const StepPlace& place, const ast::WaitUntil& wait);
void check_wait_until_time(StepContext& context, const StepPlace& place,
                           const ast::WaitUntilTime& wait);
void check_wait_for_event(StepContext& context, const StepPlace& place,
                          const ast::WaitForEvent& wait);
void check_wait_for_condition(StepContext& context, const StepPlace& place,
                              const ast::WaitForCondition& wait);
void check_wait_race(StepContext& context, const StepPlace& place, const ast::WaitRace& race);
void check_schedule(StepContext& context, const StepPlace& place, const ast::Schedule& schedule);
void check_if_step(StepContext& context, const StepPlace& place, const ast::If& node);
void check_match(StepContext& context, const StepPlace& place, const ast::Match& match);
void check_split(StepContext& context, const StepPlace& place, const ast::Split& split);
void check_let(StepContext& context, const StepPlace& place, const ast::Let& let);
void check_update_user(StepContext& context, const StepPlace& place, const ast::UpdateUser& update);
void check_track(StepContext& context, const StepPlace& place, const ast::Track& track);
void check_call(StepContext& context, const StepPlace& place, const ast::CallWebhook& call);
void check_collect(StepContext& context, const StepPlace& place, const ast::Collect& collect);
void check_repeat(StepContext& context, const StepPlace& place, const ast::Repeat& repeat);
void check_use(StepContext& context, const StepPlace& place, const ast::Use& use);
void check_start(StepContext& context, const StepPlace& place, const ast::StartJourney& start);
void check_list_change(StepContext& context, const StepPlace& place, const ast::ListChange& change);
void check_subscription_change(StepContext& context, const StepPlace& place,
                               const ast::SubscriptionChange& change);
void check_exit(StepContext& context, const StepPlace& place, const ast::Exit& exit);

// Parts that several of them share.

// The declaration of an event that is named; null when it is unknown (reported).
const graph::EventType* find_event(const World& world, const ast::Name& name, Report& report);
// What `enter on api` of a journey takes; null when there is no such journey or line
// (reported).
const graph::EventType* find_api_entry(const World& world, const ast::Name& journey,
                                       Report& report);
// The event, engagement or change that a trigger is; null when it is unknown (reported).
const graph::EventType* check_trigger(const World& world, const ast::Trigger& trigger,
                                      Report& report);
// The name of its event, known or not.
std::string name_of(const ast::Trigger& trigger);
// What must hold of the event at hand: that it is about the messages that are `meant`,
// if it is an engagement, and what `where` says. kNoExpr when nothing has to.
graph::ExprId check_trigger_condition(ExpressionContext& expressions, Scope scope,
                                      const ast::Trigger& trigger, const graph::EventType* event,
                                      MessagesMeant meant);
// A condition that is looked at again whenever something changes.
graph::ExprId check_standing_condition(ExpressionContext& expressions, const Scope& scope,
                                       const ast::Expr& condition);
// The moment of `wait until` and `schedule around`.
Typed check_moment(StepContext& context, const ast::Expr& moment);
// Does `missing` have to be said? Reports when it has and is not.
void need_missing(StepContext& context, const Typed& moment, const ast::Expr& expr, bool has_up_to,
                  bool has_missing, Span step);
// Values against declared fields: unknown, doubled, absent and ill-typed ones are
// reported. `extra` may supply fields that `given` does not.
graph::ExprId check_contract(StepContext& context, const ast::Map* given, const ast::Map* extra,
                             const std::vector<graph::TypedField>& contract, std::string_view kind,
                             std::string_view owner, Span place);

}  // namespace sojourn::dsl
