// Format (building blocks: base/bytes.h). Steps stand as their numbers, instants
// as signed varint milliseconds after another instant of the row.
//
//   enrollment  u8 kFormat, version, varint parts, fixed64 unit high, fixed64 unit low,
//               entered_at after 1970, entry_created_at after entered_at,
//               varint entry_event, values entry_fields,
//               arrived_at after entered_at, step `at` (left out when it has ended),
//               then every part whose bit is set in `parts`, lowest bit first
//   version     fixed64 high, fixed64 low
//   values      varint count, the values (graph/value.h)
//   parts       1 exit reason: string
//               2 locals: values
//               4 timers: varint count, timers
//               8 used events: varint count, each a varint, after the one before
//              16 sends: varint count, (step, varint times)
//              32 schedules: varint count, (step, reached after entered_at,
//                 varint done, varint running rung + 1 or 0)
//              64 reached: varint count, (step, at after entered_at)
//             128 loops: varint count, (step, varint rounds)
//             256 measure: u8 (1 held out, 2 again, 4 open), varint goals met, varint
//                 count, (step of a split, varint arm), and if open: varint count, (step
//                 of a split, since after entered_at)
//             512 queued: nothing
//            1024 held: varint count, (varint rule, since after entered_at)
//            2048 clock followed: varint all, varint here, in milliseconds
//   timer       u8 purpose (0 wait, 1 rung, 8 condition, 16 place) | 2 has intent | 4 offset in
//               minutes, varint index of a rung (rungs only), due after arrived_at,
//               the intent if it has one
//   intent      signed varint: the local time read as UTC, less the due instant
//               (minutes if whole, else milliseconds), string zone, string tz_version
//
// Nothing else is accepted: no empty part, no trailing byte, no
// instant outside the years 1 to 9999.
#include "engine/enrollment_codec.h"

#include <fmt/core.h>
#include <limits>
#include <utility>

#include "base/bytes.h"
#include "base/check.h"

namespace sojourn::engine {
namespace {

using base::ByteReader;
using base::ByteWriter;
using base::Instant;
using graph::Value;

constexpr std::uint8_t kFormat = 2;
constexpr std::int64_t kFirstMillis = -62'135'596'800'000;  // 0001-01-01
constexpr std::int64_t kMillisPerDay = 86'400'000;
constexpr std::int64_t kMillisPerMinute = 60'000;

enum Part : std::uint16_t {
  kExitReason = 1,
  kLocals = 2,
  kTimers = 4,
  kUsedEvents = 8,
  kSends = 16,
  kSchedules = 32,
  kReached = 64,
  kLoops = 128,
  kMeasure = 256,
  kQueued = 512,
  kHeld = 1024,
  kClockFollowed = 2048,
};
constexpr std::uint64_t kAllParts = 4095;

constexpr std::uint8_t kHeldOut = 1;
constexpr std::uint8_t kAgain = 2;
constexpr std::uint8_t kOpen = 4;

constexpr std::uint8_t kIsRung = 1;
constexpr std::uint8_t kHasIntent = 2;
constexpr std::uint8_t kOffsetInMinutes = 4;
constexpr std::uint8_t kIsCondition = 8;
constexpr std::uint8_t kIsPlace = 16;

std::uint8_t purpose_bits(Timer::Purpose purpose) {
  switch (purpose) {
    case Timer::Purpose::kWait:
      return 0;
    case Timer::Purpose::kRung:
      return kIsRung;
    case Timer::Purpose::kPlace:
      return kIsPlace;
    case Timer::Purpose::kCondition:
      return kIsCondition;
  }
  return 0;
}

// How far the intent's reading, taken for UTC, is ahead of the due instant: the
// zone's offset, but where the reading falls into a gap.
std::int64_t offset_millis(const Intent& intent, Instant due) {
  return intent.local.day * kMillisPerDay + intent.local.millis - due.millis;
}

calendar::LocalTime local_time(Instant due, std::int64_t offset) {
  const std::int64_t reading = due.millis + offset;
  const std::int64_t in_day = ((reading % kMillisPerDay) + kMillisPerDay) % kMillisPerDay;
  return {static_cast<std::int32_t>((reading - in_day) / kMillisPerDay),
          static_cast<std::int32_t>(in_day)};
}

class Writer {
 public:
  Writer(const Enrollment& enrollment, const StepNumbers& numbers)
      : enrollment_(enrollment), numbers_(numbers) {}

  std::string write() {
    const Enrollment& e = enrollment_;
    out_.u8(kFormat);
    out_.fixed64(e.version.high);
    out_.fixed64(e.version.low);
    out_.varint(parts());
    out_.fixed64(e.unit.high);
    out_.fixed64(e.unit.low);
    out_.signed_varint(e.entered_at.millis);
    after(e.entry_created_at, e.entered_at);
    out_.varint(e.entry_event);
    values(e.entry_fields);
    after(e.arrived_at, e.entered_at);
    if (e.exit_reason) {
      out_.string(*e.exit_reason);
    } else {
      step(e.at);
    }
    if (!e.locals.empty()) values(e.locals);
    each(e.timers, [&](const Timer& t) { timer(t); });
    std::uint64_t last = 0;
    each(e.used_events, [&](std::uint64_t event) {
      out_.varint(event - last);
      last = event;
    });
    each(e.sends, [&](const SendCount& s) {
      step(s.step);
      out_.varint(s.times);
    });
    each(e.schedules, [&](const ScheduleState& s) { schedule(s); });
    each(e.reached, [&](const StepReached& r) {
      step(r.step);
      after(r.at, e.entered_at);
    });
    each(e.loops, [&](const LoopState& l) {
      step(l.step);
      out_.varint(l.rounds);
    });
    if (e.measure != Measure{}) measure(e.measure);
    each(e.held, [&](const HeldSince& h) {
      out_.varint(h.rule);
      after(h.since, e.entered_at);
    });
    if (e.clock_followed != ClockFollowed{}) clock_followed(e.clock_followed);
    return out_.take();
  }

 private:
  std::uint16_t parts() const {
    const Enrollment& e = enrollment_;
    return static_cast<std::uint16_t>(
        (e.exit_reason ? kExitReason : 0) | (e.locals.empty() ? 0 : kLocals) |
        (e.timers.empty() ? 0 : kTimers) | (e.used_events.empty() ? 0 : kUsedEvents) |
        (e.sends.empty() ? 0 : kSends) | (e.schedules.empty() ? 0 : kSchedules) |
        (e.reached.empty() ? 0 : kReached) | (e.loops.empty() ? 0 : kLoops) |
        (e.measure == Measure{} ? 0 : kMeasure) | (e.queued ? kQueued : 0) |
        (e.held.empty() ? 0 : kHeld) | (e.clock_followed == ClockFollowed{} ? 0 : kClockFollowed));
  }

  void after(Instant t, Instant origin) { out_.signed_varint(t.millis - origin.millis); }
  void step(graph::StepIndex index) { out_.varint(numbers_.number_of(index)); }

  template <typename Items, typename Write>
  void each(const Items& items, Write write) {
    if (items.empty()) return;
    out_.varint(items.size());
    for (const auto& item : items) write(item);
  }

  void values(const std::vector<Value>& items) {
    out_.varint(items.size());
    for (const Value& item : items) graph::encode_value(item, out_);
  }

  void timer(const Timer& t) {
    const std::int64_t offset = t.intent ? offset_millis(*t.intent, t.due) : 0;
    const bool in_minutes = offset % kMillisPerMinute == 0;
    out_.u8(static_cast<std::uint8_t>(purpose_bits(t.purpose) | (t.intent ? kHasIntent : 0) |
                                      (t.intent && in_minutes ? kOffsetInMinutes : 0)));
    if (t.purpose == Timer::Purpose::kRung) out_.varint(t.index);
    after(t.due, enrollment_.arrived_at);
    if (!t.intent) return;
    out_.signed_varint(in_minutes ? offset / kMillisPerMinute : offset);
    out_.string(t.intent->zone);
    out_.string(t.intent->tz_version);
  }

  void measure(const Measure& m) {
    out_.u8(static_cast<std::uint8_t>((m.held_out ? kHeldOut : 0) | (m.again ? kAgain : 0) |
                                      (m.open.empty() ? 0 : kOpen)));
    out_.varint(m.goals_met);
    out_.varint(m.arms.size());
    for (const ArmTaken& taken : m.arms) {
      step(taken.split);
      out_.varint(taken.arm);
    }
    each(m.open, [&](const OpenMeasure& open) {
      step(open.split);
      after(open.since, enrollment_.entered_at);
    });
  }

  void clock_followed(const ClockFollowed& followed) {
    out_.varint(static_cast<std::uint64_t>(followed.all.count));
    out_.varint(static_cast<std::uint64_t>(followed.here.count));
  }

  void schedule(const ScheduleState& s) {
    step(s.step);
    after(s.reached, enrollment_.entered_at);
    out_.varint(s.done);
    out_.varint(s.running ? std::uint64_t{*s.running} + 1 : 0);
  }

  const Enrollment& enrollment_;
  const StepNumbers& numbers_;
  ByteWriter out_;
};

graph::Version read_version(ByteReader& in) {
  if (in.u8() != kFormat) in.fail();
  const std::uint64_t high = in.fixed64();
  return {high, in.fixed64()};
}

// Fails its reader on anything the format does not allow; an unknown step is
// remembered, to be told apart.
class Reader {
 public:
  Reader(std::string_view bytes, const StepNumbers& numbers) : in_(bytes), numbers_(numbers) {}

  Enrollment read() {
    Enrollment& e = enrollment_;
    e.version = read_version(in_);
    const std::uint64_t parts = in_.varint();
    if (parts > kAllParts) in_.fail();
    e.unit.high = in_.fixed64();
    e.unit.low = in_.fixed64();
    e.entered_at = after(Instant{0});
    e.entry_created_at = after(e.entered_at);
    e.entry_event = in_.varint();
    e.entry_fields = values();
    e.arrived_at = after(e.entered_at);
    if ((parts & kExitReason) != 0) {
      e.exit_reason = std::string(in_.string());
      e.at = graph::kCompleted;
    } else {
      e.at = step();
    }
    if ((parts & kLocals) != 0) e.locals = some(values());
    if ((parts & kTimers) != 0) each(e.timers, [&] { return timer(); });
    std::uint64_t last = 0;
    if ((parts & kUsedEvents) != 0) each(e.used_events, [&] { return last += in_.varint(); });
    if ((parts & kSends) != 0) each(e.sends, [&] { return send(); });
    if ((parts & kSchedules) != 0) each(e.schedules, [&] { return schedule(); });
    if ((parts & kReached) != 0) each(e.reached, [&] { return reached(); });
    if ((parts & kLoops) != 0) each(e.loops, [&] { return loop(); });
    if ((parts & kMeasure) != 0) e.measure = measure();
    e.queued = (parts & kQueued) != 0;
    if ((parts & kHeld) != 0) each(e.held, [&] { return held(); });
    if ((parts & kClockFollowed) != 0) e.clock_followed = clock_followed();
    if (!in_.at_end()) in_.fail();
    return std::move(e);
  }

  bool ok() const { return in_.ok(); }
  std::optional<std::uint32_t> unknown_step() const { return unknown_step_; }

 private:
  Instant after(Instant origin) {
    Instant t;
    if (__builtin_add_overflow(in_.signed_varint(), origin.millis, &t.millis) ||
        t.millis < kFirstMillis || t > base::kNever) {
      in_.fail();
      return {};
    }
    return t;
  }

  std::uint32_t number() {
    const std::uint64_t v = in_.varint();
    if (v > std::numeric_limits<std::uint32_t>::max()) in_.fail();
    return static_cast<std::uint32_t>(v);
  }

  graph::StepIndex step() {
    const std::uint32_t number_of_step = number();
    const auto index = numbers_.step_of(number_of_step);
    if (!index && in_.ok() && !unknown_step_) unknown_step_ = number_of_step;
    return index.value_or(0);
  }

  template <typename Items>
  Items some(Items items) {
    if (items.empty()) in_.fail();
    return items;
  }

  template <typename Items, typename Read>
  void each(Items& items, Read read) {
    const std::size_t count = in_.count();
    if (count == 0) in_.fail();
    for (std::size_t i = 0; i < count && in_.ok(); ++i) items.push_back(read());
  }

  std::vector<Value> values() {
    std::vector<Value> items;
    const std::size_t count = in_.count();
    for (std::size_t i = 0; i < count && in_.ok(); ++i) items.push_back(graph::decode_value(in_));
    return items;
  }

  Timer::Purpose purpose(std::uint8_t bits) {
    switch (bits) {
      case 0:
        return Timer::Purpose::kWait;
      case kIsRung:
        return Timer::Purpose::kRung;
      case kIsCondition:
        return Timer::Purpose::kCondition;
      case kIsPlace:
        return Timer::Purpose::kPlace;
      default:
        in_.fail();
        return Timer::Purpose::kWait;
    }
  }

  Timer timer() {
    Timer t;
    const std::uint8_t head = in_.u8();
    constexpr std::uint8_t kIntentBits = kHasIntent | kOffsetInMinutes;
    t.purpose = purpose(static_cast<std::uint8_t>(head & ~kIntentBits));
    if ((head & kIntentBits) == kOffsetInMinutes) in_.fail();
    if (t.purpose == Timer::Purpose::kRung) t.index = number();
    t.due = after(enrollment_.arrived_at);
    if ((head & kHasIntent) != 0) t.intent = intent(t.due, (head & kOffsetInMinutes) != 0);
    return t;
  }

  Intent intent(Instant due, bool in_minutes) {
    Intent out;
    std::int64_t offset = in_.signed_varint();
    // A reading is never a fortnight away from its instant.
    constexpr std::int64_t kFurthest = 14 * kMillisPerDay;
    const std::int64_t unit = in_minutes ? kMillisPerMinute : 1;
    if (offset > kFurthest / unit || offset < -kFurthest / unit) {
      in_.fail();
      offset = 0;
    }
    out.local = local_time(due, offset * unit);
    out.zone = in_.string();
    out.tz_version = in_.string();
    return out;
  }

  SendCount send() {
    const graph::StepIndex index = step();
    return {index, number()};
  }

  ScheduleState schedule() {
    ScheduleState out;
    out.step = step();
    out.reached = after(enrollment_.entered_at);
    out.done = in_.varint();
    const std::uint32_t running = number();
    if (running > 64) in_.fail();
    if (running != 0) out.running = running - 1;
    return out;
  }

  StepReached reached() {
    const graph::StepIndex index = step();
    return {index, after(enrollment_.entered_at)};
  }

  LoopState loop() {
    const graph::StepIndex index = step();
    return {index, number()};
  }

  Measure measure() {
    Measure out;
    const std::uint8_t bits = in_.u8();
    if (bits > (kHeldOut | kAgain | kOpen)) in_.fail();
    out.held_out = (bits & kHeldOut) != 0;
    out.again = (bits & kAgain) != 0;
    out.goals_met = in_.varint();
    const std::size_t count = in_.count();
    for (std::size_t i = 0; i < count && in_.ok(); ++i) {
      const graph::StepIndex split = step();
      out.arms.push_back({split, number()});
    }
    if ((bits & kOpen) != 0) each(out.open, [&] { return open_measure(); });
    if (out == Measure{}) in_.fail();
    return out;
  }

  OpenMeasure open_measure() {
    const graph::StepIndex split = step();
    return {split, after(enrollment_.entered_at)};
  }

  HeldSince held() {
    const std::uint32_t rule = number();
    return {rule, after(enrollment_.entered_at)};
  }

  ClockFollowed clock_followed() {
    const std::uint64_t all = in_.varint();
    const std::uint64_t here = in_.varint();
    constexpr auto kLongest = static_cast<std::uint64_t>(base::kNever.millis);
    if (all == 0 || all > kLongest || here > all) {
      in_.fail();
      return {};
    }
    return {{static_cast<std::int64_t>(all)}, {static_cast<std::int64_t>(here)}};
  }

  ByteReader in_;
  const StepNumbers& numbers_;
  Enrollment enrollment_;
  std::optional<std::uint32_t> unknown_step_;
};

base::Error damaged() {
  return {base::Error::Kind::kFatal, "a stored enrollment is damaged",
          "restore the database from a backup"};
}

}  // namespace

StepNumbers::StepNumbers(std::vector<std::uint32_t> numbers) : numbers_(std::move(numbers)) {}

std::uint32_t StepNumbers::number_of(graph::StepIndex step) const {
  SOJOURN_CHECK(step < numbers_.size(), "every step of a graph has a number");
  return numbers_[step];
}

// A handful of numbers, looked through a few times a row: no index is worth it.
std::optional<graph::StepIndex> StepNumbers::step_of(std::uint32_t number) const {
  for (std::size_t i = 0; i < numbers_.size(); ++i) {
    if (numbers_[i] == number) return static_cast<graph::StepIndex>(i);
  }
  return std::nullopt;
}

std::string encode(const Enrollment& enrollment, const StepNumbers& numbers) {
  return Writer(enrollment, numbers).write();
}

base::Result<graph::Version> stored_version(std::string_view bytes) {
  ByteReader in(bytes);
  const graph::Version version = read_version(in);
  if (!in.ok()) return tl::unexpected(damaged());
  return version;
}

base::Result<Enrollment> decode(std::string_view bytes, std::uint64_t user, std::uint32_t number,
                                const StepNumbers& numbers) {
  Reader reader(bytes, numbers);
  Enrollment enrollment = reader.read();
  if (!reader.ok()) return tl::unexpected(damaged());
  if (const auto unknown = reader.unknown_step()) {
    return base::failure(
        base::Error::Kind::kConflict,
        fmt::format("a stored enrollment names step number {}, which its version does not have",
                    *unknown),
        "the table of step numbers belongs to another state of this database");
  }
  enrollment.user = user;
  enrollment.number = number;
  return enrollment;
}

}  // namespace sojourn::engine
