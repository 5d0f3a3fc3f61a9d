#include "tests/sim/agenda.h"

#include <algorithm>

namespace sojourn::sim {

void Agenda::after(base::Millis wait, Task task) {
  const base::Millis when{now_.count + std::max<std::int64_t>(wait.count, 0)};
  tasks_.emplace(std::pair(when, asked_++), std::move(task));
}

void Agenda::after(base::Millis wait, const std::shared_ptr<int>& life, Task task) {
  after(wait, [alive = std::weak_ptr<int>(life), task = std::move(task)] {
    if (!alive.expired()) task();
  });
}

std::optional<base::Millis> Agenda::next() const {
  if (tasks_.empty()) return std::nullopt;
  return tasks_.begin()->first.first;
}

bool Agenda::step(base::Millis until) {
  if (tasks_.empty() || tasks_.begin()->first.first > until) {
    now_ = std::max(now_, until);
    return false;
  }
  auto first = tasks_.extract(tasks_.begin());
  now_ = first.key().first;
  first.mapped()();
  return true;
}

}  // namespace sojourn::sim
