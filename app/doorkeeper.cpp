#include "app/doorkeeper.h"

#include <algorithm>
#include <utility>

#include "app/basic_credentials.h"
#include "base/check.h"

namespace sojourn::app {
namespace {

std::optional<std::string> of_authorization(const uv::HttpRequest& request) {
  if (request.header_count("authorization") != 1) return std::nullopt;
  const std::string_view given = *request.header("authorization");
  constexpr std::string_view kBearer = "Bearer ";
  if (uv::equal_ignoring_case(given.substr(0, kBearer.size()), kBearer)) {
    return std::string(given.substr(kBearer.size()));
  }
  return request.path().starts_with("/v1/") ? basic_user(given) : std::nullopt;
}

}  // namespace

std::optional<std::string> presented_key(const uv::HttpRequest& request) {
  const std::size_t hyphened = request.header_count("api-key");
  const std::size_t count = hyphened + request.header_count("api_key");
  if (count > 1) return std::nullopt;
  if (count == 0) return of_authorization(request);
  return std::string(*request.header(hyphened == 1 ? "api-key" : "api_key"));
}

Doorkeeper::Doorkeeper(std::vector<AccessKey> keys) {
  replace(std::move(keys));
}

void Doorkeeper::replace(std::vector<AccessKey> keys) {
  SOJOURN_CHECK(keys.size() <= kMaxKeys + 1, "the reader of keys lets no more through");
  std::vector<Kept> next;
  for (AccessKey& key : keys) {
    Kept& kept = next.emplace_back(Kept{std::move(key)});
    const auto before = std::ranges::find(
        keys_, kept.key.name, [](const Kept& old) { return std::string_view(old.key.name); });
    if (before == keys_.end()) continue;
    kept.admitted = before->admitted;
    kept.without_scope = before->without_scope;
  }
  keys_ = std::move(next);
}

// Each is compared, also behind the one that fits, and none of the branches depends on which.
Doorkeeper::Kept* Doorkeeper::find(const std::string& given) {
  const KeyDigest digest = digest_of(given);
  const bool is_made = has_key_form(given);
  std::size_t found = keys_.size();
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    const unsigned fits = static_cast<unsigned>(are_same(keys_[i].key.digest, digest)) &
                          static_cast<unsigned>(is_made | keys_[i].key.self_made);
    const std::size_t mask = std::size_t{0} - fits;
    found = (i & mask) | (found & ~mask);
  }
  return found == keys_.size() ? nullptr : &keys_[found];
}

Doorkeeper::Answer Doorkeeper::ask(const uv::HttpRequest& request, Scope scope) {
  const auto given = presented_key(request);
  Kept* const kept = given ? find(*given) : nullptr;
  if (kept == nullptr) {
    ++unknown_;
    return {};
  }
  const bool may = kept->key.scopes.has(scope);
  ++(may ? kept->admitted : kept->without_scope);
  return {may ? Verdict::kAdmitted : Verdict::kWithoutScope, &kept->key};
}

bool Doorkeeper::knows(const uv::HttpRequest& request) {
  const auto given = presented_key(request);
  const bool is_known = given && find(*given) != nullptr;
  if (!is_known) ++unknown_;
  return is_known;
}

std::vector<Doorkeeper::Use> Doorkeeper::uses() const {
  std::vector<Use> out;
  for (const Kept& kept : keys_) out.push_back({kept.key.name, kept.admitted, kept.without_scope});
  return out;
}

}  // namespace sojourn::app
