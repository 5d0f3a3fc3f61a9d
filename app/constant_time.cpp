#include "app/constant_time.h"

#include <array>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "base/check.h"

namespace sojourn::app {
namespace {

using Digest = std::array<unsigned char, 32>;

// Fetched once: looking an algorithm up costs more than hashing a key with it.
const EVP_MD* algorithm() {
  static EVP_MD* const kSha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return kSha256;
}

Digest sha256(std::string_view text) {
  Digest digest{};
  unsigned int size = 0;
  const int ok = EVP_Digest(text.data(), text.size(), digest.data(), &size, algorithm(), nullptr);
  SOJOURN_CHECK(ok == 1 && size == digest.size(), "SHA-256 is always there");
  return digest;
}

}  // namespace

ExpectedKey::ExpectedKey(std::string_view key) : digest_(sha256(key)) {}

bool ExpectedKey::matches(std::string_view given) const {
  const Digest digest = sha256(given);
  return CRYPTO_memcmp(digest.data(), digest_.data(), digest.size()) == 0;
}

}  // namespace sojourn::app
