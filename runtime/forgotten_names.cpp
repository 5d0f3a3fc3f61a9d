#include "runtime/forgotten_names.h"

#include <fmt/format.h>
#include <string_view>

#include "base/check.h"
#include "base/random.h"
#include "runtime/keyed_hash.h"
#include "runtime/turn_context.h"

namespace sojourn::runtime {
namespace {

using store::Identity;

constexpr const char* kKeySetting = "forgotten_names_key";
constexpr std::string_view kCounter = "forgotten_names";

}  // namespace

base::Status ForgottenNames::load(store::Store& store) {
  auto key = store.setting(kKeySetting);
  if (!key) return tl::unexpected(key.error());
  key_ = key->value_or("");
  const auto counters = store.counters();
  if (!counters) return tl::unexpected(counters.error());
  for (const auto& [name, value] : *counters) {
    if (name == kCounter) kept_ = value;
  }
  if (any() && key_.empty()) {
    return base::failure(
        base::Error::Kind::kFatal,
        fmt::format("{} names of forgotten people are kept, but the key that tells them is missing",
                    kept_),
        "the database is damaged; `sojourn fsck` says more, and docs/store.md what to do");
  }
  return {};
}

base::Status ForgottenNames::make_key(store::Store& store, base::Random& random) {
  if (!key_.empty()) return {};
  std::string key;
  for (int i = 0; i < 4; ++i) key += fmt::format("{:016x}", random.next());
  if (auto put = store.put_setting(kKeySetting, key); !put) return put;
  key_ = std::move(key);
  return {};
}

base::Status ForgottenNames::adopt_key(store::Store& store, const std::string& key) {
  if (key.empty() || key == key_) return {};
  if (!key_.empty()) {
    return base::failure(base::Error::Kind::kInvalid,
                         "its key is not that of this store's forgotten names",
                         "it belongs to another store; [store] erasure_ledger names the file");
  }
  if (auto put = store.put_setting(kKeySetting, key); !put) return put;
  key_ = key;
  return {};
}

Identity ForgottenNames::mark(const Identity& name) const {
  SOJOURN_CHECK(!key_.empty(), "the key is made with the first name");
  const bool is_email = name.kind == Identity::Kind::kEmail;
  return {is_email ? Identity::Kind::kForgottenEmail : Identity::Kind::kForgottenUserId,
          keyed_hash(key_, name.value)};
}

void ForgottenNames::changed(bool kept, TurnRecord& record) {
  const std::int64_t delta = kept ? 1 : -1;
  kept_ += delta;
  record.count(kCounter, delta);
}

}  // namespace sojourn::runtime
