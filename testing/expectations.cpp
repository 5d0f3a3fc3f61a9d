#include "testing/expectations.h"

#include <algorithm>
#include <fmt/core.h>

#include "engine/operators.h"
#include "graph/expression_text.h"

namespace sojourn::testing {
namespace {

using Kind = Occurrence::Kind;
using Fields = Expectations::Fields;

bool is_same(const graph::Value& actual, const graph::Value& expected) {
  return actual.is_missing() ? expected.is_missing() : engine::equal(actual, expected);
}

// The first field that differs from what is expected of it.
const graph::Field* first_difference(const Fields& actual, const Fields& expected) {
  const auto differs = [&](const graph::Field& field) {
    return !is_same(graph::find_field(actual, field.first), field.second);
  };
  const auto found = std::ranges::find_if(expected, differs);
  return found == expected.end() ? nullptr : &*found;
}

std::string value_text(const graph::Value& value) {
  return value.is_missing() ? "missing" : graph::to_string(value);
}

std::string with_fields(std::string words, const Fields& fields) {
  const std::string text = fields_text(fields);
  return text.empty() ? words : words + " " + text;
}

}  // namespace

Expectations::Expectations(const TestProgram& program, JourneyIndex journey, World& world)
    : program_(program), journey_(journey), world_(world) {}

bool Expectations::is_own_send(const Occurrence& occurrence) const {
  return occurrence.kind == Kind::kSend && occurrence.journey == journey_ &&
         !occurrence.of_other_user;
}

bool Expectations::is_candidate(const Occurrence& o, const Wanted& wanted) const {
  return o.kind == wanted.kind && o.journey == wanted.journey && !o.of_other_user;
}

Expectations::Result Expectations::next_stretch() {
  for (std::size_t i = next_; i < journal().size(); ++i) {
    if (!is_own_send(journal()[i])) continue;
    return Mismatch{fmt::format("no line expects the send of `{}`", journal()[i].subject),
                    {i, "not expected"}};
  }
  next_ = journal().size();
  return std::nullopt;
}

Expectations::Result Expectations::find(const Wanted& wanted) {
  std::optional<std::size_t> near;
  for (std::size_t i = next_; i < journal().size(); ++i) {
    const Occurrence& o = journal()[i];
    if (is_candidate(o, wanted)) {
      const bool fits = (wanted.subject.empty() || o.subject == wanted.subject) &&
                        (wanted.detail.empty() || o.detail == wanted.detail) &&
                        first_difference(o.fields, wanted.fields) == nullptr;
      if (fits) {
        next_ = i + 1;
        return std::nullopt;
      }
      if (!near) near = i;
    }
    if (is_own_send(o)) return passed_over(i, wanted);
  }
  return not_found(near, wanted);
}

Expectations::Result Expectations::passed_over(std::size_t at, const Wanted& wanted) const {
  const Occurrence& sent = journal()[at];
  if (is_candidate(sent, wanted) && sent.subject == wanted.subject) return not_found(at, wanted);
  return Mismatch{fmt::format("expected {}, but `{}` was sent", wanted.words, sent.subject),
                  {at, "expected " + wanted.words}};
}

Expectations::Result Expectations::not_found(std::optional<std::size_t> near,
                                             const Wanted& wanted) const {
  if (!near) {
    return Mismatch{fmt::format("expected {}, but {}", wanted.words, whereabouts()),
                    {std::nullopt, "expected " + wanted.words}};
  }
  const Occurrence& o = journal()[*near];
  std::string message = "expected " + wanted.words;
  const graph::Field* differs = first_difference(o.fields, wanted.fields);
  if (wanted.subject == o.subject && wanted.detail == o.detail && differs != nullptr) {
    message += fmt::format(", but `{}` is {}", differs->first,
                           value_text(graph::find_field(o.fields, differs->first)));
  } else if (o.kind == Kind::kExited) {
    message += fmt::format(", but the exit is `{}`", o.detail);
  } else if (o.kind == Kind::kSkip && o.subject == wanted.subject) {
    message += fmt::format(", but it was skipped as `{}`", o.detail);
  } else {
    message += ", but found another";
  }
  return Mismatch{std::move(message), {near, "expected " + wanted.words}};
}

std::string Expectations::whereabouts() const {
  const std::string& name = program_.journeys()[journey_].graph().journey;
  const auto place = world_.user().place_in(journey_);
  if (place) {
    return fmt::format("they are at `{}`",
                       program_.journeys()[journey_].graph().steps[*place].identity);
  }
  if (world_.user().is_in(journey_)) return fmt::format("they are in the queue of `{}`", name);
  const auto exited =
      std::ranges::find_if(journal().rbegin(), journal().rend(), [&](const Occurrence& o) {
        return o.kind == Kind::kExited && o.journey == journey_ && !o.of_other_user;
      });
  if (exited != journal().rend()) return fmt::format("they have left as `{}`", exited->detail);
  return fmt::format("they are not in `{}`", name);
}

Expectations::Result Expectations::meet(const dsl::ExpectSend& line, const Fields& data) {
  return find({Kind::kSend,
               program_.journey(line.journey),
               line.campaign,
               {},
               data,
               with_fields(fmt::format("send {}", line.campaign), data)});
}

Expectations::Result Expectations::meet(const dsl::ExpectSkip& line, const Fields& none) {
  return find({Kind::kSkip, journey_, line.campaign, line.reason, none,
               fmt::format("skip {} as {}", line.campaign, line.reason)});
}

Expectations::Result Expectations::meet(const dsl::ExpectUpdate& /*line*/, const Fields& fields) {
  return find({Kind::kUpdate, journey_, {}, {}, fields, with_fields("update", fields)});
}

Expectations::Result Expectations::meet(const dsl::ExpectTrack& line, const Fields& fields) {
  return find({Kind::kTrack,
               journey_,
               line.event,
               {},
               fields,
               with_fields(fmt::format("track {}", line.event), fields)});
}

Expectations::Result Expectations::meet(const dsl::ExpectAt& line, const Fields& /*none*/) {
  const auto place = world_.user().place_in(journey_);
  const auto& steps = program_.journeys()[journey_].graph().steps;
  if (place && steps[*place].identity == line.step) return std::nullopt;
  return Mismatch{fmt::format("expected at {}, but {}", line.step, whereabouts()),
                  {std::nullopt, "expected at " + line.step}};
}

Expectations::Result Expectations::meet(const dsl::ExpectExit& line, const Fields& none) {
  return find({Kind::kExited,
               journey_,
               {},
               line.reason,
               none,
               line.reason.empty() ? "exit" : fmt::format("exit {}", line.reason)});
}

Expectations::Result Expectations::meet(const dsl::ExpectGoal& line, const Fields& none) {
  return find({Kind::kGoal, journey_, line.goal, {}, none, "goal " + line.goal});
}

Expectations::Result Expectations::meet(const dsl::ExpectIn& line, const Fields& /*none*/) {
  const bool is_in = world_.user().is_in(program_.journey(line.journey));
  if (is_in != line.negated) return std::nullopt;
  const std::string words = fmt::format("{} {}", line.negated ? "not in" : "in", line.journey);
  return Mismatch{
      fmt::format("expected {}, but they are {}in it", words, line.negated ? "" : "not "),
      {std::nullopt, "expected " + words}};
}

Expectations::Result Expectations::check_always() {
  for (; always_seen_ < journal().size(); ++always_seen_) {
    const Occurrence& o = journal()[always_seen_];
    if (!is_own_send(o)) continue;
    for (const dsl::AlwaysNotSend& never : not_send_) {
      if (o.subject != never.campaign) continue;
      return Mismatch{fmt::format("`{}` was sent", o.subject),
                      {always_seen_, "always not send " + never.campaign}};
    }
    sent_at_.push_back(o.at);
    for (const dsl::AlwaysAtMost& limit : at_most_) {
      // Like a cap, which is free again exactly `per` after a send.
      const auto in_window = std::ranges::count_if(
          sent_at_, [&](base::Instant sent) { return o.at - sent < limit.per; });
      if (in_window <= limit.sends) continue;
      return Mismatch{fmt::format("`{}` is send number {} in one window, where {} is the most",
                                  o.subject, in_window, limit.sends),
                      {always_seen_, fmt::format("always at most {}", limit.sends)}};
    }
  }
  return std::nullopt;
}

}  // namespace sojourn::testing
