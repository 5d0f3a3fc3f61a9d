// A failed belief stops the process: continuing on a state the author thought
// impossible is how messages are doubled. Checks stay on in every build.
#pragma once

namespace sojourn::base {

// Prints the place and the belief to stderr, then aborts. Never returns.
[[noreturn]] void check_failed(const char* expression, const char* file, int line,
                               const char* belief);

}  // namespace sojourn::base

// `belief` says in words what was thought to hold.
#define SOJOURN_CHECK(expression, belief) \
  ((expression) ? static_cast<void>(0)    \
                : ::sojourn::base::check_failed(#expression, __FILE__, __LINE__, belief))
