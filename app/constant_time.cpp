#include "app/constant_time.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "base/check.h"

namespace sojourn::app {
namespace {

// Fetched once: looking an algorithm up costs more than hashing a key with it.
const EVP_MD* algorithm() {
  static EVP_MD* const kSha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return kSha256;
}

}  // namespace

KeyDigest digest_of(std::string_view key) {
  KeyDigest digest{};
  unsigned int size = 0;
  const int ok = EVP_Digest(key.data(), key.size(), digest.data(), &size, algorithm(), nullptr);
  SOJOURN_CHECK(ok == 1 && size == digest.size(), "SHA-256 is always there");
  return digest;
}

bool are_same(const KeyDigest& a, const KeyDigest& b) {
  return CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace sojourn::app
