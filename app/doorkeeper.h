// Says of each request whether the key that it brings lets it do what it asks, and counts by the
// key's name what came of that. Lives on the loop's thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/access_key.h"
#include "runtime/uv/http_message.h"

namespace sojourn::app {

// The key of a request: `Api-Key` or `Api_Key`, as Iterable takes both; without those
// `Authorization: Bearer KEY`, or, below /v1/, the user's name of `Authorization: Basic`, as
// Segment's libraries write it. Nothing when there is none, or more than one of a kind.
std::optional<std::string> presented_key(const uv::HttpRequest& request);

class Doorkeeper {
 public:
  // At most kMaxKeys + 1.
  explicit Doorkeeper(std::vector<AccessKey> keys);
  // From now on these; what was counted of names that stay is kept.
  void replace(std::vector<AccessKey> keys);

  enum class Verdict { kAdmitted, kUnknownKey, kWithoutScope };
  struct Answer {
    Verdict verdict = Verdict::kUnknownKey;
    // Of the key that was brought; null when it is unknown. Until the next `replace`.
    const AccessKey* key = nullptr;
  };
  // As long for a wrong key as for a right one, whichever it is.
  Answer ask(const uv::HttpRequest& request, Scope scope);

  // Whether its key is known; a request with one is not counted yet.
  bool knows(const uv::HttpRequest& request);

  // Of one key, since the process began.
  struct Use {
    std::string name;
    std::uint64_t admitted = 0;
    std::uint64_t without_scope = 0;
  };
  std::vector<Use> uses() const;
  std::uint64_t unknown() const { return unknown_; }

 private:
  struct Kept {
    AccessKey key;
    std::uint64_t admitted = 0;
    std::uint64_t without_scope = 0;
  };
  Kept* find(const std::string& given);

  std::vector<Kept> keys_;
  std::uint64_t unknown_ = 0;
};

}  // namespace sojourn::app
