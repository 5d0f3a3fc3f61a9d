// Keys that let senders and operators in: what each may do, and what is kept of it. Values; any
// thread.
//
// A key that `sojourn key new` makes is `sojourn_` and 64 hex digits: 256 bits of the system's
// entropy. Of it only the name, the scopes and the SHA-256 are kept. Nobody guesses such a key from
// its hash, however fast the hash is; so there is no slow one, which would cost each request
// milliseconds. A self-made key is worth no more than what somebody thought of, so one that lacks
// this form is let in only where it stands in the clear: under [intake].
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "app/constant_time.h"
#include "base/civil.h"

namespace sojourn::app {

enum class Scope : std::uint8_t {
  kIngest,   // say what people did and what they are
  kRead,     // see what the daemon knows: metrics, status, people
  kOperate,  // command the daemon as an operator does
  kErase,    // have people erased
};
inline constexpr std::array kScopes{Scope::kIngest, Scope::kRead, Scope::kOperate, Scope::kErase};
std::string_view to_string(Scope scope);

class Scopes {
 public:
  Scopes() = default;
  void add(Scope scope) { bits_ |= bit(scope); }
  bool has(Scope scope) const { return (bits_ & bit(scope)) != 0; }
  bool empty() const { return bits_ == 0; }
  friend bool operator==(const Scopes&, const Scopes&) = default;

 private:
  static unsigned bit(Scope scope) { return 1U << static_cast<unsigned>(scope); }
  unsigned bits_ = 0;
};
// Their names with commas between.
std::string to_string(const Scopes& scopes);
// From such a text; nothing when it names none, or one that is unknown.
std::optional<Scopes> parse_scopes(std::string_view text);

struct AccessKey {
  std::string name;  // in metrics and answers; see is_key_name
  Scopes scopes;
  KeyDigest digest{};
  std::optional<base::CivilDay> made;
  // It stands in the clear under [intake], in whatever form its owner chose.
  bool self_made = false;
};

// As many as may be let in; two of a scope are enough to change one for the other.
inline constexpr std::size_t kMaxKeys = 64;
inline constexpr std::size_t kMaxKeyNameBytes = 64;
// That of the key under [intake], which no other can have.
inline constexpr std::string_view kIntakeKeyName = "[intake]";

// Lower-case letters, digits, `_` and `-`, beginning with a letter.
bool is_key_name(std::string_view name);

// A new one, from the system's entropy.
std::string new_access_key();
bool has_key_form(std::string_view key);

// 64 lower-case hex digits.
std::string to_hex(const KeyDigest& digest);
std::optional<KeyDigest> digest_from_hex(std::string_view text);

}  // namespace sojourn::app
