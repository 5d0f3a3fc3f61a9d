// `Error` is bad news for the operator; `Result<T>` is a value or that news.
// (Bad news for the author of a journey is a dsl::Diagnostic, for a delivery a
// connectors::Outcome, and a bug is a failed SOJOURN_CHECK.)
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace sojourn::base {

struct Error {
  // What the caller can do about it.
  enum class Kind {
    kInvalid,      // the caller's input is wrong; the same call will fail again
    kNotFound,     // what was named does not exist
    kConflict,     // it exists, but in a state that forbids the call
    kUnavailable,  // try again later (busy, not reachable)
    kFatal,        // stop: durability or integrity can no longer be vouched for
  };

  Kind kind = Kind::kFatal;
  // Lower case, no full stop: what failed, where, and the cause.
  std::string message;
  // What to do; may be empty.
  std::string hint;
};

template <typename T>
using Result = tl::expected<T, Error>;
using Status = Result<void>;

inline tl::unexpected<Error> failure(Error::Kind kind, std::string message, std::string hint = {}) {
  return tl::unexpected<Error>(Error{kind, std::move(message), std::move(hint)});
}

}  // namespace sojourn::base
