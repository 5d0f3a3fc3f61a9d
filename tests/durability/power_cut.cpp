#include "tests/durability/power_cut.h"

#include <fmt/format.h>
#include <optional>

#include "base/hash.h"
#include "runtime/store/sqlite_store.h"
#include "runtime/user_head.h"
#include "tests/durability/watched_shard.h"

namespace sojourn::durability {
namespace {

// More than a run has in flight.
constexpr std::size_t kMaxClaims = 10'000;

store::Identity identity(const std::string& email) {
  return {store::Identity::Kind::kEmail, email};
}

store::SeenEvent seen_event(const std::string& id) {
  // An id is looked for on every day, so the day does not matter.
  const std::uint64_t hash = base::stable_hash64(id);
  return {static_cast<std::uint16_t>(hash % store::kShardCount), 0, hash};
}

void check_claims(store::Store& store, const Promises& promises, std::vector<Broken>& broken) {
  std::map<store::DeliveryKey, std::uint32_t> attempts;
  for (const Claim& claim : claims_on_disk(store)) attempts[claim.key] = claim.record.attempts;
  for (const auto& [key, attempt] : promises.claims) {
    const auto found = attempts.find(key);
    if (found != attempts.end() && found->second == attempt) continue;
    broken.push_back({Promise::kSend, fmt::format("attempt {} of {} was handed out, and its claim "
                                                  "is not on disk",
                                                  attempt, key.message.hex())});
  }
}

void check_events(store::Store& store, const Promises& promises, std::vector<Broken>& broken) {
  store::ReadSet read;
  for (const std::string& id : promises.event_ids) read.seen.push_back(seen_event(id));
  const store::Loaded loaded = store.load(read).value();
  std::size_t place = 0;
  for (const std::string& id : promises.event_ids) {
    if (loaded.seen.at(place++)) continue;
    broken.push_back({Promise::kAnswer, fmt::format("{} was taken and is not on disk", id)});
  }
}

// What the head on disk says; nothing when there is no such person.
std::optional<std::int64_t> score_of(const std::vector<store::Row>& rows) {
  if (rows.empty()) return std::nullopt;
  const auto head = runtime::decode_user_head(rows.front().body).value();
  const runtime::ProfileField* field = head.find("score");
  return field == nullptr ? 0 : field->value.as_integer();
}

void check_people(store::Store& store, const Promises& promises, std::vector<Broken>& broken) {
  store::ReadSet who;
  for (const auto& [email, score] : promises.scores) who.identities.push_back(identity(email));
  const store::Loaded known = store.load(who).value();
  store::ReadSet read;
  // Nobody has number 0: somebody unknown is loaded as somebody without rows.
  for (const auto& user : known.identities) read.users.push_back(user.value_or(store::UserId{}));
  const store::Loaded loaded = store.load(read).value();
  std::size_t place = 0;
  for (const auto& [email, score] : promises.scores) {
    const auto found = score_of(loaded.users.at(place++));
    if (found && *found >= score) continue;
    broken.push_back(
        {Promise::kAnswer, fmt::format("{} was taken with score {}, and on disk is {}", email,
                                       score, found ? std::to_string(*found) : "nobody")});
  }
}

}  // namespace

std::vector<Claim> claims_on_disk(store::Store& store) {
  std::vector<Claim> claims;
  const auto claimed = store.claimed_deliveries({}, kMaxClaims).value();
  for (const store::Delivery& delivery : claimed) {
    claims.push_back({delivery.key, runtime::decode_delivery(delivery.body).value()});
  }
  return claims;
}

std::string restore(const store::PowerDisk::Image& image,
                    const store::ScratchDirectory& directory) {
  for (const auto& [path, bytes] : image) {
    store::write_file(directory.path() / std::filesystem::path(path).filename(), bytes);
  }
  return directory.file(kDatabaseName);
}

std::vector<Broken> broken_by_power_cut(const store::PowerDisk::Image& image,
                                        const Promises& promises) {
  const store::ScratchDirectory directory(store::ScratchDirectory::Place::kMemory);
  return broken_on_disk(restore(image, directory), promises);
}

std::vector<Broken> broken_on_disk(const std::string& path, const Promises& promises) {
  store::SqliteOptions options;
  options.path = path;
  const auto store = store::open_sqlite_store(options).value();
  std::vector<Broken> broken;
  check_claims(*store, promises, broken);
  check_events(*store, promises, broken);
  check_people(*store, promises, broken);
  return broken;
}

}  // namespace sojourn::durability
