// The part of Turn that carries out what operators say of journeys.
#include <algorithm>
#include <set>
#include <utility>
#include <variant>

#include "runtime/journey_clocks.h"
#include "runtime/operation_book.h"
#include "runtime/operation_report.h"
#include "runtime/program.h"
#include "runtime/turn.h"

namespace sojourn::runtime {

// What they say holds for all else that this turn does.
base::Status Turn::take_commands(const std::vector<ShardInput>& inputs) {
  for (const ShardInput& input : inputs) {
    if (const auto* done = std::get_if<CommandNote>(&input)) {
      context_.operations.note(*done, record_);
    }
    if (const auto* forget = std::get_if<ForgetCommand>(&input)) {
      if (auto asked = ask_forget(*forget); !asked) return asked;
    }
    const auto* command = std::get_if<JourneyCommand>(&input);
    if (command == nullptr) continue;
    auto report = command_report(*command, context_.program, context_.store,
                                 {context_.operations, context_.zones, record_.now});
    if (!report) return tl::unexpected(report.error());
    if (report->is_possible) context_.operations.apply(*command, report->detail, record_);
    record_.output.answers.push_back(std::move(report->answer));
  }
  return {};
}

base::Status Turn::ask_released(std::vector<store::UserId>& users) {
  auto released = context_.operations.release(context_.store, context_.settings.release_per_second,
                                              context_.settings.max_timers, record_);
  if (!released) return tl::unexpected(released.error());
  if (!released->empty()) did_something_ = true;
  for (const HeldBack& held : *released) {
    users.push_back(held.user);
    if (const auto* timer = std::get_if<store::TimerKey>(&held.what)) {
      released_timers_.push_back(*timer);
      continue;
    }
    const auto& key = std::get<base::Hash128>(held.what);
    auto deliveries = context_.store.deliveries_of(held.user);
    if (!deliveries) return tl::unexpected(deliveries.error());
    for (const store::Delivery& delivery : *deliveries) {
      // The place is void when what it was for has ended, or has left by another of its places.
      if (delivery.key.message != key || delivery.next_attempt != kHeldBack) continue;
      if (auto taken = outbox_.take_released(delivery); !taken) return taken;
    }
  }
  return {};
}

bool Turn::hold_timer(const Seat& seat, const store::TimerKey& timer) {
  const std::string& journey = seat.journey->graph.journey;
  if (!context_.operations.is_paused(journey)) return false;
  context_.operations.hold(journey, {timer.user, timer}, record_);
  held_timers_.push_back(timer);
  return true;
}

bool Turn::is_held_back(UserState& user) const {
  return std::ranges::any_of(user.seats(), [&](const Seat& seat) {
    const auto due = seat.enrollment.next_due();
    return due && *due <= record_.now && context_.operations.is_paused(seat.journey->graph.journey);
  });
}

// They go on in the order in which they were held back, and so of their due times.
void Turn::take_released_timers() {
  for (const store::TimerKey& timer : released_timers_) {
    UserState* user = users_.find(timer.user);
    Seat* seat = user == nullptr ? nullptr : user->find_seat(timer.enrollment);
    if (seat == nullptr) continue;
    // Its row has left the due index. If it is not due after all, by a clock that was set
    // back, it is put there again.
    if (seat->stored_due == timer.due) seat->stored_due.reset();
    runner_.timer_due(*user, timer.enrollment, timer.due);
  }
}

base::Status Turn::ask_sent_out(std::vector<store::UserId>& users) {
  if (!context_.operations.sends_anybody_out()) return {};
  auto next = context_.operations.next_to_send_out(context_.store, context_.settings.max_sent_out);
  if (!next) return tl::unexpected(next.error());
  sent_out_ = std::move(*next);
  users.insert(users.end(), sent_out_.begin(), sent_out_.end());
  // What changed is to be written, also when nobody is left.
  did_something_ = true;
  return {};
}

base::Status Turn::take_sent_out() {
  for (const store::UserId id : sent_out_) {
    UserState* user = users_.find(id);
    if (user == nullptr) continue;
    // Something else may have sent them out before.
    runner_.send_out(*user);
    auto deliveries = context_.store.deliveries_of(id);
    if (!deliveries) return tl::unexpected(deliveries.error());
    for (const store::Delivery& delivery : *deliveries) {
      if (!delivery.next_attempt) continue;
      if (auto taken = outbox_.take_back(delivery); !taken) return taken;
    }
  }
  return {};
}

// A row that the user's own rows take out already is not taken out twice.
void Turn::remove_held_timers() {
  auto& removed = record_.commit.remove_timers;
  const std::set<store::TimerKey> gone(removed.begin(), removed.end());
  for (const store::TimerKey& timer : held_timers_) {
    if (!gone.contains(timer)) removed.push_back(timer);
  }
}

}  // namespace sojourn::runtime
