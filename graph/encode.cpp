// The canonical form of a graph.
//
//   graph       = varint encoding_version, string meaning, description
//   meaning     = string journey, list entry, list watched, list expr (one_per),
//                 reentry, while_enrolled, list exit, list expr (zone_chain),
//                 list expr (person_zone_chain), u8 priority, optional quiet,
//                 list goal, varint holdout, optional pace,
//                 list string (entry_fields), varint local_count, list expression,
//                 list step, ref first
//   description = string title, string owner
//
//   entry       = string event, ref where
//   watched     = ref entry, (u8 0, ref date, bool every_year, duration offset,
//                 bool before, optional minutes at | u8 1, ref condition
//                 | u8 2, day_rule, minutes at, ref condition
//                 | u8 3, instant at, ref condition)
//   day_rule    = enum kind, u8 weekdays, list date (except), u8 day_of_month
//   reentry     = u8 kind, duration, optional varint; while_enrolled = u8 kind, varint
//   exit        = u8 0, string event, ref where, string reason
//               | u8 1, ref condition, string reason, millis held
//   goal        = string name, string event, ref where, millis within, ref value,
//                 bool and_exit
//   pace        = varint most, millis per, optional millis up_to
//   quiet       = scope, minutes from, minutes to, u8 weekdays, list date, millis;
//   scope       = enum kind, enum medium, string message_type
//   expression  = u8 op, list ref (arguments), u8 members,
//                 [value constant] [string name] [varint slot] [list string names]
//                 [window] (bits 0 to 4 of `members` say which of the five follow; one
//                 that is left out is empty, and only an empty one is left out)
//   window      = enum kind, millis within, string since_step
//   step        = string identity, u8 kind, action
//   action      = the members of graph/step.h's structs, in their order, kinds
//                 numbered from 0 in the order of Step::action
//
//   ref         = varint: 0 for none (kNoExpr, kCompleted), otherwise 1 + index
//   list T      = varint count, then each T
//   optional T  = u8 0 | u8 1, T
//   variant     = u8 index, then the alternative
//   bool, enum  = u8 (Since, Op, Window::Kind, DayRule::Kind …: in the order they are
//                 declared)
//   millis      = signed varint; duration = three of them; minutes, date, instant
//                 (milliseconds since 1970) = signed varint
//
// varint, string: base/bytes.h; value: graph/value.h.
//
// The version's name hashes encoding_version and meaning. Title and owner do not
// change what happens to anybody, so they stand behind and are not hashed. Needs
// follow from the rest and are computed again by `decode`, which refuses whatever
// `encode` would have written differently: one graph has one encoding.
#include "graph/encode.h"

#include <concepts>
#include <fmt/core.h>
#include <limits>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

#include "base/bytes.h"
#include "graph/operation.h"
#include "graph/verify.h"

namespace sojourn::graph {
namespace {

// Every struct's members are listed once, by `describe`, for both directions: an
// archive that writes takes them const, one that reads fills them.
template <typename T, typename Struct>
concept A = std::same_as<std::remove_const_t<T>, Struct>;

void describe(auto& archive, A<EventEntry> auto& entry) {
  archive(entry.event, entry.where);
}

void describe(auto& archive, A<DateEntry> auto& rule) {
  archive(rule.date, rule.every_year, rule.offset, rule.before, rule.at);
}

void describe(auto& archive, A<WhenEntry> auto& rule) {
  archive(rule.condition);
}

void describe(auto& archive, A<ScheduleEntry> auto& rule) {
  archive(rule.day, rule.at, rule.condition);
}

void describe(auto& archive, A<OneTimeEntry> auto& rule) {
  archive(rule.at, rule.condition);
}

void describe(auto& archive, A<WatchedEntry> auto& watched) {
  archive(watched.entry, watched.rule);
}

void describe(auto& archive, A<ExitOnEvent> auto& rule) {
  archive(rule.event, rule.where, rule.reason);
}

void describe(auto& archive, A<ExitWhen> auto& rule) {
  archive(rule.condition, rule.reason, rule.held);
}

void describe(auto& archive, A<Send> auto& send) {
  archive(send.campaign, send.data, send.deadline, send.before, send.again, send.best_time,
          send.next, send.unreachable);
}

void describe(auto& archive, A<Wait> auto& wait) {
  archive(wait.duration, wait.at, wait.next);
}

void describe(auto& archive, A<WaitUntil> auto& wait) {
  archive(wait.time, wait.at, wait.up_to, wait.next, wait.past, wait.missing);
}

void describe(auto& archive, A<DayRule> auto& rule) {
  archive(rule.kind, rule.weekdays, rule.except, rule.day_of_month);
}

void describe(auto& archive, A<WaitUntilTime> auto& wait) {
  archive(wait.day, wait.from, wait.to, wait.next);
}

void describe(auto& archive, A<Repeat> auto& repeat) {
  archive.number(repeat.times);
  archive(repeat.until, repeat.body, repeat.next);
}

void describe(auto& archive, A<Collect> auto& collect) {
  archive(collect.event, collect.where, collect.length);
  archive.number(collect.slot);
  archive.number(collect.keep);
  archive(collect.fields, collect.next);
}

void describe(auto& archive, A<Call> auto& call) {
  archive(call.webhook, call.fields);
  archive.optional_number(call.bind);
  archive(call.up_to, call.next, call.otherwise);
}

void describe(auto& archive, A<EventArm> auto& arm) {
  archive(arm.event, arm.where);
  archive.optional_number(arm.bind);
  archive(arm.since, arm.since_step, arm.next);
}

void describe(auto& archive, A<ConditionArm> auto& arm) {
  archive(arm.condition, arm.next);
}

void describe(auto& archive, A<WaitFor> auto& wait) {
  archive(wait.arms, wait.up_to, wait.timeout);
}

void describe(auto& archive, A<Rung> auto& rung) {
  archive(rung.offset, rung.before, rung.at, rung.body);
}

void describe(auto& archive, A<Schedule> auto& schedule) {
  archive(schedule.around, schedule.up_to, schedule.rungs, schedule.next, schedule.missing);
}

void describe(auto& archive, A<Branch> auto& branch) {
  archive(branch.arms, branch.otherwise);
}

void describe(auto& archive, A<SplitArm> auto& arm) {
  archive(arm.name);
  archive.number(arm.share);
  archive(arm.next);
}

void describe(auto& archive, A<SplitMeasure> auto& measure) {
  archive(measure.kind);
  archive.number(measure.goal);
  archive(measure.within);
}

void describe(auto& archive, A<SplitDecision> auto& decision) {
  archive.number(decision.after);
  archive.number(decision.confidence);
}

void describe(auto& archive, A<Split> auto& split) {
  archive(split.name, split.unit, split.arms, split.measure, split.decide);
}

void describe(auto& archive, A<Let> auto& let) {
  archive.number(let.slot);
  archive(let.value, let.next);
}

void describe(auto& archive, A<UpdateUser> auto& update) {
  archive(update.fields, update.next);
}

void describe(auto& archive, A<Track> auto& track) {
  archive(track.event, track.fields, track.next);
}

void describe(auto& archive, A<Start> auto& start) {
  archive(start.journey, start.fields, start.next);
}

void describe(auto& archive, A<ChangeList> auto& change) {
  archive(change.list, change.joins, change.next);
}

void describe(auto& archive, A<ChangeSubscription> auto& change) {
  archive(change.message_types, change.subscribes, change.next);
}

void describe(auto& archive, A<Exit> auto& exit) {
  archive(exit.reason);
}

void describe(auto& archive, A<Step> auto& step) {
  archive(step.identity, step.action);
}

void describe(auto& archive, A<Window> auto& window) {
  archive(window.kind, window.within, window.since_step);
}

void describe(auto& archive, A<Expression> auto& expression) {
  archive(expression.op, expression.arguments);
  archive.members(expression);
}

void describe(auto& archive, A<Reentry> auto& rule) {
  archive(rule.kind, rule.after);
  archive.optional_number(rule.times);
}

void describe(auto& archive, A<WhileEnrolled> auto& rule) {
  archive(rule.kind);
  archive.number(rule.times);
}

void describe(auto& archive, A<Goal> auto& goal) {
  archive(goal.name, goal.event, goal.where, goal.within, goal.value, goal.and_exit);
}

void describe(auto& archive, A<Pace> auto& pace) {
  archive.number(pace.most);
  archive(pace.per, pace.up_to);
}

void describe(auto& archive, A<SendScope> auto& scope) {
  archive(scope.kind, scope.medium, scope.message_type);
}

void describe(auto& archive, A<QuietHours> auto& quiet) {
  archive(quiet.scope, quiet.from, quiet.to, quiet.weekdays, quiet.dates, quiet.defer_up_to);
}

void describe(auto& archive, A<Graph> auto& graph) {
  archive(graph.journey, graph.entries, graph.watched, graph.one_per, graph.reentry,
          graph.while_enrolled, graph.exits, graph.zone_chain, graph.person_zone_chain,
          graph.priority, graph.quiet, graph.goals);
  archive.number(graph.holdout);
  archive(graph.pace, graph.entry_fields);
  archive.number(graph.local_count);
  archive(graph.expressions, graph.steps, graph.first);
}

constexpr std::uint8_t kHasConstant = 1;
constexpr std::uint8_t kHasName = 2;
constexpr std::uint8_t kHasSlot = 4;
constexpr std::uint8_t kHasNames = 8;
constexpr std::uint8_t kHasWindow = 16;

class Writer {
 public:
  void operator()(const auto&... members) { (write(members), ...); }
  void number(std::uint32_t v) { out_.varint(v); }
  void optional_number(const std::optional<std::uint32_t>& v) {
    write(v.has_value());
    if (v) number(*v);
  }
  void members(const Expression& e) {
    const bool has_constant = !e.constant.is_missing();
    const bool has_window = e.window != Window{};
    write(static_cast<std::uint8_t>((has_constant ? kHasConstant : 0) |
                                    (e.name.empty() ? 0 : kHasName) | (e.slot != 0 ? kHasSlot : 0) |
                                    (e.names.empty() ? 0 : kHasNames) |
                                    (has_window ? kHasWindow : 0)));
    if (has_constant) encode_value(e.constant, out_);
    if (!e.name.empty()) write(e.name);
    if (e.slot != 0) number(e.slot);
    if (!e.names.empty()) write(e.names);
    if (has_window) write(e.window);
  }
  std::string take() { return out_.take(); }

 private:
  void write(const std::string& v) { out_.string(v); }
  void write(bool v) { out_.u8(v ? 1 : 0); }
  void write(std::uint8_t v) { out_.u8(v); }
  void write(Op v) { out_.u8(static_cast<std::uint8_t>(v)); }
  void write(Since v) { out_.u8(static_cast<std::uint8_t>(v)); }
  void write(Window::Kind v) { out_.u8(static_cast<std::uint8_t>(v)); }
  void write(DayRule::Kind v) { out_.u8(static_cast<std::uint8_t>(v)); }
  void write(Reentry::Kind v) { out_.u8(static_cast<std::uint8_t>(v)); }
  void write(WhileEnrolled::Kind v) { out_.u8(static_cast<std::uint8_t>(v)); }
  void write(Priority v) { out_.u8(static_cast<std::uint8_t>(v)); }
  void write(SendScope::Kind v) { out_.u8(static_cast<std::uint8_t>(v)); }
  void write(SplitMeasure::Kind v) { out_.u8(static_cast<std::uint8_t>(v)); }
  void write(Medium v) { out_.u8(static_cast<std::uint8_t>(v)); }
  void write(Date v) { out_.signed_varint(v.days); }
  // A reference: none is the largest number, which wraps to 0.
  void write(std::uint32_t v) { out_.varint(v + 1); }
  void write(base::Millis v) { out_.signed_varint(v.count); }
  void write(base::Instant v) { out_.signed_varint(v.millis); }
  void write(TimeOfDay v) { out_.signed_varint(v.minutes); }
  void write(const Duration& v) {
    out_.signed_varint(v.months);
    out_.signed_varint(v.days);
    out_.signed_varint(v.millis);
  }
  template <typename T>
  void write(const std::optional<T>& v) {
    write(v.has_value());
    if (v) write(*v);
  }
  template <typename T>
  void write(const std::vector<T>& v) {
    out_.varint(v.size());
    for (const T& item : v) write(item);
  }
  template <typename... Ts>
  void write(const std::variant<Ts...>& v) {
    out_.u8(static_cast<std::uint8_t>(v.index()));
    std::visit([&](const auto& alternative) { write(alternative); }, v);
  }
  template <typename Struct>
  void write(const Struct& v) {
    describe(*this, v);
  }

  base::ByteWriter out_;
};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : in_(bytes) {}

  void operator()(auto&... members) { (read(members), ...); }
  void number(std::uint32_t& v) { v = narrow<std::uint32_t>(in_.varint()); }
  void optional_number(std::optional<std::uint32_t>& v) {
    bool present = false;
    read(present);
    if (present) number(v.emplace());
  }
  void members(Expression& e) {
    const std::uint8_t members = in_.u8();
    if (members >= 2 * kHasWindow) in_.fail();
    if ((members & kHasConstant) != 0) e.constant = decode_value(in_);
    if ((members & kHasName) != 0) read(e.name);
    if ((members & kHasSlot) != 0) number(e.slot);
    if ((members & kHasNames) != 0) read(e.names);
    if ((members & kHasWindow) != 0) read(e.window);
  }
  bool finished() const { return in_.ok() && in_.at_end(); }

 private:
  template <typename To, typename From>
  To narrow(From v) {
    if (!std::in_range<To>(v)) {
      in_.fail();
      return 0;
    }
    return static_cast<To>(v);
  }
  template <typename Enum>
  void read_enum(Enum& v, std::size_t count) {
    const std::uint8_t index = in_.u8();
    if (index >= count) return in_.fail();
    v = static_cast<Enum>(index);
  }

  void read(std::string& v) { v = in_.string(); }
  void read(bool& v) {
    const std::uint8_t byte = in_.u8();
    if (byte > 1) in_.fail();
    v = byte == 1;
  }
  void read(Op& v) { read_enum(v, kOpCount); }
  void read(Since& v) { read_enum(v, static_cast<std::size_t>(Since::kStep) + 1); }
  void read(Window::Kind& v) {
    read_enum(v, static_cast<std::size_t>(Window::Kind::kThisEnrollment) + 1);
  }
  void read(DayRule::Kind& v) {
    read_enum(v, static_cast<std::size_t>(DayRule::Kind::kOfMonth) + 1);
  }
  void read(Reentry::Kind& v) { read_enum(v, static_cast<std::size_t>(Reentry::Kind::kAfter) + 1); }
  void read(WhileEnrolled::Kind& v) {
    read_enum(v, static_cast<std::size_t>(WhileEnrolled::Kind::kRestart) + 1);
  }
  void read(Priority& v) { read_enum(v, static_cast<std::size_t>(Priority::kHigh) + 1); }
  void read(SendScope::Kind& v) {
    read_enum(v, static_cast<std::size_t>(SendScope::Kind::kMessageType) + 1);
  }
  void read(SplitMeasure::Kind& v) {
    read_enum(v, static_cast<std::size_t>(SplitMeasure::Kind::kGoal) + 1);
  }
  void read(Medium& v) { read_enum(v, static_cast<std::size_t>(Medium::kWhatsApp) + 1); }
  void read(Date& v) { v.days = narrow<std::int32_t>(in_.signed_varint()); }
  void read(std::uint8_t& v) { v = in_.u8(); }
  void read(std::uint32_t& v) { v = narrow<std::uint32_t>(in_.varint()) - 1; }
  void read(base::Millis& v) { v.count = in_.signed_varint(); }
  void read(base::Instant& v) { v.millis = in_.signed_varint(); }
  void read(TimeOfDay& v) { v.minutes = narrow<std::int32_t>(in_.signed_varint()); }
  void read(Duration& v) {
    v.months = narrow<std::int32_t>(in_.signed_varint());
    v.days = narrow<std::int32_t>(in_.signed_varint());
    v.millis = in_.signed_varint();
  }
  template <typename T>
  void read(std::optional<T>& v) {
    bool present = false;
    read(present);
    if (present) read(v.emplace());
  }
  template <typename T>
  void read(std::vector<T>& v) {
    const std::size_t count = in_.count();
    for (std::size_t i = 0; i < count && in_.ok(); ++i) read(v.emplace_back());
  }
  template <typename... Ts>
  void read(std::variant<Ts...>& v) {
    const std::size_t index = in_.u8();
    std::size_t alternative = 0;
    const bool known =
        ((index == alternative++ ? (read(v.template emplace<Ts>()), true) : false) || ...);
    if (!known) in_.fail();
  }
  template <typename Struct>
  void read(Struct& v) {
    describe(*this, v);
  }

  base::ByteReader in_;
};

std::string encode_meaning(const Graph& graph) {
  Writer writer;
  describe(writer, graph);
  base::ByteWriter out;
  out.varint(kEncodingVersion);
  out.string(writer.take());
  return out.take();
}

tl::unexpected<base::Error> damaged(std::string_view what) {
  return base::failure(base::Error::Kind::kInvalid,
                       fmt::format("not the encoding of a graph: {}", what));
}

}  // namespace

std::string encode(const Graph& graph) {
  base::ByteWriter description;
  description.string(graph.title);
  description.string(graph.owner);
  return encode_meaning(graph) + description.take();
}

Version version_of(const Graph& graph) {
  return base::stable_hash128(encode_meaning(graph));
}

base::Result<Graph> decode(std::string_view bytes) {
  if (bytes.size() > kMaxEncodedBytes) {
    return damaged(
        fmt::format("{} bytes are more than the limit of {}", bytes.size(), kMaxEncodedBytes));
  }
  base::ByteReader in(bytes);
  const std::uint64_t version = in.varint();
  if (in.ok() && version != kEncodingVersion) {
    return base::failure(
        base::Error::Kind::kInvalid,
        fmt::format("graph has encoding {}, this program reads {}", version, kEncodingVersion),
        "use the version of sojourn that wrote it, or a newer one");
  }
  Reader meaning(in.string());
  Graph graph;
  describe(meaning, graph);
  graph.title = in.string();
  graph.owner = in.string();
  if (!meaning.finished() || !in.ok() || !in.at_end()) return damaged("cut short, or changed");
  if (const base::Status valid = verify_structure(graph); !valid)
    return tl::unexpected(valid.error());
  if (encode(graph) != bytes) return damaged("not in canonical form");
  compute_needs(graph);
  return graph;
}

}  // namespace sojourn::graph
