#include "runtime/shard_thread.h"

#include <algorithm>
#include <chrono>
#include <pthread.h>
#include <utility>
#include <variant>

#include "runtime/intake_size.h"
#include "runtime/shard.h"

namespace sojourn::runtime {
namespace {

constexpr std::int64_t kLongestSleepMillis = 1'000;

base::Error stops() {
  return {base::Error::Kind::kUnavailable, "the daemon stops",
          "ask again when it has been started"};
}

// None for what is taken always.
ShardThread::Room needed_by(const ShardInput& input) {
  const auto* request = std::get_if<IntakeRequest>(&input);
  if (request == nullptr) return {};
  return {std::max<std::size_t>(request->items.size(), 1), bytes_of(*request)};
}

}  // namespace

ShardThread::ShardThread(Shard& shard, base::Clock& clock, Room room,
                         std::function<void(const base::Error&)> on_fatal,
                         std::function<void()> on_room)
    : shard_(shard),
      clock_(clock),
      room_(room),
      on_fatal_(std::move(on_fatal)),
      on_room_(std::move(on_room)) {}

ShardThread::~ShardThread() {
  stop();
}

void ShardThread::start() {
  shard_.measure_commits_by(clock_);
  shard_.call_before_publishing([this] { give_room_back(); });
  shard_.report(gauges_.shard);
  thread_ = std::thread([this] { run(); });
}

bool ShardThread::try_offer(ShardInput& input) {
  const Room needed = needed_by(input);
  const std::lock_guard lock(mutex_);
  if (stopping_) return false;
  const bool fits =
      waiting_.items + needed.items <= room_.items && waiting_.bytes + needed.bytes <= room_.bytes;
  if (needed.items > 0 && waiting_.items > 0 && !fits) {
    was_refused_ = true;
    return false;
  }
  waiting_.items += needed.items;
  waiting_.bytes += needed.bytes;
  rooms_.push_back(needed);
  mailbox_.push_back(std::move(input));
  if (mailbox_.size() == 1) changed_.notify_one();
  return true;
}

bool ShardThread::run_between_turns(Job job) {
  const std::lock_guard lock(mutex_);
  if (stopping_ || !takes_jobs_ || job_) return false;
  job_ = std::move(job);
  changed_.notify_one();
  return true;
}

void ShardThread::end_jobs() {
  const std::lock_guard lock(mutex_);
  takes_jobs_ = false;
  changed_.notify_one();
}

void ShardThread::wake() {
  const std::lock_guard lock(mutex_);
  changed_.notify_one();
}

void ShardThread::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    changed_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

ShardThread::State ShardThread::state() const {
  const std::lock_guard lock(mutex_);
  State state;
  state.waiting_items = waiting_.items;
  state.waiting_bytes = waiting_.bytes;
  state.idle = !busy_ && !has_work();
  state.next_wake = next_wake_;
  state.in_flight = in_flight_;
  state.turns = turns_;
  state.rounds = rounds_;
  return state;
}

ShardThread::Gauges ShardThread::gauges() const {
  const std::lock_guard lock(mutex_);
  return gauges_;
}

bool ShardThread::has_work() const {
  return !mailbox_.empty() || more_ || job_ || std::min(next_wake_, next_note_) <= clock_.wall();
}

bool ShardThread::wait_for_work(std::unique_lock<std::mutex>& lock) {
  busy_ = false;
  while (!has_work()) {
    if (stopping_) return false;
    const std::int64_t due_in = next_wake_.millis - clock_.wall().millis;
    changed_.wait_for(
        lock, std::chrono::milliseconds(std::clamp<std::int64_t>(due_in, 1, kLongestSleepMillis)));
    ++rounds_;
  }
  // Timers can wait for the next process; what was handed to us cannot.
  if (stopping_ && mailbox_.empty()) return false;
  busy_ = true;
  return true;
}

// Only this thread takes the job away, so it stays while the lock is not held.
void ShardThread::work_on_job(std::unique_lock<std::mutex>& lock) {
  if (!takes_jobs_) return give_up_job(lock, stops());
  lock.unlock();
  const bool is_done = job_->step();
  lock.lock();
  if (!is_done) return;
  job_.reset();
  more_ = true;  // it may have changed what is due
}

// None is taken on any more: the daemon is stopping.
void ShardThread::give_up_job(std::unique_lock<std::mutex>& lock, const base::Error& why) {
  if (!job_) return;
  const Job job = std::move(*job_);
  job_.reset();
  lock.unlock();
  job.give_up(why);
  lock.lock();
}

void ShardThread::give_room_back() {
  bool is_told = false;
  {
    const std::lock_guard lock(mutex_);
    while (rooms_.size() > inputs_.size() + mailbox_.size()) {
      waiting_.items -= rooms_.front().items;
      waiting_.bytes -= rooms_.front().bytes;
      rooms_.pop_front();
      is_told = std::exchange(was_refused_, false) || is_told;
    }
  }
  if (is_told && on_room_) on_room_();
}

void ShardThread::run() {
  pthread_setname_np(pthread_self(), kThreadName);
  std::unique_lock lock(mutex_);
  ShardGauges said;
  while (true) {
    if (inputs_.empty()) {
      if (!wait_for_work(lock)) break;
      inputs_.swap(mailbox_);
    }
    lock.unlock();
    const std::int64_t began = clock_.monotonic_millis();
    auto report = shard_.turn(inputs_, clock_.wall());
    const base::Millis took{clock_.monotonic_millis() - began};
    shard_.report(said);
    give_room_back();  // a turn that had nothing to publish
    lock.lock();
    ++turns_;
    ++rounds_;
    in_flight_ = shard_.in_flight();
    std::swap(gauges_.shard, said);
    gauges_.turns.add(took);
    if (!report) {
      stopping_ = true;
      give_up_job(lock, report.error());
      lock.unlock();
      on_fatal_(report.error());
      return;
    }
    more_ = report->busy;
    next_wake_ = report->next_wake;
    next_note_ = report->next_note;
    if (job_ && !stopping_) work_on_job(lock);
  }
  busy_ = false;
  give_up_job(lock, stops());
}

}  // namespace sojourn::runtime
