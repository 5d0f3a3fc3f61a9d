#include "runtime/leaving_names.h"

#include <utility>

#include "base/bytes.h"
#include "runtime/turn_context.h"

namespace sojourn::runtime {
namespace {

using store::Identity;

constexpr std::uint8_t kFormat = 1;
constexpr std::string_view kCounter = "erasures_leaving";

// As what the name is kept.
Identity kept(const Identity& name) {
  const bool is_email = name.kind == Identity::Kind::kEmail;
  return {is_email ? Identity::Kind::kLeavingEmail : Identity::Kind::kLeavingUserId, name.value};
}

store::RowKey row_of(store::UserId queue) {
  return {queue, store::RowKind::kLeaving, 0};
}

}  // namespace

base::Status LeavingQueues::load(store::Store& store) {
  const auto counters = store.counters();
  if (!counters) return tl::unexpected(counters.error());
  for (const auto& [name, value] : *counters) {
    if (name == kCounter) count_ = value;
  }
  return {};
}

void LeavingQueues::changed(int by, TurnRecord& record) {
  count_ += by;
  record.count(kCounter, by);
}

bool LeavingNames::any() const {
  return context_.leaving.any() || !queues_.empty();
}

LeavingNames::Mark& LeavingNames::mark(const Identity& name) {
  const auto [place, is_new] = marks_.try_emplace(name);
  if (!is_new || !context_.leaving.any()) return place->second;
  store::ReadSet read;
  read.identities.push_back(kept(name));
  const auto loaded = context_.store.load(read);
  if (loaded) {
    place->second = {loaded->identities[0], loaded->identities[0]};
  } else {
    status_ = tl::unexpected(loaded.error());
  }
  return place->second;
}

LeavingNames::Queue& LeavingNames::queue(store::UserId id) {
  const auto [place, is_new] = queues_.try_emplace(id);
  if (!is_new || !context_.leaving.any()) return place->second;
  const store::RowKey row = row_of(id);
  const auto rows = context_.store.rows(row.user, row.kind, 1);
  if (!rows) {
    status_ = tl::unexpected(rows.error());
  } else if (!rows->empty()) {
    auto names = decode_names(rows->front().body);
    if (names) {
      place->second = {std::move(*names), true, false};
    } else {
      status_ = tl::unexpected(names.error());
    }
  }
  return place->second;
}

std::vector<store::UserId> LeavingNames::queues_of(std::span<const Identity> names) {
  std::vector<store::UserId> queues;
  if (!any()) return queues;
  for (const Identity& name : names) {
    const Mark& of = mark(name);
    if (of.now && std::ranges::find(queues, *of.now) == queues.end()) queues.push_back(*of.now);
  }
  return queues;
}

void LeavingNames::add(std::span<const Identity> names, store::UserId queue) {
  Queue& into = this->queue(queue);
  for (const Identity& name : names) {
    Mark& of = mark(name);
    if (of.now == queue) continue;
    if (of.now) {
      Queue& before = this->queue(*of.now);
      before.changed |= before.names.erase(name) > 0;
    }
    of.now = queue;
    into.changed |= into.names.insert(name).second;
  }
}

std::set<Identity> LeavingNames::names_of(store::UserId queue) {
  return any() ? this->queue(queue).names : Names();
}

void LeavingNames::emptied(std::span<const store::UserId> queues) {
  if (!any()) return;
  for (const store::UserId id : queues) {
    Queue& of = queue(id);
    for (const Identity& name : of.names) mark(name).now.reset();
    of.changed |= !of.names.empty();
    of.names.clear();
  }
}

void LeavingNames::write_to(TurnRecord& record) const {
  store::Commit& commit = record.commit;
  for (const auto& [name, of] : marks_) {
    if (of.now == of.stored) continue;
    if (of.now) {
      commit.put_identities.emplace_back(kept(name), *of.now);
    } else {
      commit.remove_identities.push_back(kept(name));
    }
  }
  for (const auto& [id, of] : queues_) {
    if (!of.changed) continue;
    const bool is_kept = !of.names.empty();
    if (is_kept != of.stored) context_.leaving.changed(is_kept ? 1 : -1, record);
    if (is_kept) {
      commit.put_rows.push_back({row_of(id), encode_names(of.names)});
    } else if (of.stored) {
      commit.remove_rows.push_back(row_of(id));
    }
  }
}

std::string encode_names(const std::set<Identity>& names) {
  base::ByteWriter out;
  out.u8(kFormat);
  out.varint(names.size());
  for (const Identity& name : names) {
    out.u8(static_cast<std::uint8_t>(name.kind));
    out.string(name.value);
  }
  return out.take();
}

base::Result<std::set<Identity>> decode_names(std::string_view bytes) {
  base::ByteReader in(bytes);
  std::set<Identity> names;
  const std::uint8_t format = in.u8();
  const std::size_t count = in.count();
  bool fits = true;
  for (std::size_t i = 0; i < count && in.ok(); ++i) {
    const std::uint8_t kind = in.u8();
    fits &= kind == static_cast<std::uint8_t>(Identity::Kind::kEmail) ||
            kind == static_cast<std::uint8_t>(Identity::Kind::kUserId);
    names.insert({static_cast<Identity::Kind>(kind), std::string(in.string())});
  }
  if (format != kFormat || !fits || !in.ok() || !in.at_end()) {
    return base::failure(base::Error::Kind::kFatal, "the names of an erasure cannot be read",
                         "the database is damaged or was written by a newer version");
  }
  return names;
}

}  // namespace sojourn::runtime
